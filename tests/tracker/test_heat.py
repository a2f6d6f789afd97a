"""Hot is what is opened again and again, or again after a long pause."""

from datetime import timedelta

import pytest

from tests.makers import a_hit, a_judged, a_verdict, after
from tracker.heat import heat_of, hottest
from tracker.model import Cause, Heat, Judged, Summary
from tracker.summing import sum_of

A_DAY = [after(hours=hour) for hour in (0, 5, 23)]


def opened(seconds: float, **verdict: object) -> Judged:
    return a_judged(hit=a_hit(at=after(seconds)), verdict=a_verdict(**verdict))


def test_three_openings_within_a_day_are_hot() -> None:
    assert heat_of(A_DAY) == Heat(after(hours=23), openings=3)


def test_of_many_openings_those_of_the_day_are_told() -> None:
    assert heat_of([after(days=-1), *A_DAY, after(hours=23, minutes=30)]) == Heat(
        after(hours=23, minutes=30), openings=4
    )


@pytest.mark.parametrize("hours", [(0, 12), (0, 12, 25), (0,), ()])
def test_fewer_or_farther_apart_are_not(hours: tuple[int, ...]) -> None:
    assert heat_of([after(hours=hour) for hour in hours]) is None


def test_an_opening_after_two_weeks_is_hot() -> None:
    assert heat_of([after(), after(days=20)]) == Heat(after(days=20), pause=timedelta(days=20))


def test_an_opening_after_less_is_not() -> None:
    assert heat_of([after(), after(days=13, hours=23)]) is None


def test_the_latest_heat_is_what_stays() -> None:
    assert heat_of([*A_DAY, after(days=3), after(days=6)]) == Heat(after(hours=23), openings=3)
    assert heat_of([*A_DAY, after(days=20)]) == Heat(after(days=20), pause=after(days=20) - A_DAY[-1])


def test_the_heat_of_a_message_is_the_latest_of_its_copies_that_is_not_cold() -> None:
    early, late = Heat(after(hours=1), openings=3), Heat(after(hours=2), openings=5)
    summaries = [Summary(heat=early), Summary(heat=late), Summary()]

    assert hottest(summaries, after()) == late
    assert hottest(summaries, after(hours=2)) == late
    assert hottest(summaries, after(hours=3)) is None


def test_one_reading_is_one_opening_however_often_its_pictures_load() -> None:
    assert sum_of([opened(seconds) for seconds in (0, 30, 60, 90)]).heat is None


def test_machines_heat_nothing() -> None:
    assert sum_of([opened(hour * 3600, cause=Cause.SCANNER) for hour in range(4)]).heat is None


def test_what_comes_later_is_seen_beside_what_was_summed_up() -> None:
    hits = [opened(hour * 3600) for hour in (0, 5, 23, 400)]

    halves = sum_of(hits[2:], sum_of(hits[:2]), hits[:2])

    assert halves.heat == sum_of(hits).heat == Heat(hits[3].hit.at, pause=hits[3].hit.at - hits[2].hit.at)
