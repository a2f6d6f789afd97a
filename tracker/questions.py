"""What people ask of their tracked mail, read from the words they typed."""

import re
from dataclasses import dataclass
from enum import StrEnum


class QuestionKind(StrEnum):
    LATEST = "latest"
    MATCHING = "matching"
    UNOPENED = "unopened"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `words` for a search, `days` for the least age of an unopened message."""

    kind: QuestionKind
    words: tuple[str, ...] = ()
    days: float = 0.0


_PHRASE = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]|(\S+)')
_AGE = re.compile(r"(\d{1,3})\s*([dhw])", re.IGNORECASE)
_DAYS = {"h": 1 / 24, "d": 1.0, "w": 7.0}


def parse_question(text: str) -> Question:
    """Read a question; words that are no list's name search subjects and recipients. A quoted phrase is one word."""
    words = tuple((quoted or bare).strip() for quoted, bare in _PHRASE.findall(text))
    words = tuple(word for word in words if word)
    if not words:
        return Question(QuestionKind.LATEST)
    if words[0].lower() == "unopened" and len(words) <= 2:
        days = parse_age(words[1]) if len(words) == 2 else 0.0
        if days is not None:
            return Question(QuestionKind.UNOPENED, days=days)
    return Question(QuestionKind.MATCHING, words)


def parse_age(text: str) -> float | None:
    """Days in `3d`, `12h` or `2w`; None for anything else."""
    match = _AGE.fullmatch(text.strip())
    return int(match[1]) * _DAYS[match[2].lower()] if match else None
