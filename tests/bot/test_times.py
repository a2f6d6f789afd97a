from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.grammar_of_sending import At
from bot.times import NoTime, moment_of

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_NOON = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)  # noon in Berlin


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        (At("", 14, 0), datetime(2026, 11, 2, 13, 0, tzinfo=UTC)),
        (At("", 9, 0), datetime(2026, 11, 3, 8, 0, tzinfo=UTC)),
        (At("today", 14, 0), datetime(2026, 11, 2, 13, 0, tzinfo=UTC)),
        (At("tomorrow", 0, 30), datetime(2026, 11, 2, 23, 30, tzinfo=UTC)),
        (At("monday", 14, 0), datetime(2026, 11, 2, 13, 0, tzinfo=UTC)),
        (At("monday", 9, 0), datetime(2026, 11, 9, 8, 0, tzinfo=UTC)),
        (At("sunday", 9, 0), datetime(2026, 11, 8, 8, 0, tzinfo=UTC)),
        (At("2027-06-01", 9, 0), datetime(2027, 6, 1, 7, 0, tzinfo=UTC)),
    ],
)
def test_a_time_is_the_next_that_the_persons_clock_shows(at: At, moment: datetime) -> None:
    assert moment_of(at, MONDAY_NOON, BERLIN) == moment


def test_tomorrow_is_the_persons_tomorrow() -> None:
    late = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)  # half past midnight in Berlin

    assert moment_of(At("tomorrow", 9, 0), late, BERLIN) == datetime(2026, 11, 4, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("at", [At("today", 9, 0), At("2026-11-01", 9, 0)])
def test_a_past_time_is_refused(at: At) -> None:
    assert "is past" in str(moment_of(at, MONDAY_NOON, BERLIN))


def test_a_time_years_away_is_refused() -> None:
    assert moment_of(At("2031-01-01", 9, 0), MONDAY_NOON, BERLIN) == NoTime(
        "09:00 on Jan 1, 2031 is more than a year away."
    )


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    assert moment_of(At("2027-03-28", 2, 30), MONDAY_NOON, BERLIN) == NoTime(
        "02:30 on Mar 28, 2027 does not exist: the clocks go forward over it."
    )


def test_a_time_that_comes_twice_is_the_first() -> None:
    assert moment_of(At("2027-10-31", 2, 30), MONDAY_NOON, BERLIN) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
