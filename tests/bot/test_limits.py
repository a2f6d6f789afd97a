"""Every refusal of the grammar says what the command takes, and the nearest one that works."""

import ast
from pathlib import Path

import pytest

import bot.grammar
from bot.blocks import MAX_BLOCKS
from bot.cards import refusal_card
from bot.cards.help import COMMANDS, help_card
from bot.cards.limits import LIMITS, limit_of
from bot.grammar import HELP_TOPICS, WORKING, Ask, Help, Unknown, read_command
from tests.standins.slack_words import words_of

ALONE = {"help", "hot", "today", "week", "drafts", "waiting", "on", "off", "doctor", "export", "team"}


def refused(text: str) -> str:
    command = read_command(text)
    assert isinstance(command, Unknown), f"{text} is read as {command}"
    card = refusal_card(command.said, command.example)
    return words_of({"text": card.text, "blocks": list(card.blocks)})


def test_every_command_says_what_it_takes_or_takes_nothing() -> None:
    assert set(WORKING) - ALONE == set(LIMITS)


def examples_in_the_grammar() -> list[str]:
    """Every command that a module of the grammar names, as far as its text is fixed."""
    modules = Path(bot.grammar.__file__).parent.glob("grammar*.py")
    texts = [
        node.value
        for module in modules
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [text for text in texts if text.startswith("/opens ") and len(text.split()) > 1]


@pytest.mark.parametrize("example", examples_in_the_grammar())
def test_every_example_in_the_grammar_comes_with_what_its_command_takes(example: str) -> None:
    assert limit_of(example) or example.split()[1] in ALONE


@pytest.mark.parametrize(
    ("refusal", "taken", "limit"),
    [
        ("unopened 61d", "unopened 60d", "up to 60 days"),
        ("unopened 9w", "unopened 8w", "up to 60 days"),
        ("stats 181d", "stats 180d", "1 hour to 180 days"),
        ("stats 0d", "stats 1h", "1 hour to 180 days"),
        ("remind 0d acme", "remind 1h acme", "1 hour to 180 days"),
        ("remind 181d acme", "remind 180d acme", "1 hour to 180 days"),
        ("mute all 0m", "mute all 1m", "1 minute to 365 days"),
        ("mute all 400d", "mute all 365d", "1 minute to 365 days"),
        ("mute all 4000d", "mute all 52w", "1 minute to 365 days"),
        ("mute acme.com 9999h", "mute acme.com 8760h", "1 minute to 365 days"),
        ("mute all until 25:00", "mute all until 23:59", "until when"),
        ("quiet 8-8", "quiet 8-9", "two different times"),
        ("quiet 20:00-24:00", "quiet 20:00-23:59", "0:00 to 23:59"),
        ("digest daily at 25", "digest daily at 23", "0:00 to 23:59"),
        ("digest hourly", "digest weekly", "weekly (on Mondays)"),
        ("repeats maybe", "repeats on", "on or off"),
        ("channel #sales foo", "channel #sales hide", "perhaps hide"),
        ("send 2 at 25:00", "send 2 at 23:00", "a day and time"),
        ("connect ful", "connect full", "full, send, or nothing"),
        ("forget ada", "forget ada@acme.com", "one whole address"),
        ("stop", "stop acme", "words of the mail"),
    ],
)
def test_a_refusal_states_the_limit_up_to_which_it_is_true(refusal: str, taken: str, limit: str) -> None:
    said = refused(refusal)

    assert limit in said
    assert "Try /opens" in said
    assert not isinstance(read_command(taken), Unknown | Ask) or taken.startswith("unopened")


def test_an_end_too_far_away_is_refused_in_a_slip_too() -> None:
    assert "Try /opens mute all 2h" in refused("mute al 9999d")


@pytest.mark.parametrize("topic", ["", *HELP_TOPICS])
def test_help_is_short_and_leads_to_all_of_it(topic: str) -> None:
    card = help_card(topic)

    lines = words_of({"text": "", "blocks": list(card.blocks)}).splitlines()
    buttons = [one["action_id"] for block in card.blocks if block["type"] == "actions" for one in block["elements"]]
    assert len([line for line in lines if line.startswith("/opens")]) <= 7
    assert {one.removeprefix("help_") for one in buttons} == {*HELP_TOPICS, *(["first"] if topic else [])} - {topic}
    assert len(card.blocks) < MAX_BLOCKS


def test_all_commands_are_in_some_part_of_help_once() -> None:
    listed = [command for command, _ in COMMANDS]
    assert len(listed) == len(set(listed))
    named = {command.split()[1] for command in listed if len(command.split()) > 1}
    assert set(WORKING) - named <= {"week", "off"}  # these stand in the words beside another


@pytest.mark.parametrize("text", ["help alerts", "? Alerts", "help alert"])
def test_help_of_a_topic_can_be_typed(text: str) -> None:
    assert read_command(text) == Help("alerts")


@pytest.mark.parametrize("text", ["help desk", "help wanted", "help me please"])
def test_help_beside_other_words_is_searched_for(text: str) -> None:
    assert isinstance(read_command(text), Ask)
