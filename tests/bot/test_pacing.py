from datetime import timedelta

from bot.pacing import EVERY, Pace, retry_delay
from tests.makers import NOON, after


def test_each_message_of_a_channel_gets_a_moment_of_its_own() -> None:
    pace = Pace()

    assert [pace.turn("D1", topic, NOON) for topic in "abc"] == [NOON, NOON + EVERY, NOON + 2 * EVERY]


def test_channels_do_not_wait_for_each_other() -> None:
    pace = Pace()
    pace.turn("D1", "a", NOON)

    assert pace.turn("D2", "b", NOON) == NOON


def test_a_topic_that_asks_again_keeps_its_moment() -> None:
    pace = Pace()
    pace.turn("D1", "a", NOON)
    promised = pace.turn("D1", "b", NOON)

    assert pace.turn("D1", "b", after(seconds=0.5)) == promised


def test_a_topic_that_has_spoken_queues_again() -> None:
    pace = Pace()
    pace.turn("D1", "a", NOON)
    pace.spoken("D1", "a")

    assert pace.turn("D1", "a", NOON) == NOON + EVERY


def test_a_worker_that_runs_for_months_forgets_what_is_long_past() -> None:
    pace = Pace()

    for minute in range(3000):
        pace.turn(f"D{minute}", "a", after(minutes=minute))

    assert len(pace._free_at) + len(pace._promised) < 2500


def test_what_is_still_to_come_is_not_forgotten_in_a_crowd() -> None:
    pace = Pace()
    for number in range(1500):
        pace.turn(f"D{number}", "a", NOON)

    assert pace.turn("D0", "b", NOON) == NOON + EVERY


def test_delays_grow_up_to_a_minute() -> None:
    delays = [retry_delay(tries) for tries in range(12)]

    assert delays == sorted(delays)
    assert delays[-1] == timedelta(minutes=1)


def test_a_clock_that_is_set_back_makes_nobody_wait_for_its_old_time() -> None:
    pace = Pace()
    for topic in "abc":
        pace.turn("D1", topic, NOON)
    pace.refused("D1", NOON, timedelta(seconds=30))

    assert pace.turn("D1", "b", after(hours=-1)) == after(hours=-1)


def test_a_clock_that_is_set_a_little_breaks_no_promise() -> None:
    pace = Pace()
    pace.turn("D1", "a", NOON)

    assert pace.turn("D1", "b", after(seconds=-1)) == NOON + EVERY
