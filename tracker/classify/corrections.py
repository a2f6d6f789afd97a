"""Corrections: what the sender said of a hit, or taught us about hits like it."""

import ipaddress
from functools import lru_cache

from tracker.classify.clients import client_of
from tracker.classify.evidence import Evidence
from tracker.classify.networks import address_bytes
from tracker.model import Cause, Correction


def said_of_this_hit(it: Evidence) -> Cause | None:
    """What the sender said last of this very hit, if anything."""
    return _latest([one for one in it.known.corrections if one.hit_id == it.hit.id])


def learnt(it: Evidence) -> Cause | None:
    """What the sender said last of hits from the same network with the same client, if anything."""
    if not it.known.corrections:
        return None
    client = client_of(it)
    return _latest([one for one in it.known.corrections if one.client == client and _covers(one.network, it.hit.ip)])


def _latest(corrections: list[Correction]) -> Cause | None:
    return max(corrections, key=lambda one: (one.at, one.hit_id)).cause if corrections else None


def _covers(network: str, ip: str | None) -> bool:
    packed, block = address_bytes(ip), _block(network)
    return block is not None and bool(packed) and ipaddress.ip_address(packed) in block


@lru_cache(maxsize=1024)
def _block(network: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(network, strict=False) if network else None
    except ValueError:
        return None
