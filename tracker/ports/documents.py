"""The shelf on which documents lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tracker.documents import Document
from tracker.failures import Refused


class NoRoom(Refused):
    """The disk is full: nothing was kept."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document with the address of who sent it."""

    document: Document
    sender: str


class DocumentShelf(Protocol):
    """Keeps files for those who send and for those who serve, which may be different machines.

    What lies on it is encrypted, each piece bound to its document and place. It
    goes with its message and with its account. Every call may raise TryLater.
    """

    async def put(self, document: Document, data: bytes, at: datetime) -> None:
        """Return once all of it is durable; a document that is there whole is kept, as if it had been put now.

        A half one, which a crash left, is written anew. Raises NoRoom; LookupError when its message is gone.
        """

    async def get(self, document_id: str, now: datetime) -> Shelved | None:
        """A document that is there whole and has not expired."""

    async def piece(self, document: Document, number: int) -> bytes | None:
        """The bytes from `number * PIECE` on, at most PIECE of them; None when they are gone or unreadable."""

    async def of_message(self, message_id: str) -> Sequence[Document]:
        """What is kept for a message, by name."""

    async def tidy(self, now: datetime, orphaned_before: datetime) -> int:
        """Erase what has expired, and what was put before then for mails that Gmail was never asked to send."""
