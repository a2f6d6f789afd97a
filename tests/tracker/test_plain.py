"""Answers in the terminal."""

from tests.makers import a_sent_copy, a_sent_message, a_summary, after, an_account
from tracker.plain import answer_json, answer_lines
from tracker.ports import Report
from tracker.questions import Question, QuestionKind
from tracker.reporting import Answer, Story, TimelineLine

LINE = TimelineLine(
    "hit-1", "c", after(hours=2), "Ada", "Opened", "Outlook on Windows", "Lyon, France", "a mail program", True
)


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
