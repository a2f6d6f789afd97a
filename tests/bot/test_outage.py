"""When a workspace is asked by one topic for all others, and when it is not."""

from datetime import timedelta

from bot.outage import Outage
from tests.makers import NOON


def an_outage(failures: int = 3) -> Outage:
    outage = Outage()
    for _ in range(failures):
        outage.failed(NOON)
    return outage


def seconds_to_wait(outage: Outage, later: float = 0) -> float:
    now = NOON + timedelta(seconds=later)
    back_at = outage.over_at(now)
    return (back_at - now).total_seconds() if back_at else 0


def test_two_failures_are_no_outage() -> None:
    assert seconds_to_wait(an_outage(failures=2)) == 0


def test_many_failures_at_once_are_as_three() -> None:
    assert seconds_to_wait(an_outage(failures=50)) == seconds_to_wait(an_outage()) == 1


def test_one_asks_and_the_others_wait_for_its_answer() -> None:
    outage = an_outage()

    assert [seconds_to_wait(outage, later=2) for _ in range(3)] == [0, 3, 3]


def test_each_answer_in_vain_makes_the_wait_longer_up_to_a_minute() -> None:
    outage, later, waits = an_outage(), 1.0, []
    for _ in range(8):
        assert seconds_to_wait(outage, later) == 0
        outage.failed(NOON + timedelta(seconds=later))
        waits.append(seconds_to_wait(outage, later))
        later += waits[-1]

    assert waits == [2, 5, 10, 20, 40, 60, 60, 60]


def test_an_answer_that_never_comes_is_waited_for_no_longer_than_three_seconds() -> None:
    outage = an_outage()
    asked = seconds_to_wait(outage, later=1)

    assert (asked, seconds_to_wait(outage, later=2), seconds_to_wait(outage, later=4)) == (0, 2, 0)


def test_what_slack_takes_ends_it_for_all() -> None:
    outage = an_outage()

    outage.ended()

    assert [seconds_to_wait(outage) for _ in range(3)] == [0, 0, 0]


def test_a_clock_that_is_set_back_lets_somebody_ask_at_once() -> None:
    assert seconds_to_wait(an_outage(), later=-3600) == 0
