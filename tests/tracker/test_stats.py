"""Stats: rates over what can be known, waiting times, and hours in the reader's own zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.makers import after
from tracker.stats import Stats, Sums, stats_of

BERLIN = ZoneInfo("Europe/Berlin")


def stats(zone=UTC, **sums) -> Stats:
    return stats_of(Sums(**sums), 30, zone)


def test_the_rate_is_of_those_of_which_we_can_tell() -> None:
    found = stats(sent=4, unsure=2, read=((after(hours=1), 1),))

    assert (found.sent, found.opened, found.unsure, found.open_rate) == (4, 1, 2, 0.5)


def test_without_anything_to_tell_there_is_no_rate() -> None:
    assert stats(sent=1, unsure=1).open_rate is None
    assert stats().reply_rate is None


def test_hours_are_those_of_the_reader() -> None:
    found = stats(BERLIN, read=((datetime(2026, 11, 2, 23, 30, tzinfo=UTC), 1),))

    assert found.by_hour[0] == 1
    assert found.by_weekday == (0, 1, 0, 0, 0, 0, 0)  # Tuesday there, Monday here


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("UTC", {12: 3}), ("Asia/Kathmandu", {18: 3}), ("Asia/Kolkata", {17: 1, 18: 2}), ("Australia/Eucla", {21: 3})],
)
def test_hours_begin_with_every_zones_own_quarter(zone: str, hours: dict[int, int]) -> None:
    quarters = tuple((datetime(2026, 11, 2, 12, minute, tzinfo=UTC), 1) for minute in (15, 30, 45))

    found = stats(ZoneInfo(zone), read=quarters)

    assert {hour: number for hour, number in enumerate(found.by_hour) if number} == hours


def test_the_best_hours_may_pass_midnight() -> None:
    read = tuple((datetime(2026, 11, 2, hour, tzinfo=UTC), number) for hour, number in ((23, 4), (0, 4), (9, 2)))

    assert stats(read=read).best_hours == (23, 1)


def test_a_few_openings_have_no_best_hours() -> None:
    found = stats(read=((after(hours=1), 9),))

    assert found.best_hours is None
    assert found.best_weekday is None


def test_many_openings_have_a_best_weekday() -> None:
    assert stats(read=((after(hours=1), 10),)).best_weekday == "Mon"
