"""A message's words: its subject, and the names and addresses of its recipients, as searches compare them."""

import unicodedata
from collections.abc import Iterable

from tracker.model import Recipient
from tracker.store.database import Statements
from tracker.store.rows import recipients_of

_RECIPIENTS = """
SELECT message.subject, copy.recipients FROM message JOIN copy ON copy.message_id = message.id WHERE message.id = $1
"""
_WORDS = "UPDATE message SET words = $2 WHERE id = $1"


def folded(text: str) -> str:
    """A text as searches compare it: case, and how an accent is spelled, do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(subject: str, recipients: Iterable[Recipient]) -> str:
    texts = [subject, *(part for recipient in recipients for part in (recipient.address, recipient.name))]
    return folded("\n".join(text for text in texts if text))


async def note_words(transaction: Statements, message_id: str) -> None:
    """Write them anew, as its subject or its recipients changed."""
    rows = await transaction.rows(_RECIPIENTS, message_id)
    recipients = [recipient for row in rows for recipient in recipients_of(row["recipients"])]
    if rows:
        await transaction.rows(_WORDS, message_id, words_of(rows[0]["subject"], recipients))
