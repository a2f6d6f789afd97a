"""Readings: one reader's fetches within three minutes are one opening."""

import pytest

from tests.makers import a_hit, a_judged, a_verdict, after
from tracker.model import Cause, HitKind, Judged
from tracker.readings import readings_of


def opened(seconds: float, ip: str = "198.51.100.7", client: str = "Outlook", cause: Cause = Cause.HUMAN) -> Judged:
    return a_judged(hit=a_hit(at=after(seconds), ip=ip), verdict=a_verdict(cause=cause), client=client)


@pytest.mark.parametrize(
    ("seconds", "readings"),
    [([0, 179], 1), ([0, 180], 2), ([0, 170, 340], 1), ([0, 200, 210], 2)],
)
def test_three_minutes_count_from_the_readers_last_fetch(seconds: list[float], readings: int) -> None:
    assert len(readings_of([opened(at) for at in seconds])) == readings


def test_two_readers_at_once_are_two_readings() -> None:
    both = [opened(0), opened(5, ip="203.0.113.9", client="Thunderbird"), opened(10)]

    assert [len(reading.hits) for reading in readings_of(both)] == [2, 1]


def test_the_same_client_elsewhere_is_the_same_reader() -> None:
    assert len(readings_of([opened(0), opened(60, ip="203.0.113.9")])) == 1


def test_a_duplicate_is_no_reading_and_keeps_one_alive() -> None:
    hits = [opened(0), opened(100, cause=Cause.DUPLICATE), opened(200)]

    assert len(readings_of(hits)) == 1
    assert readings_of([opened(0, cause=Cause.DUPLICATE)]) == []


def test_machines_and_clicks_are_no_readings() -> None:
    click = a_judged(hit=a_hit(kind=HitKind.CLICK))

    assert readings_of([opened(0, cause=Cause.SCANNER), click]) == []
