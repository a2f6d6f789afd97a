"""The buttons that turn the pages of an answer, in its place."""

import json

from bot.blocks import MAX_VALUE, Block, button
from tracker.paging import Turn, read_turn
from tracker.questions import Question, QuestionKind

OLDER, NEWER = "older", "newer"


def turning_buttons(question: Question, older: Turn | None, newer: Turn | None) -> list[Block]:
    """To the pages around a list; each carries its question, so that it is asked again, and from where to go on."""
    turns = (("Newer", NEWER, newer), ("Older", OLDER, older))
    return [button(text, name, _carried(question, turn)) for text, name, turn in turns if turn]


def read_turning(value: str) -> tuple[Question, Turn] | None:
    """What such a button carried; None for a value that no button of this version has."""
    try:
        kind, days, text, words = json.loads(value)
        question = Question(QuestionKind(kind), tuple(map(str, words)), float(days))
        turn = read_turn(text)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return (question, turn) if turn else None


def _carried(question: Question, turn: Turn) -> str:
    """Words are cut to what a button can carry: a search that long has found its few by then."""
    words = list(question.words)
    while len(told := _told(question, turn, words)) > MAX_VALUE:
        words.pop()
    return told


def _told(question: Question, turn: Turn, words: list[str]) -> str:
    return json.dumps([question.kind.value, question.days, turn.text, words], ensure_ascii=False, separators=(",", ":"))
