"""Actors: bursts show in both directions, and nobody answers for a stranger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.makers import NOON, OUTLOOK, a_hit, a_judged, a_verdict, after
from tracker.classify import Known, classify
from tracker.classify.actors import same_actor
from tracker.model import Cause, Hit, HitKind, Judged

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:142.0) Gecko/20100101 Firefox/142.0"
NAVIGATION = {"user-agent": CHROME, "sec-fetch-mode": "navigate"}


def _click(seconds: float, link: str, **facts: object) -> Hit:
    made = a_hit(at=after(seconds), kind=HitKind.CLICK, copy_id="c1", headers=NAVIGATION, link=link)
    return replace(made, **facts)  # type: ignore[arg-type]


def _open(seconds: float, copy: str, agent: str = OUTLOOK, ip: str = "198.51.100.7") -> Hit:
    return a_hit(at=after(seconds), copy_id=copy, headers={"user-agent": agent}, ip=ip)


def _around(hit: Hit, hits: Sequence[Hit]) -> tuple[Judged, ...]:
    return tuple(a_judged(hit=one, verdict=a_verdict(cause=Cause.UNKNOWN, reason="")) for one in hits if one is not hit)


def _reasons(hits: Sequence[Hit], links_total: int = 0) -> list[str]:
    return [classify(hit, Known(NOON, around=_around(hit, hits), links_total=links_total)).reason for hit in hits]


def _scanned(hit: Hit, reason: str = "burst_links") -> Judged:
    return a_judged(hit=hit, verdict=a_verdict(cause=Cause.SCANNER, reason=reason))


def test_three_links_in_two_seconds_are_a_walk_from_the_first_to_the_last() -> None:
    assert _reasons([_click(300, "a"), _click(301, "b"), _click(302, "c")]) == ["burst_links"] * 3


def test_a_person_who_clicks_two_links_or_one_thrice_is_a_person() -> None:
    clicks = [_click(300, "a"), _click(301, "b"), _click(301.5, "a"), _click(303.1, "c")]

    assert _reasons(clicks) == ["browser_navigation"] * 4


def test_all_links_in_ten_seconds_are_a_walk() -> None:
    assert _reasons([_click(300, "a"), _click(304, "b"), _click(309, "c")], links_total=3) == ["burst_links"] * 3


def test_some_links_in_ten_seconds_are_a_person() -> None:
    assert "burst_links" not in _reasons([_click(300, "a"), _click(304, "b"), _click(309, "c")], links_total=4)


def test_two_copies_in_one_second_by_one_client_are_a_machine() -> None:
    assert _reasons([_open(300, "c1"), _open(300.8, "c2")]) == ["burst_links"] * 2


def test_two_colleagues_behind_one_address_are_two_people() -> None:
    assert (
        _reasons([_open(300, "c1"), _open(300.8, "c2", FIREFOX.replace("Firefox", "Thunderbird"))])
        == ["mail_client_ua"] * 2
    )


def test_one_address_that_loads_three_copies_in_a_minute_is_a_machine() -> None:
    assert _reasons([_open(300, "c1"), _open(320, "c2"), _open(355, "c3")]) == ["fan_out"] * 3


def test_a_mail_proxy_that_loads_three_copies_serves_three_readers() -> None:
    proxy = "YahooMailProxy; https://help.yahoo.com/"
    hits = [_open(seconds, f"c{seconds}", proxy, "98.136.0.1") for seconds in (300, 320, 355)]

    assert _reasons(hits) == ["yahoo_proxy_open"] * 3


def test_the_sender_looking_through_the_sent_folder_is_the_sender() -> None:
    hits = [_open(300, "c1"), _open(300.5, "c2"), _open(301, "c3")]
    known = Known(NOON, around=_around(hits[0], hits), sender_ips=frozenset(["198.51.100.7"]))

    assert classify(hits[0], known).reason == "self_ip"


@pytest.mark.parametrize("apart", [-800, 800])
def test_a_scanners_address_is_suspect_before_and_after(apart: float) -> None:
    hit = _click(2000, "a")
    scanner = _scanned(_click(2000 + apart, "b", headers={"user-agent": FIREFOX}))

    assert classify(hit, Known(NOON, around=(scanner,))).reason == "same_actor_as_scanner"


def test_a_scanners_address_is_forgiven_after_a_quarter_of_an_hour() -> None:
    scanner = _scanned(_click(300, "b"))

    assert classify(_click(1201, "a"), Known(NOON, around=(scanner,))).counts


@pytest.mark.parametrize("reason", ["method_head", "ua_library", "ua_scanner"])
def test_a_persons_own_programs_do_not_incriminate_their_browser(reason: str) -> None:
    probe = _scanned(_click(299, "a", headers={"user-agent": "Microsoft Office Existence Discovery"}), reason)

    assert classify(_click(300, "a"), Known(NOON, around=(probe,))).counts


def test_suspicion_does_not_spread_from_the_suspected() -> None:
    suspected = _scanned(_click(299, "b", headers={"user-agent": FIREFOX}), "same_actor_as_scanner")

    assert classify(_click(300, "a"), Known(NOON, around=(suspected,))).counts


def test_a_clouds_machines_are_one_actor_when_they_say_the_same() -> None:
    one, other = _click(300, "a", ip="3.5.140.2"), _click(301, "b", ip="18.208.22.9")

    assert same_actor(one, other)


_ips = st.sampled_from(["198.51.100.7", "198.51.100.8", "203.0.113.9", "66.102.9.1", "3.5.140.2", "18.208.22.9", None])
_agents = st.sampled_from([OUTLOOK, CHROME, FIREFOX, "", "curl/8", "Mozilla/5.0"])
_hits = st.builds(
    lambda seconds, kind, copy, ip, agent, link: a_hit(
        at=after(seconds), kind=kind, copy_id=copy, ip=ip, headers={**NAVIGATION, "user-agent": agent}, link=link
    ),
    seconds=st.floats(300, 320),
    kind=st.sampled_from(HitKind),
    copy=st.sampled_from(["c1", "c2", "c3", "c4"]),
    ip=_ips,
    agent=_agents,
    link=st.sampled_from(["a", "b", "c", "d"]),
)


@given(hits=st.lists(_hits, min_size=1, max_size=8), order=st.randoms(), links=st.integers(0, 5))
def test_the_order_in_which_hits_are_told_changes_nothing(hits: list[Hit], order: object, links: int) -> None:
    hit, others = hits[0], list(_around(hits[0], hits))
    shuffled = list(others)
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    told = classify(hit, Known(NOON, around=tuple(others), links_total=links))

    assert classify(hit, Known(NOON, around=tuple(shuffled), links_total=links)) == told


@given(hits=st.lists(_hits, min_size=2, max_size=8), scanned=st.booleans(), links=st.integers(0, 5))
def test_a_stranger_never_makes_a_verdict_worse(hits: list[Hit], scanned: bool, links: int) -> None:
    hit = hits[0]
    around = tuple(map(_scanned, hits[1:])) if scanned else _around(hit, hits)
    strangers = tuple(one for one in around if not same_actor(hit, one.hit))

    alone = classify(hit, Known(NOON, links_total=links))

    assert classify(hit, Known(NOON, around=strangers, links_total=links)) == alone


@given(one=_hits, other=_hits)
def test_being_one_actor_is_mutual(one: Hit, other: Hit) -> None:
    assert same_actor(one, other) == same_actor(other, one)


@given(hits=st.lists(_hits, min_size=3, max_size=8))
def test_a_burst_is_the_same_burst_at_any_time_of_day(hits: list[Hit]) -> None:
    later = [replace(one, at=one.at + timedelta(hours=5)) for one in hits]

    assert _reasons(hits) == _reasons(later)
