"""Documents in pieces: each short to write, so that nobody who records hits waits for a large file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from tortoise.exceptions import IntegrityError

from tracker.documents import PIECE, Document
from tracker.ports import NoRoom, Shelved, TryLater
from tracker.sealing import Sealer
from tracker.store.database import Database, Row
from tracker.store.moments import moment, stamp

NO_ROOM = (
    "The disk of Twotick's database is full, so the documents could not be kept and nothing was sent."
    " Tell whoever runs Twotick for you, or send the mail with its attachments as they are."
)

# Half a document has `whole = 0`. One that is there whole is touched, so that nobody tidies it before it is sent.
_TOUCH = "UPDATE shelved_document SET put_at = $2, expires_at = $3 WHERE id = $1 AND whole = 1 RETURNING id"
_BEGIN = """
INSERT INTO shelved_document (id, message_id, name, kind, size, put_at, expires_at, whole)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
ON CONFLICT (id) DO UPDATE SET put_at = excluded.put_at, expires_at = excluded.expires_at
"""
_PIECE = """
INSERT INTO shelved_piece (id, document_id, data) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET data = excluded.data
"""
_WHOLE = "UPDATE shelved_document SET whole = 1 WHERE id = $1 RETURNING id"
_GET = """
SELECT shelved_document.*, account.email FROM shelved_document
JOIN message ON message.id = shelved_document.message_id JOIN account ON account.id = message.account_id
WHERE shelved_document.id = $1 AND whole = 1 AND expires_at > $2
"""
_READ = "SELECT data FROM shelved_piece WHERE id = $1"
_OF_MESSAGE = "SELECT * FROM shelved_document WHERE message_id = $1 AND whole = 1 ORDER BY name, id"
# A copy that Gmail was asked to send may be out, whether or not we heard of it.
_TIDY = """
DELETE FROM shelved_document WHERE id IN (
    SELECT id FROM shelved_document WHERE expires_at <= $1 OR (put_at < $2 AND NOT EXISTS (
        SELECT 1 FROM copy WHERE copy.message_id = shelved_document.message_id AND attempted_at IS NOT NULL))
    LIMIT 5)
RETURNING id
"""


class SqlDocumentShelf:
    """Keeps ports.DocumentShelf in a database."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def put(self, document: Document, data: bytes, at: datetime) -> None:
        with _room():
            if await self._begun(document, at):
                return
            for number, start in enumerate(range(0, len(data), PIECE)):
                sealed = self._sealer.seal_bytes(data[start : start + PIECE], _about(document.id, number))
                await self._written(document, _PIECE, _name(document.id, number), document.id, sealed)
            async with self._database.writing() as transaction:
                if not await transaction.rows(_WHOLE, document.id):
                    raise LookupError(f"there is no message {document.message_id}")

    async def get(self, document_id: str, now: datetime) -> Shelved | None:
        async with self._database.reading() as statements:
            rows = await statements.rows(_GET, document_id, stamp(now))
        return Shelved(_document_of(rows[0]), rows[0]["email"]) if rows else None

    async def piece(self, document: Document, number: int) -> bytes | None:
        async with self._database.reading() as statements:
            rows = await statements.rows(_READ, _name(document.id, number))
        return self._sealer.open_bytes(bytes(rows[0]["data"]), _about(document.id, number)) if rows else None

    async def of_message(self, message_id: str) -> Sequence[Document]:
        async with self._database.reading() as statements:
            return [_document_of(row) for row in await statements.rows(_OF_MESSAGE, message_id)]

    async def tidy(self, now: datetime, orphaned_before: datetime) -> int:
        tidied = 0
        while True:
            # A few at a time: each takes its pieces along, and who records hits meanwhile must not wait for all.
            async with self._database.writing() as transaction:
                gone = len(await transaction.rows(_TIDY, stamp(now), stamp(orphaned_before)))
            if not gone:
                return tidied
            tidied += gone

    async def _begun(self, document: Document, at: datetime) -> bool:
        """Whether it is there whole already."""
        facts = (document.message_id, document.name, document.kind, document.size, stamp(at))
        async with self._database.writing() as transaction:
            if await transaction.rows(_TOUCH, document.id, stamp(at), stamp(document.expires_at)):
                return True
        await self._written(document, _BEGIN, document.id, *facts, stamp(document.expires_at))
        return False

    async def _written(self, document: Document, sql: str, *values: object) -> None:
        async with self._database.writing() as transaction:
            try:
                await transaction.rows(sql, *values)
            except IntegrityError as gone:
                raise LookupError(f"there is no message {document.message_id}") from gone


@contextmanager
def _room() -> Iterator[None]:
    """Tell a full disk, which does not pass by itself, from a database that is away."""
    try:
        yield
    except TryLater as failed:
        # SQLite's own words (SQLITE_FULL), and PostgreSQL's for the same (53100).
        if any(words in str(failed) for words in ("disk is full", "No space left on device")):
            raise NoRoom(NO_ROOM) from failed
        raise


def _name(document_id: str, number: int) -> str:
    return f"{document_id}/{number}"


def _about(document_id: str, number: int) -> str:
    return f"piece {number} of document {document_id}"


def _document_of(row: Row) -> Document:
    return Document(
        row["id"], row["message_id"], row["name"], row["kind"], row["size"], expires_at=moment(row["expires_at"])
    )
