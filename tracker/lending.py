"""What Google lends us with one press in Gmail: the mail that is open, and the right to write a draft."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol

from tracker.mailbox import MailFacts


@dataclass(frozen=True, slots=True)
class Lent:
    """The tokens of one call. They hold for minutes and for one person, and are neither kept nor logged.

    `user` is the person's, for the scopes of the add-on; `mail` opens the one mail that is on their screen.
    """

    user: str = field(default="", repr=False)
    mail: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft as Gmail named it."""

    id: str
    thread_id: str


class Lending(Protocol):
    """Gmail through what was lent, whatever its owner granted us otherwise.

    Each call asks once. Raises Refused (Missing among it) when Gmail certainly
    did not do it, in words for the person who pressed, and TryLater when it may have.
    """

    async def mail(self, lent: Lent, gmail_id: str, headers: Collection[str]) -> MailFacts:
        """The open mail's labels, time, and these headers; `gmail_id` as Gmail's page spells it or as its API does."""

    async def create_draft(self, lent: Lent, raw: bytes, thread_id: str) -> NewDraft:
        """Save a draft in this conversation."""
