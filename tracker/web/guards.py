"""Guards: whose word we take for where a request comes from, and where we are willing to send somebody."""

import ipaddress
import re
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import quote, urlsplit

from aiohttp import HttpVersion
from multidict import MultiMapping
from yarl import URL

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


class Fetch(Protocol):
    """The part of a request that becomes a hit. aiohttp's own requests are such, and so is what the lane reads."""

    @property
    def method(self) -> str: ...

    @property
    def raw_path(self) -> str: ...

    @property
    def version(self) -> HttpVersion: ...

    @property
    def keep_alive(self) -> bool: ...

    @property
    def remote(self) -> str | None: ...

    @property
    def headers(self) -> MultiMapping[str]: ...

    @property
    def raw_headers(self) -> Sequence[tuple[bytes, bytes]]: ...


ClientAddress = Callable[[Fetch], str | None]

_NOT_IN_A_WEB_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_ASCII_OF_AN_ADDRESS = "".join(map(chr, range(0x21, 0x7F)))


def client_address(trusted_proxies: Sequence[IpNetwork]) -> ClientAddress:
    """How to read a request's client address: from X-Forwarded-For only as far as proxies of ours wrote it."""

    def through_proxies(request: Fetch) -> str | None:
        return forwarded_address(request.remote, request.headers.getall("X-Forwarded-For", ()), trusted_proxies)

    def direct(request: Fetch) -> str | None:
        return plain_address(request.remote)

    return through_proxies if trusted_proxies else direct


def forwarded_address(peer: str | None, forwarded: Sequence[str], trusted: Sequence[IpNetwork]) -> str | None:
    """The first address from the right that is not a proxy of ours; None when a proxy of ours wrote no address.

    What stands further left was sent by the client, who may write anything.
    """
    hops = [hop for line in forwarded for hop in line.split(",")]
    address = _parsed(peer or "")
    while hops and address is not None and any(address in network for network in trusted):
        address = _parsed(hops.pop())
    return None if address is None else str(address)


def plain_address(peer: str | None) -> str | None:
    """A socket's address as people write it: an IPv4 client of an IPv6 socket is an IPv4 client."""
    if peer is None or ":" not in peer:
        return peer
    address = _parsed(peer)
    return None if address is None else str(address)


def safe_address(address: str) -> str | None:
    """A signed address as a Location header may carry it; None unless it plainly leads to a web page.

    A signature says that the address stood in a mail, not that it is harmless.
    """
    if _NOT_IN_A_WEB_ADDRESS.search(address):
        return None
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return None
        return address if address.isascii() else _in_ascii(address, parts.netloc)
    except ValueError:
        return None


def _in_ascii(address: str, netloc: str) -> str | None:
    host = URL(address).raw_host
    name, colon, port = netloc.rpartition(":") if re.search(r":\d*$", netloc) else (netloc, "", "")
    if host is None or not host.isascii():
        return None
    scheme, _, rest = address.partition(netloc)
    written = host if name else netloc
    return scheme + written + colon + port + quote(rest, safe=_ASCII_OF_AN_ADDRESS)


def _parsed(hop: str) -> IpAddress | None:
    text = hop.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
