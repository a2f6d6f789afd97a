"""Networks: whose address a hit came from, as far as it tells people from machines.

The list is `networks.json`: IP to ASN data by DB-IP (https://db-ip.com), CC BY 4.0.
"""

import json
import socket
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from tracker.classify.asns import CLASS_OF_ASN

ELSEWHERE = ""  # an access provider, a company, or a network that nobody listed

_LONGEST_ADDRESS = 45  # an IPv6 address with an IPv4 one inside
_MAPPED = bytes(10) + b"\xff\xff"

# Ranges that their users say are theirs while somebody else announces them, so that the list has them elsewhere.
_NAMED_RANGES: Mapping[str, str] = {
    "209.222.80.0/21": "vendor-range:barracuda",  # Barracuda's mail gateway, announced by AWS
    "2a02:26f7::/32": "relay:akamai-privacy",  # Apple's egress list: iCloud Private Relay through Akamai
}


@dataclass(frozen=True, slots=True)
class _Ranges:
    """Ranges of one address family that do not overlap, in order."""

    starts: Sequence[int]
    ends: Sequence[int]
    classes: Sequence[str]

    def class_of(self, address: int) -> str:
        place = bisect_right(self.starts, address) - 1
        return self.classes[place] if place >= 0 and address <= self.ends[place] else ELSEWHERE


def network_of(ip: str | None) -> str:
    """The class of an address's network ("google", "hosting:aws", …); ELSEWHERE for all others and for no address."""
    return _class_of_packed(address_bytes(ip))


def network_of_asn(asn: int | None) -> str:
    """The class of a network by its number."""
    return CLASS_OF_ASN.get(asn or 0, ELSEWHERE)


def network_of_both(ip: str | None, asn: int | None) -> str:
    """The class by address and number together: whichever of them knows, and the address where both do.

    A range that a cloud announces for somebody else keeps its user's name.
    """
    return network_of(ip) or network_of_asn(asn)


def neighbourhood(ip: str | None) -> bytes:
    """The network around an address as strangers rarely share it: 24 bits of IPv4, 48 of IPv6; empty for no address."""
    packed = address_bytes(ip)
    return packed[: 3 if len(packed) == 4 else 6]


def household(ip: str | None) -> bytes:
    """The address as one household or office has it: all of IPv4, 64 bits of IPv6; empty for no address."""
    return address_bytes(ip)[:8]


def address_bytes(ip: str | None) -> bytes:
    """An address as its 4 or 16 bytes; empty for what is none."""
    return _packed(ip) if ip and len(ip) <= _LONGEST_ADDRESS else b""


@lru_cache(maxsize=4096)
def _packed(ip: str) -> bytes:
    """4 or 16 bytes, empty for what is no address; IPv4 in IPv6 clothes (`::ffff:`) is IPv4."""
    try:
        if ":" not in ip:
            return socket.inet_pton(socket.AF_INET, ip)
        packed = socket.inet_pton(socket.AF_INET6, ip)
    except (OSError, ValueError):
        return b""
    return packed[12:] if packed.startswith(_MAPPED) else packed


@lru_cache(maxsize=4096)
def _class_of_packed(packed: bytes) -> str:
    if not packed:
        return ELSEWHERE
    address = int.from_bytes(packed, "big")
    for size, start, end, name in _named_ranges():
        if size == len(packed) and start <= address <= end:
            return name
    return _networks()[len(packed)].class_of(address)


@lru_cache(maxsize=1)
def _named_ranges() -> Sequence[tuple[int, int, int, str]]:
    return tuple((*_bounds(block), name) for block, name in _NAMED_RANGES.items())


@lru_cache(maxsize=1)
def _networks() -> Mapping[int, _Ranges]:
    """The list, read at the first question, by length of the address in bytes."""
    text = files("tracker.classify").joinpath("networks.json").read_text()
    found: dict[int, list[tuple[int, int, str]]] = {4: [], 16: []}
    for name, blocks in json.loads(text)["classes"].items():
        for block in blocks:
            size, start, end = _bounds(block)
            found[size].append((start, end, name))
    return {size: _in_order(ranges) for size, ranges in found.items()}


def _bounds(block: str) -> tuple[int, int, int]:
    # By hand: `ipaddress` takes 0.1 s for the list, and the first hit would wait for it.
    address, _, bits = block.partition("/")
    packed = socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)
    start = int.from_bytes(packed, "big")
    return len(packed), start, start + (1 << (len(packed) * 8 - int(bits))) - 1


def _in_order(ranges: list[tuple[int, int, str]]) -> _Ranges:
    ranges.sort()
    return _Ranges(*(tuple(column) for column in zip(*ranges, strict=True)))
