import pytest

from bot.grammar import Ask, Command, Unknown, read_command
from bot.grammar_of_sending import At, SendDraft, ShowDrafts, ShowWaiting, Track
from tracker.questions import Question, QuestionKind


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("drafts", ShowDrafts()),
        ("send", ShowDrafts()),
        ("Waiting", ShowWaiting()),
        ("on", Track(True)),
        ("OFF", Track(False)),
    ],
)
def test_words_that_stand_alone_are_commands(text: str, command: Command) -> None:
    assert read_command(text) == command


@pytest.mark.parametrize("text", ["drafts acme", "on call", "off site", "waiting list"])
def test_beside_other_words_they_are_words_to_search_for(text: str) -> None:
    assert read_command(text) == Ask(Question(QuestionKind.MATCHING, tuple(text.split())))


@pytest.mark.parametrize("text", ["send 2", "send #2", "Send 2.", "send  no 2"])
def test_a_number_names_a_draft(text: str) -> None:
    assert read_command(text) == SendDraft(2)


@pytest.mark.parametrize("text", ['send "q3 proposal"', "send “q3 proposal”", "send q3 proposal"])
def test_words_name_a_draft(text: str) -> None:
    assert read_command(text) == SendDraft(words="q3 proposal")


@pytest.mark.parametrize("text", ["send 2025 budget", "send 1000 things", "send 0"])
def test_what_is_no_number_of_a_list_is_a_subject(text: str) -> None:
    assert read_command(text) == SendDraft(words=text.removeprefix("send "))


@pytest.mark.parametrize(
    ("text", "links", "each"),
    [("send 2 links", True, False), ("send 2 each", False, True), ("send 2 each LINKS", True, True)],
)
def test_options_are_words_after_the_draft(text: str, links: bool, each: bool) -> None:
    assert read_command(text) == SendDraft(2, links=links, each=each)


def test_options_end_a_subject_without_quotes() -> None:
    assert read_command("send q3 proposal links each") == SendDraft(words="q3 proposal", links=True, each=True)


def test_in_quotes_they_belong_to_the_subject() -> None:
    assert read_command('send "links each" each') == SendDraft(words="links each", each=True)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("at 9", At("", 9, 0)),
        ("at 9:05", At("", 9, 5)),
        ("at 14.30", At("", 14, 30)),
        ("at 9pm", At("", 21, 0)),
        ("at 12 am", At("", 0, 0)),
        ("tomorrow 9:00", At("tomorrow", 9, 0)),
        ("at 9:00 tomorrow", At("tomorrow", 9, 0)),
        ("on fri at 9", At("friday", 9, 0)),
        ("2026-12-24 8:15", At("2026-12-24", 8, 15)),
    ],
)
@pytest.mark.parametrize("rest", ["", " links"])
def test_a_time_may_follow(typed: str, at: At, rest: str) -> None:
    assert read_command(f"send 2 {typed}{rest}") == SendDraft(2, at=at, links=bool(rest))
    assert read_command(f"send 2{rest} {typed}") == SendDraft(2, at=at, links=bool(rest))


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("send 2 lnks", "/opens send 2 links"),
        ("send 2 eahc", "/opens send 2 each"),
        ("send 3 musketeers", "/opens send 3 links each"),
        ("send 2 tomorrow", "/opens send 2 tomorrow at 9:00"),
        ("send 1 yesterday", "/opens send 1 tomorrow at 9:00"),
        ("send 1 tomorow", "/opens send 1 tomorrow at 9:00"),
        ("send 1 9:00", "/opens send 1 tomorrow at 9:00"),
        ("send 2 at noon", "/opens send 2 at 9:00"),
        ("send 2 at 25:00", "/opens send 2 at 9:00"),
        ("send 2 at 13pm", "/opens send 2 at 9:00"),
        ("send 2 2026-02-30 9:00", "/opens send 2 at 9:00"),
        ('send "q3" eech', '/opens send "q3" each'),
        ("send links", '/opens send "subject words"'),
        ("send at 9:00", '/opens send "subject words"'),
    ],
)
def test_what_cannot_be_read_gets_the_nearest_command(text: str, example: str) -> None:
    assert read_command(text) == Unknown(text, example)


@pytest.mark.parametrize(
    ("slip", "nearest"),
    [
        ("draft", "/opens drafts"),
        ("waitng", "/opens waiting"),
        ("sned", "/opens send 2"),
        ("sned 1", "/opens send 1"),
        ("sned 3 links", "/opens send 3 links"),
        ("sned 1 lnks", "/opens send 1 links"),
        ("sned acme", "/opens send acme"),
        ("draft acme", ""),
    ],
)
def test_a_slip_searches_and_remembers_the_command_it_resembles(slip: str, nearest: str) -> None:
    assert read_command(slip) == Ask(Question(QuestionKind.MATCHING, tuple(slip.split())), nearest)


@pytest.mark.parametrize(
    "text", ["send " + "9" * 400, 'send "', "send # #", "send at at at 9", "send 2 " + "links " * 80]
)
def test_rubbish_is_read_as_something(text: str) -> None:
    assert isinstance(read_command(text), SendDraft | Unknown)
