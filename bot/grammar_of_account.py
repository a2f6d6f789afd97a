"""What was typed about figures, health and privacy, read as a command. Pure."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from tracker.questions import parse_age

EXAMPLES = {
    "stats": "/opens stats 30d",
    "doctor": "/opens doctor",
    "export": "/opens export",
    "forget": "/opens forget ada@acme.com",
    "team": "/opens team",
}
USUAL_DAYS, MOST_DAYS = 30.0, 180.0
_ADDRESS = re.compile(r"[^@\s\"<>]{1,64}@[^@\s\"<>]{1,255}")
_CLOSE = 0.75


@dataclass(frozen=True, slots=True)
class ShowStats:
    """What the mail of the last days adds up to."""

    days: float = USUAL_DAYS


@dataclass(frozen=True, slots=True)
class AskDoctor:
    """Whether everything works."""


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that is kept about the asker's mail."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Everything about this recipient is to be erased."""

    address: str


@dataclass(frozen=True, slots=True)
class ShowTeam:
    """How much each person uses Twotick; for admins."""


AccountCommand = ShowStats | AskDoctor | Export | Forget | ShowTeam


def read_account(name: str, rest: str) -> AccountCommand | str | None:
    """Read a command by its name and what follows; an example where that cannot be read, None where it is none."""
    words = rest.split()
    if name == "stats":
        return _stats(words)
    if name == "forget":
        return _forget(words)
    alone: dict[str, AccountCommand] = {"doctor": AskDoctor(), "export": Export(), "team": ShowTeam()}
    return alone.get(name) if not words else _slip(name, words)


def _stats(words: list[str]) -> ShowStats | str | None:
    if not words:
        return ShowStats()
    if len(words) > 1 and parse_age("".join(words)) is None:
        return None  # a subject that begins with this word
    days = parse_age("".join(words))
    return ShowStats(days) if days and days <= MOST_DAYS else EXAMPLES["stats"]


def _forget(words: list[str]) -> Forget | str | None:
    if not words:
        return EXAMPLES["forget"]
    if len(words) == 1 and _ADDRESS.fullmatch(words[0]):
        return Forget(words[0].lower())
    addresses = [word for word in words if _ADDRESS.fullmatch(word)]
    if addresses:
        return f"/opens forget {addresses[0].lower()}"
    return EXAMPLES["forget"] if len(words) == 1 else None


def _slip(name: str, words: list[str]) -> str | None:
    """The command that words beside an address may be a slip of: `forgt ada@acme.com`."""
    if len(words) == 1 and _ADDRESS.fullmatch(words[0]) and get_close_matches(name, ["forget", "erase"], 1, _CLOSE):
        return f"/opens forget {words[0].lower()}"
    return None
