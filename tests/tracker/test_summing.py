"""Summaries: only people count as opens, and everything else is kept apart."""

from dataclasses import replace
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.makers import a_hit, a_judged, a_summary, a_verdict, after
from tracker.model import Cause, HitKind, Judged, Summary
from tracker.summing import sum_of, total_of


def _hit(cause: Cause, confidence: float = 0.9, minutes: int = 5, kind: HitKind = HitKind.OPEN) -> Judged:
    hit = a_hit(at=after(minutes=minutes), kind=kind)
    return a_judged(hit=hit, verdict=a_verdict(cause=cause, confidence=confidence))


def test_people_count_and_machines_do_not() -> None:
    summary = sum_of([_hit(Cause.SCANNER), _hit(Cause.SELF), _hit(Cause.HUMAN), _hit(Cause.PRIVACY_PROXY)])

    assert (summary.opens, summary.machines, summary.unsure) == (1, 2, 1)


def test_a_person_we_are_not_sure_of_does_not_count() -> None:
    summary = sum_of([_hit(Cause.LIKELY_HUMAN, confidence=0.6)])

    assert (summary.opens, summary.unsure) == (0, 1)


def test_first_and_last_are_kept_for_opens_and_for_clicks() -> None:
    summary = sum_of(
        [
            _hit(Cause.HUMAN, minutes=1),
            _hit(Cause.HUMAN, minutes=9),
            _hit(Cause.HUMAN, minutes=12, kind=HitKind.CLICK),
            _hit(Cause.HUMAN, minutes=15, kind=HitKind.CLICK),
        ]
    )

    assert (summary.first_open_at, summary.last_open_at) == (after(minutes=1), after(minutes=9))
    assert (summary.first_click_at, summary.last_click_at) == (after(minutes=12), after(minutes=15))
    assert (summary.opens, summary.clicks) == (2, 2)


def test_a_total_adds_copies_up_and_names_the_client_that_read_last() -> None:
    first = sum_of([_hit(Cause.HUMAN, minutes=1), _hit(Cause.HUMAN, minutes=2, kind=HitKind.CLICK)])
    last = replace(sum_of([_hit(Cause.HUMAN, minutes=9), _hit(Cause.SCANNER)]), last_client="through Gmail")
    checked = sum_of([_hit(Cause.SCANNER, minutes=20), _hit(Cause.UNKNOWN, minutes=30)])

    total = total_of([first, last, checked])

    assert (total.opens, total.clicks, total.machines, total.unsure) == (2, 1, 2, 1)
    assert (total.first_open_at, total.last_open_at) == (after(minutes=1), after(minutes=9))
    assert (total.first_click_at, total.last_click_at) == (after(minutes=2), after(minutes=2))
    assert (total.last_client, total.last_hit_at) == ("through Gmail", after(minutes=30))


def test_a_message_without_copies_adds_up_to_nothing() -> None:
    assert total_of([]) == Summary()


@pytest.mark.parametrize("kind", HitKind)
def test_a_clock_that_was_set_back_turns_first_and_last_around_for_nobody(kind: HitKind) -> None:
    summary = sum_of([_hit(Cause.HUMAN, minutes=9, kind=kind), _hit(Cause.HUMAN, minutes=1, kind=kind)])

    first, last = (
        (summary.first_open_at, summary.last_open_at)
        if kind is HitKind.OPEN
        else (summary.first_click_at, summary.last_click_at)
    )
    assert (first, last, summary.last_hit_at) == (after(minutes=1), after(minutes=9), after(minutes=9))


def test_a_repeated_fetch_moves_the_last_open_and_counts_none() -> None:
    summary = sum_of([_hit(Cause.HUMAN, minutes=1), _hit(Cause.HUMAN, minutes=2)])

    assert (summary.opens, summary.first_open_at, summary.last_open_at) == (1, after(minutes=1), after(minutes=2))


def test_the_place_is_that_of_the_latest_open() -> None:
    in_lyon, nowhere = replace(_hit(Cause.HUMAN), place="Lyon, France"), _hit(Cause.HUMAN, minutes=90)

    assert sum_of([in_lyon, _hit(Cause.SCANNER, minutes=8)]).last_place == "Lyon, France"
    assert sum_of([in_lyon, nowhere]).last_place == ""


def test_a_message_was_answered_or_passed_on_when_one_of_its_copies_was() -> None:
    total = total_of([a_summary(passed_on="Yahoo"), a_summary(replied_at=after(9)), a_summary(replied_at=after(5))])

    assert (total.passed_on, total.replied_at, total.bounced_at) == ("Yahoo", after(5), None)


@given(
    st.lists(st.tuples(st.sampled_from(Cause), st.sampled_from(HitKind), st.integers(0, 4)), max_size=30),
    st.integers(0, 30),
)
def test_summing_in_two_goes_is_summing_at_once(facts: list[tuple[Cause, HitKind, int]], cut: int) -> None:
    moments = accumulate(minutes for _, _, minutes in facts)
    hits = [_hit(cause, minutes=at, kind=kind) for at, (cause, kind, _) in zip(moments, facts, strict=True)]

    assert sum_of(hits[cut:], sum_of(hits[:cut]), hits[:cut]) == sum_of(hits)
