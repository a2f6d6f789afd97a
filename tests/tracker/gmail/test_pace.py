"""Staying under what one account may spend in a minute."""

import pytest

from tests.standins.gmail_quota import UNITS
from tracker.gmail.pace import Pace, units_of


class Minute:
    """A clock that our own waiting moves."""

    def __init__(self) -> None:
        self.at = 0.0
        self.waited = 0.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.waited += seconds


async def test_a_minutes_worth_waits_for_nothing():
    minute = Minute()
    pace = Pace(now=minute.now, sleep=minute.sleep)

    for _ in range(60):
        await pace.admit(100)

    assert minute.waited == 0


@pytest.mark.parametrize("units", [2, 20, 100])
async def test_no_minute_spends_more_than_is_allowed(units: int):
    minute = Minute()
    pace = Pace(now=minute.now, sleep=minute.sleep)
    spent: list[float] = []

    while minute.at < 180:
        await pace.admit(units)
        spent.append(minute.at)

    busiest = max(sum(units for at in spent if start <= at < start + 60) for start in set(spent[:: len(spent) // 50]))
    assert 5_000 < busiest <= 6_000


async def test_a_full_minute_is_over_sixty_seconds_after_it_began():
    minute = Minute()
    pace = Pace(now=minute.now, sleep=minute.sleep)
    await pace.admit(5_950)
    minute.at = 10.0

    await pace.admit(100)

    assert minute.at == 60.0


async def test_whoever_comes_later_goes_later_however_little_they_want():
    minute = Minute()
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    pace = Pace(now=minute.now, sleep=note)
    for units in (5_950, 100, 2):
        await pace.admit(units)

    assert waits == [60.0, 60.0]


@pytest.mark.parametrize("method", sorted(UNITS))
def test_nothing_is_priced_below_gmails_own_list(method: str):
    assert units_of(f"gmail.users.{method}") >= min(UNITS[method], 20)
