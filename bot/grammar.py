"""What was typed after /opens, read as a command."""

import html
import re
from dataclasses import dataclass
from difflib import get_close_matches

from bot.grammar_of_account import EXAMPLES as OF_ACCOUNT
from bot.grammar_of_account import AccountCommand, read_account
from bot.grammar_of_noise import EXAMPLES as NOISE
from bot.grammar_of_noise import NoiseWish, read_noise
from bot.grammar_of_reminders import (
    REMIND,
    STOP,
    Misread,
    NoReminder,
    Remind,
    Stop,
    read_reminder,
    read_stop,
    resembles,
)
from bot.grammar_of_sending import EXAMPLES, SendingCommand, read_sending
from bot.grammar_of_sharing import EXAMPLE as SHARE
from bot.grammar_of_sharing import ShareWish, read_sharing
from tracker.questions import UNOPENED_WITHIN, Question, parse_age, parse_question

WORKING = {
    "help": "/opens help",
    "unopened": "/opens unopened 3d",
    "hot": "/opens hot",
    "today": "/opens today",
    "week": "/opens week",
    "connect": "/opens connect",
    "disconnect": "/opens disconnect",
    **EXAMPLES,
    "remind": REMIND,
    "stop": STOP,
    **OF_ACCOUNT,
    **NOISE,
    "share": SHARE,
}
HELP_TOPICS = ("finding", "sending", "reminders", "alerts", "mailbox")
_HELP = ("help", "?", "-h", "--help", "hilfe", "aide", "ayuda")
_MOST_TYPED = 500
_SLACK_LINK = re.compile(r"<(?:mailto:|https?://)?([^<>|]*)(?:\|([^<>]*))?>")
_CLOSE = 0.75
# Commands that a slip beside other words may mean.
_TAKING_WORDS = (EXAMPLES["send"], OF_ACCOUNT["stats"], *NOISE.values())
_PROFILES = ("standard", "full", "send")


@dataclass(frozen=True, slots=True)
class Help:
    """What works; of a topic, if one is named."""

    topic: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question; `nearest` is the command that a single searched word resembles, told when nothing matches."""

    question: Question
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Connect:
    """A wish to connect a mailbox; `profile` names how much it lets us do."""

    profile: str = "standard"


@dataclass(frozen=True, slots=True)
class Disconnect:
    """A wish to forget a mailbox; without an address, one of those there are."""

    email: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What cannot be read, and the nearest command that can."""

    said: str
    example: str


Command = (
    Help
    | Ask
    | Connect
    | Disconnect
    | SendingCommand
    | Remind
    | NoReminder
    | Stop
    | AccountCommand
    | NoiseWish
    | ShareWish
    | Unknown
)


def read_command(text: str) -> Command:
    """Read a command. What is no command searches, so that no name or subject is ever out of reach."""
    said = _typed(text)
    first, *rest = said.split() or [""]
    name = first.lower()
    if name in _HELP and (asked_help := _help(rest)):
        return asked_help
    if name == "unopened" and rest and not _is_age(rest):
        return Unknown(said, WORKING["unopened"])
    if (wish := _about_mailboxes(name, rest)) is not None:
        return wish
    if (sending := read_sending(name, said[len(first) :])) is not None:
        return Unknown(said, sending) if isinstance(sending, str) else sending
    if (asked := _about_reminders(name, " ".join(rest))) is not None:
        return Unknown(said, asked.example) if isinstance(asked, Misread) else asked
    if (asked_for := read_account(name, " ".join(rest))) is not None:
        return Unknown(said, asked_for) if isinstance(asked_for, str) else asked_for
    if (noise := read_noise(name, said[len(first) :])) is not None:
        return Unknown(said, noise) if isinstance(noise, str) else noise
    if (sharing := read_sharing(name, said[len(first) :])) is not None:
        return Unknown(said, sharing) if isinstance(sharing, str) else sharing
    nearest = _nearest(name)
    if rest and nearest == EXAMPLES["send"]:
        return Ask(parse_question(said), _sent_instead(" ".join(rest)))
    return Ask(parse_question(said), nearest if not rest or nearest in _TAKING_WORDS else "")


def _help(rest: list[str]) -> Help | None:
    """Help, or a topic's; `help` beside other words is a word to search for."""
    close = get_close_matches(rest[0].lower(), HELP_TOPICS, n=1, cutoff=_CLOSE) if len(rest) == 1 else []
    return Help(close[0] if close else "") if close or not rest else None


def _is_age(rest: list[str]) -> bool:
    """Whether this is an age of unopened messages; who did not open within the longest hardly ever will."""
    days = parse_age(rest[0]) if len(rest) == 1 else None
    return days is not None and days <= UNOPENED_WITHIN.days


def _about_mailboxes(name: str, rest: list[str]) -> Connect | Disconnect | Unknown | None:
    """Connecting and its end; their names beside other words are words to search for."""
    if name not in ("connect", "disconnect") or len(rest) > 1:
        return None
    word = rest[0].lower() if rest else ""
    if name == "disconnect":
        return Disconnect(word) if not word or "@" in word else None
    if not word or word in _PROFILES:
        return Connect(word or "standard")
    close = get_close_matches(word, _PROFILES, n=1, cutoff=_CLOSE)
    return Unknown(f"{name} {word}", f"/opens connect {close[0]}") if close else None


def _about_reminders(name: str, rest: str) -> Remind | NoReminder | Stop | Misread | None:
    if name == "remind":
        return read_reminder(rest)
    return read_stop(rest) if name == "stop" else resembles(name, rest)


def _nearest(word: str) -> str:
    """The working command that a word may be a slip of; a word that is one is none."""
    close = get_close_matches(word, [name for name in WORKING if name != word], n=1, cutoff=_CLOSE)
    return WORKING[close[0]] if close else ""


def _sent_instead(rest: str) -> str:
    """What a slip of `send` meant: never another draft than the one that was named."""
    read = read_sending("send", f" {rest}")
    return read if isinstance(read, str) else f"/opens send {rest}"


def _typed(text: str) -> str:
    """The text as it was typed: without Slack's own marks around addresses, and no longer than anybody types."""
    words = _SLACK_LINK.sub(lambda link: link[2] or link[1], text[:_MOST_TYPED])
    return " ".join(html.unescape(words).replace("\0", " ").split())
