"""What was typed about noise (mute, quiet, digest, repeats, channel), read as a wish. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from difflib import get_close_matches

from bot.grammar_of_sending import At
from tracker.noise import DigestEvery, Hours, MuteKind
from tracker.questions import parse_question

EXAMPLES = {
    "mute": "/opens mute acme.com",
    "unmute": "/opens unmute acme.com",
    "quiet": "/opens quiet 20:00-08:00",
    "digest": "/opens digest daily at 8:00",
    "repeats": "/opens repeats off",
    "channel": "/opens channel #sales",
}
_ALL = ("all", "everything", "everybody", "everyone")
_LONGEST = timedelta(days=365)
_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm)?"
_HOURS = re.compile(rf"(?:from\s)?{_CLOCK}\s*(?:-|–|—|to|till|until)\s*{_CLOCK}", re.IGNORECASE)
_DIGEST = re.compile(rf"([a-z]+)(?:\s(?:at\s)?{_CLOCK})?", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_NAMES = {"today": "today", "tomorrow": "tomorrow", **{d: d for d in _DAYS}, **{d[:3]: d for d in _DAYS}}
_UNTIL = re.compile(rf"\s?\buntil\s(?:({'|'.join(_DAY_NAMES)})\b\s?(?:at\s)?)?(?:{_CLOCK})?$", re.IGNORECASE)
_SPAN = re.compile(r"\s?\b(for\s)?(\d{1,6})\s?(minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)$", re.IGNORECASE)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(days=7)}
_ADDRESS = re.compile(r"[^@\s\"]+@[^@\s\"]+\.[^@\s\"]+")
_DOMAIN = re.compile(r"@?((?:[\w-]+\.)+[^\W\d_][\w-]+)", re.IGNORECASE)
_CHANNEL = re.compile(r"(?:<#\w+\|)?#?([\w.-]{1,80})>?", re.UNICODE)
_ENDING = re.compile(rf"({'|'.join(map(re.escape, _ALL))})\s(until|for)\b")
_CLOSE = 0.7


@dataclass(frozen=True, slots=True)
class Target:
    """What is meant: an address or domain in `what`, the words of a message in `words`; for everything, neither."""

    kind: MuteKind
    what: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MuteWish:
    """Not to be told of something, for a span or until a time; without a target, to see what is muted."""

    target: Target | None = None
    span: timedelta | None = None
    until: At | None = None


@dataclass(frozen=True, slots=True)
class UnmuteWish:
    """To be told of something again; without a target, to see what is muted."""

    target: Target | None = None


@dataclass(frozen=True, slots=True)
class QuietWish:
    """Quiet hours, or quiet weekends; `off` ends them. With nothing, to see them."""

    hours: Hours | None = None
    weekends: bool = False
    off: bool = False


@dataclass(frozen=True, slots=True)
class DigestWish:
    """How often a digest is wanted, and when; without, to see it."""

    every: DigestEvery | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class RepeatsWish:
    """Whether to be told of more than the first time; None to see it."""

    on: bool | None = None


@dataclass(frozen=True, slots=True)
class ChannelWish:
    """To be told in this channel, with subjects hidden or not; `off` for the direct message again."""

    name: str = ""
    hide: bool = False
    off: bool = False


NoiseWish = MuteWish | UnmuteWish | QuietWish | DigestWish | RepeatsWish | ChannelWish
NOISE_WISHES: tuple[type, ...] = (MuteWish, UnmuteWish, QuietWish, DigestWish, RepeatsWish, ChannelWish)


def read_noise(name: str, rest: str) -> NoiseWish | str | None:
    """Read a command by its name and what follows; an example where that cannot be read, None where it is none."""
    read = _READERS.get(name)
    return read(" ".join(rest.split())) if read else None


def _mute(rest: str) -> MuteWish | str:
    if rest.lower() in ("", "list"):
        return MuteWish()
    if until := _UNTIL.search(rest):
        at = _at(until)
        target = _target(rest[: until.start()])
        return MuteWish(target, until=at) if at and target else "/opens mute all until 9:00"
    span = _SPAN.search(rest)
    # A number at the end of a subject is part of it, unless "for" says otherwise or nothing else can be meant.
    if span and (span[1] or not _is_message(rest[: span.start()])):
        length, target = _length(span), _target(rest[: span.start()])
        return MuteWish(target, length) if target and timedelta(0) < length <= _LONGEST else "/opens mute all 2h"
    if span and get_close_matches(rest[: span.start()].strip().lower(), _ALL, n=1, cutoff=_CLOSE):
        meant = f"/opens mute all {span[2]}{span[3][0].lower()}"
        return meant if timedelta(0) < _length(span) <= _LONGEST else "/opens mute all 2h"
    if _ENDING.match(rest.lower()):  # an end that no clock or calendar knows
        return "/opens mute all until 9:00"
    target = _target(rest)
    return MuteWish(target) if target else EXAMPLES["mute"]


def _length(span: re.Match[str]) -> timedelta:
    return int(span[2]) * _UNITS[span[3][0].lower()]


def _unmute(rest: str) -> UnmuteWish | str:
    if rest.lower() in ("", "list"):
        return UnmuteWish()
    target = _target(rest)
    return UnmuteWish(target) if target else EXAMPLES["unmute"]


def _quiet(rest: str) -> QuietWish | str:
    said = rest.lower()
    if not said or said in ("off", "weekends", "weekend", "weekends off", "weekend off"):
        return QuietWish(weekends=said.startswith("weekend"), off=said.endswith("off"))
    if found := _HOURS.fullmatch(said):
        begin, end = _clock(*found.groups()[:3]), _clock(*found.groups()[3:])
        if begin is not None and end is not None and begin != end:
            return QuietWish(Hours(begin, end))
    close = get_close_matches(said, ["off", "weekends", "weekends off"], n=1, cutoff=_CLOSE)
    return f"/opens quiet {close[0]}" if close else EXAMPLES["quiet"]


def _digest(rest: str) -> DigestWish | str:
    if not rest:
        return DigestWish()
    found, every = _DIGEST.fullmatch(rest), [one.value for one in DigestEvery]
    if found and found[1].lower() in every:
        at = _clock(*found.groups()[1:]) if found[2] else None
        if at is not None or not found[2]:
            return DigestWish(DigestEvery(found[1].lower()), at)
    close = get_close_matches(rest.split()[0].lower(), every, n=1, cutoff=0.5)
    return f"/opens digest {close[0]}" if close and len(rest.split()) == 1 else EXAMPLES["digest"]


def _repeats(rest: str) -> RepeatsWish | str:
    if not rest:
        return RepeatsWish()
    return RepeatsWish(rest.lower() == "on") if rest.lower() in ("on", "off") else EXAMPLES["repeats"]


def _channel(rest: str) -> ChannelWish | str:
    if rest.lower() in ("", "off"):
        return ChannelWish(off=bool(rest))
    name, _, how = rest.partition(" ")
    found = _CHANNEL.fullmatch(name)
    if not found:
        return EXAMPLES["channel"]
    if how.lower() in ("", "hide", "hidden", "hide subject", "hide subjects"):
        return ChannelWish(found[1].lower(), hide=bool(how))
    return f"/opens channel #{found[1].lower()} hide"


_READERS: Mapping[str, Callable[[str], NoiseWish | str]] = {
    "mute": _mute,
    "unmute": _unmute,
    "quiet": _quiet,
    "digest": _digest,
    "repeats": _repeats,
    "channel": _channel,
}


def _target(text: str) -> Target | None:
    said = text.strip()
    bare = said.strip('"“”„«»').lower()
    if said.lower() in _ALL:
        return Target(MuteKind.ALL)
    if _ADDRESS.fullmatch(bare):
        return Target(MuteKind.RECIPIENT, bare)
    if domain := _DOMAIN.fullmatch(said.lower()):
        return Target(MuteKind.DOMAIN, domain[1])
    asked = parse_question(said).words or tuple(said.split())  # a list's name is a word like any here
    words = tuple(word for word in asked if re.search(r"\w", word))
    return Target(MuteKind.MESSAGE, words=words) if words else None


def _is_message(text: str) -> bool:
    target = _target(text)
    return target is not None and target.kind is MuteKind.MESSAGE


def _at(found: re.Match[str]) -> At | None:
    """A time; a day alone means its morning."""
    day, *parts = found.groups()
    clock = _clock(*parts) if parts[0] else time(8)
    if clock is None or not (day or parts[0]):
        return None
    return At(_DAY_NAMES.get((day or "").lower(), ""), clock.hour, clock.minute)


def _clock(hour: str, minute: str | None, half: str | None) -> time | None:
    """The time on a clock; None when no clock shows it."""
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            return None
        number = number % 12 + (12 if half.lower() == "pm" else 0)
    minutes = int(minute or 0)
    return time(number, minutes) if number < 24 and minutes < 60 else None
