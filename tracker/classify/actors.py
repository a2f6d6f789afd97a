"""Actors: which hits were made by the same machine or person, and what they did together.

A hit counts against another only when the same actor made both: the same
address, or, where a cloud's machines change theirs, the same agent in the same
cloud. On a network that strangers share (a mail proxy, a relay, a company's
gateway) the address alone says nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from tracker.classify import agents
from tracker.classify.known import Known
from tracker.classify.networks import address_bytes, neighbourhood, network_of
from tracker.classify.thresholds import (
    ALL_LINKS_SECONDS,
    BURST_LINKS,
    BURST_SECONDS,
    FAN_OUT_COPIES,
    FAN_OUT_SECONDS,
    SAME_ACTOR_SECONDS,
    SAME_SECOND,
)
from tracker.model import Cause, Hit, HitKind, Judged

SHARED_ROOMS = ("relay", "apple", "corp-proxy:", "mailbox:", "google")
MACHINE_ROOMS = ("hosting:", "vendor", "microsoft")
# Verdicts on what a program says of itself: somebody else behind the same address may be a person.
_SAID_BY_ITSELF = ("method_", "ua_", "same_actor")

_Marks = Sequence[tuple[float, str]]


def same_actor(one: Hit, other: Hit) -> bool:
    """Whether one machine or person made both hits, as far as address and agent can tell."""
    address, room = address_bytes(one.ip), network_of(one.ip)
    alike = one.ua == other.ua and bool(one.ua)
    if address and address == address_bytes(other.ip):
        return alike or not room.startswith(SHARED_ROOMS)
    return alike and _is_direct(one) and bool(address) and _same_network(one, other, room)


def _is_direct(hit: Hit) -> bool:
    agent = agents.read(hit.ua)
    return not (agent.proxy or agent.bare or agent.stack or agent.gmail_prefetch)


def _same_network(one: Hit, other: Hit, room: str) -> bool:
    if room.startswith(MACHINE_ROOMS):
        return room == network_of(other.ip)
    return not room.startswith(SHARED_ROOMS) and neighbourhood(one.ip) == neighbourhood(other.ip)


def walks_links(hit: Hit, known: Known) -> bool:
    """Whether the hit is part of a walk through the links of a message, faster than people click."""
    clicks = [
        (_apart(one, hit), one.hit.link or "") for one in _near(hit, known, ALL_LINKS_SECONDS) if _clicked(one, hit)
    ]
    if not clicks:
        return False
    marks = [*clicks, (0.0, hit.link or "")]
    every = max(known.links_total, BURST_LINKS)
    return _crowded(marks, BURST_SECONDS, BURST_LINKS) or (
        known.links_total >= BURST_LINKS and _crowded(marks, ALL_LINKS_SECONDS, every)
    )


def takes_copies_at_once(hit: Hit, known: Known) -> bool:
    """Whether the same client fetched another copy of the message in the same second."""
    return any(
        one.hit.copy_id != hit.copy_id and one.hit.ua == hit.ua and same_actor(hit, one.hit)
        for one in _near(hit, known, SAME_SECOND)
    )


def fans_out(hit: Hit, known: Known) -> bool:
    """Whether one address fetched several recipients' copies within a minute."""
    address = address_bytes(hit.ip)
    marks = [
        (_apart(one, hit), one.hit.copy_id)
        for one in _near(hit, known, FAN_OUT_SECONDS)
        if address and address == address_bytes(one.hit.ip)
    ]
    return bool(marks) and _crowded([*marks, (0.0, hit.copy_id)], FAN_OUT_SECONDS, FAN_OUT_COPIES)


def follows_a_scanner(hit: Hit, known: Known) -> bool:
    """Whether the same actor was found to be a scanner on this message, minutes before or after."""
    return any(
        one.verdict.cause is Cause.SCANNER and _incriminates(one, hit) and same_actor(hit, one.hit)
        for one in _near(hit, known, SAME_ACTOR_SECONDS)
    )


def _incriminates(one: Judged, hit: Hit) -> bool:
    # A verdict that itself came from an actor would go on from hit to hit for ever.
    if one.verdict.reason.startswith("same_actor"):
        return False
    return one.hit.ua == hit.ua or not one.verdict.reason.startswith(_SAID_BY_ITSELF)


def _clicked(one: Judged, hit: Hit) -> bool:
    return one.hit.kind is HitKind.CLICK and same_actor(hit, one.hit)


def _near(hit: Hit, known: Known, seconds: float) -> Iterator[Judged]:
    seen, span = {hit.id}, timedelta(seconds=seconds)
    for one in (*known.around, *known.prior):
        if -span <= one.hit.at - hit.at <= span and one.hit.id not in seen:
            seen.add(one.hit.id)
            yield one


def _apart(one: Judged, hit: Hit) -> float:
    return (one.hit.at - hit.at).total_seconds()


def _crowded(marks: _Marks, span: float, enough: int) -> bool:
    """Whether some stretch of `span` seconds around the hit (at 0) holds `enough` different names."""
    ordered, names, first = sorted(marks), Counter[str](), 0
    for at, name in ordered:
        names[name] += 1
        while at - ordered[first][0] > span:
            names[ordered[first][1]] -= 1
            first += 1
        if ordered[first][0] <= 0 <= at and sum(1 for name, count in names.items() if name and count > 0) >= enough:
            return True
    return False
