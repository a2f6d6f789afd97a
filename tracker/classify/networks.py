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

ELSEWHERE = ""  # an access provider, a company, or a network that nobody listed

_MAPPED = bytes(10) + b"\xff\xff"

# Networks with a class, by the number under which they announce their addresses: for hits whose owner is looked up.
_CLASS_OF_ASN: Mapping[int, str] = {
    15169: "google",
    396982: "hosting:google-cloud",
    8070: "microsoft",
    8075: "microsoft",
    714: "apple",
    6185: "apple",
    36183: "relay:akamai-privacy",
    13335: "relay-or-cdn:cloudflare",
    54113: "relay-or-cdn:fastly",
    14618: "hosting:aws",
    16509: "hosting:aws",
    14061: "hosting:digitalocean",
    16276: "hosting:ovh",
    20473: "hosting:vultr",
    24940: "hosting:hetzner",
    63949: "hosting:linode",
    31898: "hosting:oracle",
    12876: "hosting:scaleway",
    51167: "hosting:contabo",
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
    packed = _packed(ip or "")
    if packed is None:
        return ELSEWHERE
    return _networks()[len(packed)].class_of(int.from_bytes(packed, "big"))


def network_of_asn(asn: int | None) -> str:
    """The class of a network by its number."""
    return _CLASS_OF_ASN.get(asn or 0, ELSEWHERE)


def _packed(ip: str) -> bytes | None:
    """An address as its 4 or 16 bytes; an IPv4 address in IPv6 clothes (`::ffff:`) is an IPv4 address."""
    try:
        if ":" not in ip:
            return socket.inet_pton(socket.AF_INET, ip)
        packed = socket.inet_pton(socket.AF_INET6, ip)
    except (OSError, ValueError):
        return None
    return packed[12:] if packed.startswith(_MAPPED) else packed


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
