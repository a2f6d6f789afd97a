"""What a phone shows of a message: a hundred letters, in which our own words stay whole and theirs share the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.plaintext import escape, one_line
from tracker.model import Copy, Message
from tracker.wording import who_words

MOST = 100
_LEAST = 4  # letters of anybody's words: fewer say nothing
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Theirs:
    """Somebody else's words. Where they do not fit, `brief` stands for them, and is cut if it must be."""

    text: str
    brief: str = ""


def phone_line(*parts: str | Theirs) -> str:
    """One line for a phone, safe to show. Plain parts are our own, and short."""
    theirs = [part for part in parts if isinstance(part, Theirs)]
    room = MOST - sum(len(part) for part in parts if isinstance(part, str))
    shares = iter(_shares([_length(one.text) for one in theirs], room))
    return "".join(part if isinstance(part, str) else _fitting(part, next(shares)) for part in parts)


def subject_of(message: Message) -> tuple[str | Theirs, ...]:
    """The subject, in quotation marks."""
    return '"', Theirs(message.subject if one_line(message.subject, MOST) else "(no subject)"), '"'


def people_of(copies: Sequence[Copy]) -> tuple[str | Theirs, ...]:
    """ "Ada Lovelace and 4 more": everybody is on the card."""
    everybody = [person.label for copy in copies for person in copy.recipients]
    rest = f" and {len(everybody) - 1:,} more" if len(everybody) > 1 else ""
    return (Theirs(everybody[0]) if everybody else "nobody"), rest


def reader_of(name: str, copy: Copy | None) -> Theirs:
    """Who it was, or who it may have been: half of a list of guesses would name the wrong people."""
    return Theirs(name, who_words(copy) if copy else "")


def _fitting(one: Theirs, share: int) -> str:
    cut = _length(one.text) > share
    return escape(one.brief if cut and one.brief else one.text, share)


def _length(text: str) -> int:
    return len(one_line(text, _LONGEST))


def _shares(wanted: Sequence[int], room: int) -> list[int]:
    """Room for each: who wants less than an even part leaves the rest to the others."""
    given = dict.fromkeys(range(len(wanted)), 0)
    for place in sorted(given, key=wanted.__getitem__):
        left = len(given) - sum(1 for share in given.values() if share)
        given[place] = max(_LEAST, min(wanted[place], room // left))
        room -= given[place]
    return [given[place] for place in range(len(wanted))]
