"""What people ask of their tracked mail, read from the words they typed."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum


class QuestionKind(StrEnum):
    LATEST = "latest"
    MATCHING = "matching"
    UNOPENED = "unopened"
    HOT = "hot"  # opened again and again, or again after a long pause
    TODAY = "today"  # sent today, or opened today
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `words` for a search, `days` for the least age of an unopened message."""

    kind: QuestionKind
    words: tuple[str, ...] = ()
    days: float = 0.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages a question means at one moment: those for which all that is said here is so.

    `words` are in the subject, or in a recipient's name or address; `alive_since`: sent, opened or
    clicked since then; `unopened_before`: sent until then, tracked, and neither opened, clicked nor answered.
    """

    words: tuple[str, ...] = ()
    sent_since: datetime | None = None
    alive_since: datetime | None = None
    unopened_before: datetime | None = None


UNOPENED_WITHIN = timedelta(days=60)  # whoever did not open it by then hardly will

_SPANS = {"today": QuestionKind.TODAY, "week": QuestionKind.WEEK, "hot": QuestionKind.HOT}
_PHRASE = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]|(\S+)')
_AGE = re.compile(r"(\d{1,3})\s*([dhw])", re.IGNORECASE)
_DAYS = {"h": 1 / 24, "d": 1.0, "w": 7.0}


def parse_question(text: str) -> Question:
    """Read a question; words that are no list's name search subjects and recipients. A quoted phrase is one word."""
    words = tuple((quoted or bare).strip() for quoted, bare in _PHRASE.findall(text))
    words = tuple(word for word in words if word)
    if not words:
        return Question(QuestionKind.LATEST)
    if len(words) == 1 and (span := _SPANS.get(words[0].lower())):
        return Question(span)
    if words[0].lower() == "unopened" and len(words) <= 2:
        days = parse_age(words[1]) if len(words) == 2 else 0.0
        if days is not None:
            return Question(QuestionKind.UNOPENED, days=days)
    return Question(QuestionKind.MATCHING, words)


def parse_age(text: str) -> float | None:
    """Days in `3d`, `12h` or `2w`; None for anything else."""
    match = _AGE.fullmatch(text.strip())
    return int(match[1]) * _DAYS[match[2].lower()] if match else None


def wanted_of(question: Question, now: datetime, zone: tzinfo) -> Wanted:
    """What a question means now, for somebody whose clock stands in this zone."""
    match question.kind:
        case QuestionKind.MATCHING:
            return Wanted(words=question.words)
        case QuestionKind.UNOPENED:
            before = now - timedelta(days=question.days)
            return Wanted(sent_since=now - UNOPENED_WITHIN, unopened_before=before)
        case QuestionKind.TODAY:
            return Wanted(alive_since=_midnight(now, zone))
        case QuestionKind.WEEK:
            return Wanted(alive_since=_midnight(now, zone, days_ago=now.astimezone(zone).weekday()))
        case _:
            return Wanted()


def _midnight(now: datetime, zone: tzinfo, days_ago: int = 0) -> datetime:
    """The beginning of a day on the asker's own clock."""
    day = now.astimezone(zone).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(), zone)
