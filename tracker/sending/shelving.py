"""Attachments onto the shelf before the mail leaves, so that no sent mail holds a link that leads nowhere."""

import asyncio
from datetime import timedelta
from hashlib import sha256

from tracker.clock import Clock
from tracker.documents import Document
from tracker.model import Message
from tracker.ports import DocumentShelf
from tracker.tagger import Linking
from tracker.tagging import REASONS, Attached, Unsafe, linkable

_SPECIAL = ("signed", "encrypted", "invitation")
NOT_SAFE = (
    "Links cannot be put into this mail safely, so its attachments stayed."
    " Write it again in Gmail's compose window to have them sent as links."
)
NOTHING_FOUND = "This mail has no attachment that can go out as a link."


class Shelving:
    """Puts the attachments of a message on the shelf."""

    def __init__(self, shelf: DocumentShelf, largest: int, kept_for: timedelta, clock: Clock) -> None:
        self._shelf = shelf
        self._largest = largest
        self._kept_for = kept_for
        self._clock = clock

    async def shelved(self, message: Message, raw: bytes) -> Linking:
        """Return once they are durable, the same however often. Raises NoRoom, TryLater."""
        try:
            files, left = await asyncio.to_thread(linkable, raw, self._largest)
        except Unsafe as problem:
            return Linking(left=REASONS[problem.code] if problem.code in _SPECIAL else NOT_SAFE)
        documents = [self._document(message, file) for file in files]
        for document, file in zip(documents, files, strict=True):
            await self._shelf.put(document, file.data, self._clock())
        why = "; ".join(left) or (None if documents else NOTHING_FOUND)
        return Linking(tuple(documents), self._largest, why)

    def _document(self, message: Message, file: Attached) -> Document:
        content = sha256(file.data).hexdigest()
        # Named for what it is: the same file is kept once, and a repeated sending finds it again.
        name = sha256("\0".join((message.id, file.name, file.kind, content)).encode()).hexdigest()[:16]
        expires_at = self._clock() + self._kept_for
        return Document(name, message.id, file.name, file.kind, len(file.data), expires_at)
