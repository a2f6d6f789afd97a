"""What was typed about figures, health and privacy; and that help and refusals keep their word."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.cards.help import COMMANDS
from bot.grammar import Ask, Command, Connect, Disconnect, Help, Unknown, read_command
from bot.grammar_of_account import AskDoctor, Export, Forget, ShowStats, ShowTeam
from bot.grammar_of_noise import ChannelWish, DigestWish, MuteWish, QuietWish, RepeatsWish, UnmuteWish
from bot.grammar_of_reminders import NoReminder, Remind, Stop
from bot.grammar_of_sending import SendDraft, ShowDrafts, ShowWaiting, Track
from bot.grammar_of_sharing import ShareWish
from tracker.questions import Question, QuestionKind

EVERY_KIND = {
    "/opens": QuestionKind.LATEST,
    "/opens acme": QuestionKind.MATCHING,
    "/opens unopened 3d": QuestionKind.UNOPENED,
    "/opens drafts": ShowDrafts,
    "/opens remind 3d acme": Remind,
    "/opens ada@acme.com": QuestionKind.MATCHING,
    '/opens "q3 proposal"': QuestionKind.MATCHING,
    "/opens hot": QuestionKind.HOT,
    "/opens today": QuestionKind.TODAY,
    "/opens stats 30d": ShowStats,
    "/opens send 2": SendDraft,
    '/opens send "q3 proposal" links each': SendDraft,
    "/opens send 2 tomorrow at 9:00": SendDraft,
    "/opens waiting": ShowWaiting,
    "/opens on": Track,
    "/opens remind": Remind,
    "/opens remind off acme": NoReminder,
    "/opens stop acme": Stop,
    "/opens mute acme.com": MuteWish,
    "/opens unmute": UnmuteWish,
    "/opens quiet 20:00-08:00": QuietWish,
    "/opens repeats off": RepeatsWish,
    "/opens digest daily": DigestWish,
    "/opens channel #sales": ChannelWish,
    "/opens share lunch #sales": ShareWish,
    "/opens connect": Connect,
    "/opens disconnect": Disconnect,
    "/opens doctor": AskDoctor,
    "/opens export": Export,
    "/opens forget ada@acme.com": Forget,
    "/opens team": ShowTeam,
    "/opens help": Help,
}
# Words that commands are made of, so that many texts are nearly commands.
WORDS = st.sampled_from(
    [
        *("unopened", "unopend", "hot", "today", "week", "stats", "forget", "forgt", "doctor", "export", "team", "3d"),
        *("remind", "remnd", "off", "stop", "send", "2", "links", "tomorrow", "at", "9:00", "connect", "full", "ful"),
        *(
            "ada@acme.com",
            "<mailto:ada@acme.com|ada@acme.com>",
            '"',
            '"q3',
            "acme",
            "mute",
            "quiet",
            "help",
            "30d",
            "x",
        ),
    ]
)
NEARLY = st.lists(WORDS, max_size=5).map(" ".join)


def refusal_in(command: Command) -> str:
    """What a refusal shows as the right command; nothing when it is none."""
    if isinstance(command, Unknown):
        return command.example
    return command.nearest if isinstance(command, Ask) else ""


def read_example(example: str) -> Command:
    return read_command(example.removeprefix("/opens"))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("stats", ShowStats()),
        ("Stats 90d", ShowStats(90.0)),
        ("stats 2w", ShowStats(14.0)),
        ("stats 7 d", ShowStats(7.0)),
        ("doctor", AskDoctor()),
        ("export", Export()),
        ("team", ShowTeam()),
        ("forget <mailto:Ada@acme.com|Ada@acme.com>", Forget("ada@acme.com")),
        ("hot", Ask(Question(QuestionKind.HOT))),
        ("week", Ask(Question(QuestionKind.WEEK))),
    ],
)
def test_a_command_is_read(text: str, command: Command) -> None:
    assert read_command(text) == command


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("stats soon", "/opens stats 30d"),
        ("stats 900d", "/opens stats 30d"),
        ("forget", "/opens forget ada@acme.com"),
        ("forget ada", "/opens forget ada@acme.com"),
        ("forget all about ada@acme.com", "/opens forget ada@acme.com"),
        ("forgt bob@acme.com", "/opens forget bob@acme.com"),
    ],
)
def test_what_cannot_be_read_gets_the_right_form(text: str, example: str) -> None:
    assert read_command(text) == Unknown(text, example)


@pytest.mark.parametrize(
    "text", ["stats from meeting", "forget me not", "doctor strange", "export contract", "team lunch"]
)
def test_words_that_begin_a_subject_are_searched(text: str) -> None:
    assert isinstance(read_command(text), Ask)


@pytest.mark.parametrize(("slip", "nearest"), [("stat", "/opens stats 30d"), ("docter", "/opens doctor")])
def test_a_slip_remembers_what_it_resembles(slip: str, nearest: str) -> None:
    assert refusal_in(read_command(slip)) == nearest


def test_every_example_in_help_does_what_it_is_listed_for() -> None:
    assert [listed for listed, _ in COMMANDS] == list(EVERY_KIND)
    for listed, kind in EVERY_KIND.items():
        command = read_example(listed)
        meant = command.question.kind is kind if isinstance(command, Ask) else type(command) is kind
        assert meant, f"{listed} is read as {command}"


@given(st.one_of(st.text(max_size=600), NEARLY))
@example("unopened soon")
@example("forgt bob@acme.com")
def test_any_text_is_a_command_and_every_refusal_shows_one_that_works(text: str) -> None:
    command = read_command(text)

    if right := refusal_in(command):
        again = read_example(right)
        assert not isinstance(again, Unknown), f"{text!r} is told to type {right!r}, which is {again}"
        assert not (isinstance(again, Ask) and again.question.kind is QuestionKind.MATCHING), right
