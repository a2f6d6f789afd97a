"""Hot is what is opened again and again, or again after a long pause."""

from datetime import datetime, timedelta

import pytest

from tests.makers import a_hit, a_judged, a_verdict, after
from tracker.heat import Heat, heat_of
from tracker.model import Cause, Judged

LONG_AGO = after(days=-100)


def opened(at: datetime, **verdict: object) -> Judged:
    return a_judged(hit=a_hit(at=at), verdict=a_verdict(**verdict))


def test_three_openings_within_a_day_are_hot() -> None:
    hits = [opened(after(hours=hour)) for hour in (0, 5, 23)]

    assert heat_of(hits, LONG_AGO) == Heat(after(hours=23), openings=3)


@pytest.mark.parametrize("hours", [(0, 12), (0, 12, 25), (0,), ()])
def test_fewer_or_farther_apart_are_not(hours: tuple[int, ...]) -> None:
    assert heat_of([opened(after(hours=hour)) for hour in hours], LONG_AGO) is None


def test_one_reading_is_one_opening_however_often_its_pictures_load() -> None:
    assert heat_of([opened(after(seconds)) for seconds in (0, 30, 60, 90)], LONG_AGO) is None


def test_machines_heat_nothing() -> None:
    hits = [opened(after(hours=hour), cause=Cause.SCANNER) for hour in (0, 1, 2, 3)]

    assert heat_of(hits, LONG_AGO) is None


def test_an_opening_after_two_weeks_is_hot() -> None:
    hits = [opened(after()), opened(after(days=20))]

    assert heat_of(hits, LONG_AGO) == Heat(after(days=20), pause=timedelta(days=20))


def test_an_opening_after_less_is_not() -> None:
    assert heat_of([opened(after()), opened(after(days=13, hours=23))], LONG_AGO) is None


def test_old_heat_has_gone_cold() -> None:
    hits = [opened(after(hours=hour)) for hour in (0, 1, 2)]

    assert heat_of(hits, after(hours=3)) is None
