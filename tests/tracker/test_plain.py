"""Answers in a terminal and for programs."""

from dataclasses import replace

import pytest

from tests.makers import a_sent_copy, a_sent_message, a_summary, after, an_account
from tracker.model import Summary
from tracker.plain import answer_json, answer_lines
from tracker.ports import Report
from tracker.questions import Question, QuestionKind
from tracker.reporting import Answer, Story, TimelineLine

LATEST = Question(QuestionKind.LATEST)


LINE = TimelineLine(
    "hit-1", "c", after(hours=2), "Ada", "Opened", "Outlook on Windows", "Lyon, France", "a mail program", True
)


def _report(summary: Summary | None = None, **facts: object) -> Report:
    return Report(an_account(), a_sent_message(**facts), (a_sent_copy(),), (summary or a_summary(),))


def _answer(*reports: Report, question: Question = LATEST, more: bool = False) -> Answer:
    return Answer(question, (an_account(),), reports, more=more)


def _story(report: Report, *lines: TimelineLine) -> Answer:
    return Answer(LATEST, (report.account,), (report,), Story(report, lines))


def test_a_line_says_the_ticks_who_what_and_how_often() -> None:
    (line,) = answer_lines(_answer(_report(a_summary(opens=3))))

    assert line == "✓✓  Ada Lovelace  “Q3 proposal”  3 opens"


def test_a_list_that_goes_on_says_so() -> None:
    assert "and more" in list(answer_lines(_answer(_report(), more=True)))[-1]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (LATEST, "No tracked mail yet"),
        (Question(QuestionKind.MATCHING, ("acme", "lunch")), "Nothing tracked matches acme lunch."),
        (Question(QuestionKind.UNOPENED), "Nothing is waiting"),
    ],
)
def test_an_empty_answer_says_what_was_not_found(question: Question, words: str) -> None:
    assert words in "\n".join(answer_lines(_answer(question=question)))


def test_a_story_tells_what_counts_from_what_does_not() -> None:
    check = replace(LINE, what="Checked by a machine", client="curl", place="", reason="it only asked", counts=False)

    _, opened, checked = answer_lines(_story(_report(), LINE, check))

    assert opened.startswith("  • ")
    assert opened.endswith("Ada: Opened (Outlook on Windows in Lyon, France); a mail program")
    assert checked.startswith("  ◦ ")


def test_a_story_says_why_a_message_is_not_tracked() -> None:
    assert "  not tracked: plain text" in answer_lines(_story(_report(untracked="plain text")))


def test_words_of_strangers_cannot_steer_the_terminal() -> None:
    told = "\n".join(answer_lines(_answer(_report(subject="\x1b[2J\u202eclick\x07\u2028me"))))

    assert "“[2Jclickme”" in told


def test_json_has_every_copy_and_the_timeline_with_times_in_iso_8601() -> None:
    report = _report(a_summary(opens=1, first_open_at=after(hours=2), last_open_at=after(hours=2)))

    told = answer_json(_story(report, LINE))

    assert (told["question"], told["more"]) == ("latest", False)
    [message] = told["messages"]
    assert (message["id"], message["sent_at"]) == (report.message.id, "2026-11-02T12:00:00+00:00")
    [copy] = message["copies"]
    assert (copy["recipients"], copy["opens"], copy["clicks"]) == (["ada@acme.example"], 1, 0)
    assert (copy["first_open_at"], copy["machines"]) == ("2026-11-02T14:00:00+00:00", 0)
    assert [(line["at"], line["counts"]) for line in told["timeline"]] == [("2026-11-02T14:00:00+00:00", True)]
    assert "timeline" not in answer_json(_answer(report))


def an_answer(line: TimelineLine = LINE, **summary) -> Answer:
    report = Report(an_account(), a_sent_message(), (a_sent_copy(),), (a_summary(opens=1, **summary),))
    return Answer(Question(QuestionKind.MATCHING), (), (report,), Story(report, (line,)))


def test_a_line_says_who_what_by_which_client_where_and_why() -> None:
    assert "Ada: Opened (Outlook on Windows in Lyon, France); a mail program" in "\n".join(answer_lines(an_answer()))


def test_hits_are_named_only_when_asked_for() -> None:
    assert "hit-1" not in "\n".join(answer_lines(an_answer()))


def test_a_named_hit_comes_with_the_way_to_correct_it() -> None:
    shown = "\n".join(answer_lines(an_answer(), hits=True))

    assert "hit-1" in shown
    assert "twotick correct --account E HIT --as me|scanner|open" in shown


def test_programs_are_told_the_hit_and_the_place() -> None:
    (line,) = answer_json(an_answer())["timeline"]

    assert (line["hit"], line["place"]) == ("hit-1", "Lyon, France")


def test_a_hint_of_another_mail_system_is_told() -> None:
    assert "another mail system: Yahoo" in "\n".join(answer_lines(an_answer(passed_on="Yahoo")))


def test_a_stranger_cannot_steer_the_terminal() -> None:
    hostile = TimelineLine("h", "c", after(), "A\x1b[2J", "Opened", "x\x1b]0;", "\u202eplace", "why", True)

    assert not {"\x1b", "\u202e"} & set("".join(answer_lines(an_answer(hostile, passed_on="\x1b[31m"), hits=True)))


def test_a_documents_name_cannot_steer_the_terminal_and_is_told_to_programs() -> None:
    line = replace(LINE, what="Opened the document a\x1b[2Jb\u202e.pdf", document="a.pdf")
    report = _report(left_attached="b\x1b.ics: stays")

    told = list(answer_lines(_story(report, line)))

    assert "Opened the document a[2Jb.pdf" in told[2]
    assert told[1] == "  still attached: b.ics: stays"
    assert answer_json(_story(report, line))["timeline"][0]["document"] == "a.pdf"
