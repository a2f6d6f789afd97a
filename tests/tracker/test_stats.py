"""Stats: rates over what can be known, waiting times, and hours in the reader's own zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.makers import NOON, after
from tracker.stats import Fate, Stats, stats_of

BERLIN = ZoneInfo("Europe/Berlin")


def a_fate(read_at: datetime | None = None, **facts) -> Fate:
    return Fate(**{"sent_at": NOON, "read_at": read_at, "unsure": False, "replied": False, **facts})


def stats(*fates: Fate, zone=UTC) -> Stats:
    return stats_of(fates, 30, zone)


def test_the_rate_is_of_those_of_which_we_can_tell() -> None:
    found = stats(a_fate(after(hours=1)), a_fate(), a_fate(unsure=True), a_fate(unsure=True))

    assert (found.sent, found.opened, found.unsure, found.open_rate) == (4, 1, 2, 0.5)


def test_what_was_opened_after_an_unclear_look_is_opened() -> None:
    assert stats(a_fate(after(hours=1), unsure=True)).unsure == 0


def test_without_anything_to_tell_there_is_no_rate() -> None:
    assert stats(a_fate(unsure=True)).open_rate is None
    assert stats().reply_rate is None


def test_the_middle_is_the_median_wait() -> None:
    waits = [a_fate(after(hours=hours)) for hours in (1, 2, 100)]

    assert stats(*waits).middle == timedelta(hours=2)


def test_an_opening_before_sending_by_another_clock_is_no_negative_wait() -> None:
    assert stats(a_fate(after(seconds=-3))).middle == timedelta()


def test_hours_are_those_of_the_reader() -> None:
    found = stats(a_fate(datetime(2026, 11, 2, 23, 30, tzinfo=UTC)), zone=BERLIN)

    assert found.by_hour[0] == 1
    assert found.by_weekday == (0, 1, 0, 0, 0, 0, 0)  # Tuesday there, Monday here


def test_the_best_hours_may_pass_midnight() -> None:
    fates = [a_fate(datetime(2026, 11, 2, hour, tzinfo=UTC)) for hour in (23, 23, 23, 23, 0, 0, 0, 0, 9, 9)]

    assert stats(*fates).best_hours == (23, 1)


def test_a_few_openings_have_no_best_hours() -> None:
    found = stats(*[a_fate(after(hours=1))] * 9)

    assert found.best_hours is None
    assert found.best_weekday is None


def test_many_openings_have_a_best_weekday() -> None:
    assert stats(*[a_fate(after(hours=1))] * 10).best_weekday == "Mon"
