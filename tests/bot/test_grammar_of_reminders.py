"""Reminders and stopping, as people type them."""

from datetime import timedelta

import pytest

from bot.grammar import Ask, Unknown, read_command
from bot.grammar_of_reminders import NoReminder, Remind, Stop

DAY = timedelta(days=1)


@pytest.mark.parametrize("text", ["remind", " Remind ", "remind list"])
def test_remind_alone_asks_what_is_set(text: str) -> None:
    assert read_command(text) == Remind()


@pytest.mark.parametrize(
    ("text", "after", "words"),
    [
        ("remind 3d proposal", 3 * DAY, ("proposal",)),
        ("remind 3D ada@acme.com", 3 * DAY, ("ada@acme.com",)),
        ("remind 3 days q3 proposal", 3 * DAY, ("q3", "proposal")),
        ('remind 1w "q3 proposal"', 7 * DAY, ("q3 proposal",)),
        ("remind 12h proposal", DAY / 2, ("proposal",)),
        ("remind 3d unopened", 3 * DAY, ("unopened",)),
    ],
)
def test_a_span_and_words_set_a_reminder(text: str, after: timedelta, words: tuple[str, ...]) -> None:
    assert read_command(text) == Remind(words, after)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("remind proposal", "/opens remind 3d proposal"),
        ("remind -3d agenda", "/opens remind 3d agenda"),
        ("remind \u22123 days agenda", "/opens remind 3d agenda"),
        ("remind -3d", "/opens remind 3d acme"),
        ("remind 3d", "/opens remind 3d acme"),
        ("remind 0d proposal", "/opens remind 3d acme"),
        ("remind 900d proposal", "/opens remind 3d acme"),
        ("remind 3 proposal", "/opens remind 3d acme"),
        ("remind in 3 days proposal", "/opens remind 3d acme"),
        ("remind of proposal", "/opens remind off proposal"),
        ("remind off", "/opens remind off acme"),
        ("remnid 3d q3 proposal", "/opens remind 3d q3 proposal"),
        ("reminder 2 weeks proposal", "/opens remind 2w proposal"),
        ("stop", "/opens stop acme"),
    ],
)
def test_a_slip_gets_the_nearest_right_one(text: str, nearest: str) -> None:
    assert read_command(text) == Unknown(text, nearest)


def test_off_and_words_forget_a_reminder() -> None:
    assert read_command("remind off q3 proposal") == NoReminder(("q3", "proposal"))


def test_stop_and_words_stop() -> None:
    assert read_command('stop "q3 proposal"') == Stop(("q3 proposal",))


@pytest.mark.parametrize("text", ["reminder", "remember the milk", "the stop sign"])
def test_words_that_only_resemble_it_are_searched_for(text: str) -> None:
    assert isinstance(read_command(text), Ask)


@pytest.mark.parametrize("rest", ["x" * 5000, "\0", '"', "3d " * 100, "💥" * 300, "off " * 200, "٣d proposal"])
@pytest.mark.parametrize("name", ["remind", "stop"])
def test_rubbish_is_read_as_something(name: str, rest: str) -> None:
    assert isinstance(read_command(f"{name} {rest}"), Remind | NoReminder | Stop | Unknown)
