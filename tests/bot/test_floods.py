"""What was told just now, and how long a flood lasts."""

from datetime import timedelta

from bot.floods import JUST_NOW, LASTS, Floods
from tests.makers import NOON

A_MOMENT = timedelta(milliseconds=1)


def test_what_was_told_is_known_for_a_moment_and_to_its_own_account() -> None:
    floods = Floods()

    floods.tell("mine", ["one", "two"], NOON)
    floods.tell("mine", ["three"], NOON + A_MOMENT)

    assert floods.told("mine", NOON + JUST_NOW - A_MOMENT) == ["one", "two", "three"]
    assert floods.told("mine", NOON + JUST_NOW) == ["three"]
    assert floods.told("yours", NOON) == []


def test_a_flood_lasts_a_minute_after_the_last_that_was_told_together() -> None:
    floods = Floods()

    floods.rise("mine", NOON)
    floods.rise("mine", NOON + LASTS / 2)

    assert floods.last("mine", NOON + LASTS)
    assert not floods.last("mine", NOON + LASTS * 1.5)
    assert not floods.last("yours", NOON)


def test_a_worker_that_runs_for_months_forgets_whom_it_told() -> None:
    floods = Floods()

    for number in range(5000):
        floods.tell(str(number), ["topic"], NOON + number * A_MOMENT * 1000)

    assert len(floods._told) <= 1002


def test_a_clock_that_is_set_back_ends_a_flood() -> None:
    floods = Floods()
    floods.tell("mine", ["one"], NOON)
    floods.rise("mine", NOON)

    earlier = NOON - timedelta(hours=1)

    assert floods.told("mine", earlier) == []
    assert not floods.last("mine", earlier)
