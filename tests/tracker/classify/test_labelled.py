"""The rules against hits whose cause is known, as they were seen and a little changed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.tracker.classify.labelled import labelled_hits
from tracker.classify import Known, classify
from tracker.classify.labelled import Labelled
from tracker.model import Cause, Hit

PEOPLE = (Cause.HUMAN, Cause.LIKELY_HUMAN)


def _id(labelled: Labelled) -> str:
    return f"{labelled.hit.id}-{labelled.reason}"


def _person(labelled: Labelled) -> bool:
    return labelled.cause in PEOPLE


every_hit = pytest.mark.parametrize("labelled", labelled_hits(), ids=_id)


@every_hit
def test_people_count_and_nobody_else_does(labelled: Labelled) -> None:
    assert classify(labelled.hit, labelled.known).counts is _person(labelled)


@every_hit
def test_a_hit_is_explained_as_it_was_labelled(labelled: Labelled) -> None:
    verdict = classify(labelled.hit, labelled.known)

    assert (verdict.cause, verdict.reason) == (labelled.cause, labelled.reason)


# The small changes that a hit of the same kind may show. None may turn a machine into a person, or a person into one.


def _later_versions(hit: Hit) -> Hit:
    return _said(hit, lambda ua: re.sub(r"(?<=[a-z]/)\d{3}(?=\.)", _one_more, ua))


def _one_more(found: re.Match[str]) -> str:
    return str(int(found[0]) + 1)


def _later_minor_versions(hit: Hit) -> Hit:
    # Gmail's prefetch is told by its version, which has been the same for years.
    return hit if "Edge/12" in hit.ua else _said(hit, lambda ua: re.sub(r"(?<!Mozilla/\d)\.\d+(?=[ ;)]|$)", ".77", ua))


def _longer(hit: Hit) -> Hit:
    # Apple's relay and Gmail's prefetch are told by saying exactly what they say.
    exact = hit.ua == "Mozilla/5.0" or not hit.ua or hit.ua.endswith(("Mozilla/5.0", "like Gecko)", "Mobile/15E148"))
    return hit if exact else _said(hit, lambda ua: f"{ua} (build 7)")


def _loud(hit: Hit) -> Hit:
    return _said(hit, str.upper)


def _spaced(hit: Hit) -> Hit:
    return _said(hit, lambda ua: f"  {ua.replace(' ', '  ')} ")


def _next_door(hit: Hit) -> Hit:
    ip = hit.ip or ""
    return replace(hit, ip=f"{ip.rsplit('.', 1)[0]}.{int(ip.rsplit('.', 1)[1]) ^ 1}" if "." in ip else ip)


def _mapped(hit: Hit) -> Hit:
    return replace(hit, ip=f"::ffff:{hit.ip}" if hit.ip and "." in hit.ip else hit.ip)


def _turned_around(hit: Hit) -> Hit:
    return replace(hit, headers=dict(reversed(hit.headers.items())))


def _a_little_later(hit: Hit) -> Hit:
    return replace(hit, at=hit.at + timedelta(seconds=0.4))


def _a_header_more(hit: Hit) -> Hit:
    return replace(hit, headers={**hit.headers, "accept-encoding": "gzip, br", "connection": "keep-alive", "dnt": "1"})


def _said(hit: Hit, change: Callable[[str], str]) -> Hit:
    return replace(hit, headers={**hit.headers, "user-agent": change(hit.ua)})


CHANGES: Mapping[str, Callable[[Hit], Hit]] = {
    change.__name__: change
    for change in (
        _later_versions,
        _later_minor_versions,
        _longer,
        _loud,
        _spaced,
        _next_door,
        _mapped,
        _turned_around,
        _a_little_later,
        _a_header_more,
    )
}


@pytest.mark.parametrize("change", CHANGES)
def test_small_changes_turn_no_verdict_around(change: str) -> None:
    changed = [(labelled, CHANGES[change](labelled.hit)) for labelled in labelled_hits()]

    turned = [
        hit for labelled, hit in changed if classify(hit, _known_of(hit, labelled)).counts is not _person(labelled)
    ]

    assert turned == []


def _known_of(changed: Hit, labelled: Labelled) -> Known:
    """What is known of a changed hit: the same, and the same actor's other hits, changed alike."""
    if changed.ip == labelled.hit.ip and changed.ua == labelled.hit.ua:
        return labelled.known
    alike = [
        replace(one, hit=replace(one.hit, ip=changed.ip, headers=changed.headers))
        if one.hit.ip == labelled.hit.ip
        else one
        for one in (*labelled.known.prior, *labelled.known.around)
    ]
    prior = len(labelled.known.prior)
    own = frozenset([changed.ip or ""]) if labelled.known.sender_ips else frozenset[str]()
    return replace(labelled.known, prior=tuple(alike[:prior]), around=tuple(alike[prior:]), sender_ips=own)


@pytest.mark.parametrize("seconds", [-1.5, 1.5, 7.0])
@pytest.mark.parametrize(
    "labelled", [one for one in labelled_hits() if _person(one) and "prior" not in one.reason], ids=_id
)
def test_some_seconds_sooner_or_later_a_person_is_a_person(labelled: Labelled, seconds: float) -> None:
    moved = replace(labelled.hit, at=labelled.hit.at + timedelta(seconds=seconds))

    assert classify(moved, labelled.known).counts


@pytest.mark.parametrize("seconds", [1.5, 7.0])
@pytest.mark.parametrize("labelled", [one for one in labelled_hits() if one.cause is Cause.SCANNER], ids=_id)
def test_some_seconds_later_a_scanner_is_a_scanner(labelled: Labelled, seconds: float) -> None:
    moved = timedelta(seconds=seconds)
    beside = tuple(replace(one, hit=replace(one.hit, at=one.hit.at + moved)) for one in labelled.known.around)
    hit = replace(labelled.hit, at=labelled.hit.at + moved)

    assert classify(hit, replace(labelled.known, around=beside)).cause is Cause.SCANNER
