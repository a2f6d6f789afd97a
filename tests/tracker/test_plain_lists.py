"""Lists in a terminal say what they looked at."""

import pytest

from tests.makers import a_sent_copy, a_sent_message, a_summary, an_account
from tracker.plain import answer_lines
from tracker.ports import Report
from tracker.questions import Question, QuestionKind
from tracker.reporting import Answer


def test_a_mail_without_tracking_is_not_called_unopened() -> None:
    report = Report(an_account(), a_sent_message(untracked="plain text"), (a_sent_copy(),), (a_summary(),))

    (line,) = answer_lines(Answer(Question(QuestionKind.LATEST), (report.account,), (report,)))

    assert line == "–   Ada Lovelace  “Q3 proposal”  sent without tracking"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0.0, "Nothing is waiting to be opened."),
        (3.0, "Nothing is waiting to be opened that was sent 3 days ago or earlier."),
    ],
)
def test_an_empty_list_of_unopened_mail_says_which_mail_it_looked_at(days: float, said: str) -> None:
    assert list(answer_lines(Answer(Question(QuestionKind.UNOPENED, days=days), (an_account(),), ()))) == [said]
