import pytest

from bot.grammar import Ask, Help, NotYet, Unknown, read_command
from tracker.questions import Question, QuestionKind


@pytest.mark.parametrize("text", ["help", " HELP ", "?", "--help"])
def test_help_is_found_however_it_is_asked_for(text: str) -> None:
    assert read_command(text) == Help()


def test_nothing_asks_for_the_latest() -> None:
    assert read_command("  ") == Ask(Question(QuestionKind.LATEST))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("acme", ("acme",)),
        ('"q3 proposal"', ("q3 proposal",)),
        ("“q3 proposal”", ("q3 proposal",)),
        ("<mailto:ada@acme.com|ada@acme.com>", ("ada@acme.com",)),
        ("<http://acme.com|acme.com>", ("acme.com",)),
        ("R&amp;D", ("R&D",)),
        ("help desk", ("help", "desk")),
        ("today show", ("today", "show")),
    ],
)
def test_words_search(text: str, words: tuple[str, ...]) -> None:
    assert read_command(text) == Ask(Question(QuestionKind.MATCHING, words))


def test_unopened_takes_an_age() -> None:
    assert read_command("unopened 3d") == Ask(Question(QuestionKind.UNOPENED, days=3.0))


@pytest.mark.parametrize("text", ["unopened soon", "unopened 3 d", "unopened 3y", "unopened acme 3d"])
def test_an_age_that_cannot_be_read_gets_the_right_form(text: str) -> None:
    assert read_command(text) == Unknown(text, "/opens unopened 3d")


@pytest.mark.parametrize(("slip", "nearest"), [("unopend", "/opens unopened 3d"), ("hlep", "/opens help")])
def test_a_slip_searches_and_remembers_the_command_it_resembles(slip: str, nearest: str) -> None:
    assert read_command(slip) == Ask(Question(QuestionKind.MATCHING, (slip,)), nearest)


@pytest.mark.parametrize("text", ["stats", "hot", "mute acme", "quiet 20:00-08:00", "remind 3d proposal", "doctor"])
def test_a_planned_command_is_said_to_be_missing(text: str) -> None:
    assert read_command(text) == NotYet(text.split()[0], f'"{text}"')


@pytest.mark.parametrize("text", ["x" * 10_000, "\0\0", '"', "<<<>>>", "unopened " * 500, "💥" * 300])
def test_rubbish_is_read_as_something(text: str) -> None:
    assert isinstance(read_command(text), Ask | Unknown)
