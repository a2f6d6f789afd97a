"""Questions: any words a person types become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.questions import Question, QuestionKind, parse_question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("", Question(QuestionKind.LATEST)),
        ("   ", Question(QuestionKind.LATEST)),
        ("acme", Question(QuestionKind.MATCHING, ("acme",))),
        ("ada@acme.com", Question(QuestionKind.MATCHING, ("ada@acme.com",))),
        ('"q3 proposal"', Question(QuestionKind.MATCHING, ("q3 proposal",))),
        ("“q3 proposal” ada", Question(QuestionKind.MATCHING, ("q3 proposal", "ada"))),
        ("unopened", Question(QuestionKind.UNOPENED)),
        ("Unopened 3d", Question(QuestionKind.UNOPENED, days=3)),
        ("unopened 12h", Question(QuestionKind.UNOPENED, days=0.5)),
        ("unopened mail", Question(QuestionKind.MATCHING, ("unopened", "mail"))),
    ],
)
def test_words_become_a_question(text: str, question: Question) -> None:
    assert parse_question(text) == question


@given(st.text(max_size=200))
def test_any_text_is_a_question(text: str) -> None:
    question = parse_question(text)

    assert question.kind is not QuestionKind.MATCHING or question.words
