import pytest

from bot.grammar import Ask, Connect, Disconnect, Help, NotYet, Unknown, read_command
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


@pytest.mark.parametrize("text", ["stats", "hot", "mute acme", "quiet 20:00-08:00", "digest weekly", "doctor"])
def test_a_planned_command_is_said_to_be_missing(text: str) -> None:
    assert read_command(text) == NotYet(text.split()[0], f'"{text}"')


@pytest.mark.parametrize("text", ["x" * 10_000, "\0\0", '"', "<<<>>>", "unopened " * 500, "💥" * 300])
def test_rubbish_is_read_as_something(text: str) -> None:
    assert isinstance(read_command(text), Ask | Unknown)


@pytest.mark.parametrize(
    ("text", "profile"),
    [("connect", "standard"), (" Connect ", "standard"), ("connect FULL", "full"), ("connect send", "send")],
)
def test_connect_names_how_much_it_asks_for(text: str, profile: str) -> None:
    assert read_command(text) == Connect(profile)


def test_a_slip_in_how_much_is_asked_for_gets_the_right_form() -> None:
    assert read_command("connect ful") == Unknown("connect ful", "/opens connect full")


@pytest.mark.parametrize(
    ("text", "email"),
    [("disconnect", ""), ("disconnect <mailto:Ada@acme.com|Ada@acme.com>", "ada@acme.com")],
)
def test_disconnect_may_name_an_address(text: str, email: str) -> None:
    assert read_command(text) == Disconnect(email)


@pytest.mark.parametrize("text", ["connect the dots", "connect acme", "disconnect acme", "disconnect a@b.c d@e.f"])
def test_connecting_beside_other_words_is_searched_for(text: str) -> None:
    assert read_command(text) == Ask(Question(QuestionKind.MATCHING, tuple(text.split())))
