"""Counts of a process."""

import pytest

from tracker.counts import Count, Spread


def test_what_happened_is_added_up_by_its_words() -> None:
    count = Count("calls", "", ["method", "outcome"])

    for outcome in ("ok", "ok", "late"):
        count.add("post", outcome)

    assert count.numbers() == {("post", "ok"): 2, ("post", "late"): 1}


def test_what_can_happen_stands_at_nought_before_it_does() -> None:
    assert Count("failures", "").numbers() == {(): 0}
    assert Count("verdicts", "", ["cause"], [("human",)]).numbers() == {("human",): 0}


def test_too_many_different_words_are_counted_as_others() -> None:
    count = Count("calls", "", ["method", "outcome"])

    for number in range(1000):
        count.add("post", f"made up {number}")
    count.add("post", "made up 1")

    numbers = count.numbers()
    assert len(numbers) == 301
    assert numbers["other", "other"] == 700
    assert numbers["post", "made up 1"] == 2


def test_how_long_it_took_is_counted_in_each_step_that_holds_it() -> None:
    spread = Spread("seconds", "", (0.1, 1.0))

    for seconds in (0.05, 0.1, 0.5, 7.0):
        spread.add(seconds)

    assert spread.steps() == [("0.1", 2), ("1.0", 3), ("+Inf", 4)]
    assert spread.seconds == pytest.approx(7.65)


def test_what_fails_took_its_time_too() -> None:
    spread = Spread("seconds", "", (60.0,))

    with pytest.raises(ValueError, match="broken"), spread.timing():
        raise ValueError("broken")

    assert spread.steps() == [("60.0", 1), ("+Inf", 1)]
