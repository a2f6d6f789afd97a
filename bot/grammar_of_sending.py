"""What was typed about sending drafts, waiting orders and tracking by default, read as a command."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

EXAMPLES = {
    "drafts": "/opens drafts",
    "send": "/opens send 2",
    "waiting": "/opens waiting",
    "on": "/opens on",
    "off": "/opens off",
}
_OPTIONS = {"links": "links", "link": "links", "each": "each", "everyone": "each", "separately": "each"}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_NAMES = {"today": "today", "tomorrow": "tomorrow", **{d: d for d in _DAYS}, **{d[:3]: d for d in _DAYS}}
_DAY = rf"(?P<day>{'|'.join(_DAY_NAMES)}|\d{{4}}-\d{{2}}-\d{{2}})"
_CLOCK = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s?(?P<half>am|pm)?"
# "at 9", "tomorrow 9:00", "on monday at 9am"; a bare "9" is no time, as subjects end in numbers.
_TIME = re.compile(
    rf"(?:^|\s)(?:(?:(?:on\s)?{_DAY}\s(?:at\s)?|at\s){_CLOCK}|at\s{_CLOCK.replace('P<', 'P<l')}\s(?:on\s)?"
    rf"{_DAY.replace('P<', 'P<l')})$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:#|no\.?\s?)?(\d{1,3})\.?(?=\s|$)", re.IGNORECASE)
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]')
_CLOSE = 0.6
_CLOSE_DAY = 0.8
# What people say of times that we cannot read, or that are over.
_TIME_WORDS = frozenset(
    [
        "yesterday",
        "tonight",
        "noon",
        "midnight",
        "now",
        "later",
        "soon",
        "in",
        "next",
        "this",
        "morning",
        "afternoon",
        "evening",
    ]
)


@dataclass(frozen=True, slots=True)
class ShowDrafts:
    pass


@dataclass(frozen=True, slots=True)
class ShowWaiting:
    pass


@dataclass(frozen=True, slots=True)
class Track:
    """Tracking by default is to be on or off."""

    on: bool


@dataclass(frozen=True, slots=True)
class At:
    """A time as it was typed: a day's name or date ("" for the next time the clock shows this), hour and minute."""

    day: str
    hour: int
    minute: int


@dataclass(frozen=True, slots=True)
class SendDraft:
    """A draft to be sent: its number in the list, or words of its subject (0 and none of them for the list)."""

    number: int = 0
    words: str = ""
    links: bool = False
    each: bool = False
    at: At | None = None


SendingCommand = ShowDrafts | ShowWaiting | Track | SendDraft


def read_sending(name: str, rest: str) -> SendingCommand | str | None:
    """Read a command by its name and what follows; an example where that cannot be read, None where it is none."""
    if name == "send":
        return _send(rest.strip()) if rest.strip() else ShowDrafts()
    if rest.strip():
        return None  # beside other words these names are words to search for
    alone: dict[str, SendingCommand] = {
        "drafts": ShowDrafts(),
        "waiting": ShowWaiting(),
        "on": Track(True),
        "off": Track(False),
    }
    return alone.get(name)


def _send(said: str) -> SendDraft | str:
    """The draft comes first, then options and a time in any order."""
    picked, draft, how = _picked(said)
    free = not picked  # a subject without quotes ends where the options begin
    at: At | None = None
    options: set[str] = set()
    while how:
        if at is None and (found := _TIME.search(how)):
            at, how = _at(found), how[: found.start()].rstrip()
            if at is None:
                return f"/opens send {draft} at 9:00" if picked else '/opens send "subject words" at 9:00'
            continue
        before, _, word = how.rpartition(" ")
        if (option := _OPTIONS.get(word.lower())) is None:
            break
        options.add(option)
        how = before.rstrip()
    if how and not free:
        return _mended(draft, how)
    if free and not how:
        return '/opens send "subject words"'
    number = int(draft) if draft.isdecimal() and picked == "number" else 0
    words = "" if number else (draft if picked else how).strip('"“”„«» ')
    return SendDraft(number, words, links="links" in options, each="each" in options, at=at)


def _picked(said: str) -> tuple[str, str, str]:
    """How the draft was named ("number", "quoted", or "" for bare words), its name, and what follows."""
    if quoted := _QUOTED.match(said):
        return "quoted", quoted[1].strip(), said[quoted.end() :].strip()
    number = _NUMBER.match(said)
    # "send 2 links" means the second draft; "send 2025 budget" is four digits, and a subject.
    if number and int(number[1]):
        return "number", number[1], said[number.end() :].strip()
    return "", "", said


def _mended(draft: str, left: str) -> str:
    """The nearest command to one that ends in words we cannot read."""
    shown = draft if draft.isdecimal() else f'"{draft}"'
    first = left.split()[0].lower()
    if first in _DAY_NAMES or first in ("at", "on"):
        day = f" {first}" if first in _DAY_NAMES else ""
        return f"/opens send {shown}{day} at 9:00"
    if first in _TIME_WORDS or first[0].isdigit():
        return f"/opens send {shown} tomorrow at 9:00"
    if days := get_close_matches(first, _DAY_NAMES, n=1, cutoff=_CLOSE_DAY):
        return f"/opens send {shown} {days[0]} at 9:00"
    close = get_close_matches(first, _OPTIONS, n=1, cutoff=_CLOSE)
    return f"/opens send {shown} {_OPTIONS[close[0]]}" if close else f"/opens send {shown} links each"


def _at(found: re.Match[str]) -> At | None:
    """The time in a match; None when no clock shows it, or no calendar."""
    parts = {name.removeprefix("l"): text for name, text in found.groupdict().items() if text}
    hour, minute = int(parts["hour"]), int(parts.get("minute", "0"))
    if half := parts.get("half", "").lower():
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    day = _DAY_NAMES.get(parts.get("day", "").lower(), parts.get("day", ""))
    return At(day, hour, minute) if hour < 24 and minute < 60 and _is_day(day) else None


def _is_day(day: str) -> bool:
    try:
        return not day or day.isalpha() or bool(date.fromisoformat(day))
    except ValueError:
        return False
