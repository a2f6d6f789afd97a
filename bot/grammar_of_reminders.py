"""What was typed after /opens remind and /opens stop, read as a wish. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from tracker.questions import parse_age, parse_question

_LONGEST = timedelta(days=180)  # as long as messages are kept by default
_AGE = re.compile(r"(\d{1,3})\s*(days?|d|weeks?|w|hours?|h)\b", re.IGNORECASE)
_SIGNED = re.compile(r"[-+~\u2013\u2014\u2212]\s*")  # also as phones write a minus
_CLOSE = 0.65
REMIND = "/opens remind 3d acme"
STOP = "/opens stop acme"


@dataclass(frozen=True, slots=True)
class Remind:
    """A wish to be reminded after a while of the message with these words; without words, to see what is set."""

    words: tuple[str, ...] = ()
    after: timedelta = timedelta(0)

    @property
    def shows(self) -> bool:
        return not self.words


@dataclass(frozen=True, slots=True)
class NoReminder:
    """A wish not to be reminded of the message with these words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A wish to stop tracking the message with these words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Misread:
    """What cannot be read as such a wish, and the nearest command that can."""

    example: str


def read_reminder(rest: str) -> Remind | NoReminder | Misread:
    """Read what follows `remind`: nothing, `off` and words, or a span and words."""
    first, _, others = rest.partition(" ")
    if not first or first.lower() == "list":
        return Remind() if not others else _misread(rest)
    if first.lower() == "off":
        return NoReminder(_words(others)) if others else Misread("/opens remind off acme")
    age = _AGE.match(rest)
    after = _span(age) if age else None
    words = rest[age.end() :].strip() if age else ""
    return Remind(_words(words), after) if after and words else _misread(rest)


def read_stop(rest: str) -> Stop | Misread:
    return Stop(_words(rest)) if rest else Misread(STOP)


def resembles(first: str, rest: str) -> Misread | None:
    """The wish that words may be a slip of: `remnd 3d acme`. What is searched for hardly ever looks like that."""
    if not get_close_matches(first.lower(), ["remind", "reminder", "remember"], n=1, cutoff=0.75):
        return None
    age = _AGE.match(rest)
    return _with_words(f"remind {age[1]}{age[2][0].lower()}", rest[age.end() :]) if age else None


def _misread(rest: str) -> Misread:
    """With the words that were meant, where they can be told from the rest."""
    first, _, others = rest.partition(" ")
    if get_close_matches(first.lower(), ["off"], n=1, cutoff=_CLOSE):
        return _with_words("remind off", others)
    if (signed := _SIGNED.match(rest)) and (after := _AGE.match(rest, signed.end())) and _span(after):
        return _with_words(f"remind {after[1]}{after[2][0].lower()}", rest[after.end() :])
    if _AGE.match(rest) or re.match(r"\d|in\b|after\b", rest, re.IGNORECASE):
        return Misread(REMIND)
    return _with_words("remind 3d", rest)


def _with_words(command: str, words: str) -> Misread:
    return Misread(f"/opens {command} {' '.join(words.split())[:60] or 'acme'}")


def _span(age: re.Match[str]) -> timedelta | None:
    days = parse_age(f"{age[1]}{age[2][0]}") or 0.0
    return timedelta(days=days) if 0 < days <= _LONGEST.days else None


def _words(text: str) -> tuple[str, ...]:
    """The words to search for; a quoted phrase is one word."""
    return parse_question(text).words or tuple(text.split())
