"""How far mailboxes are followed, and what came back about copies."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256

from tracker.following import Answer, AnswerKind, Followed, LookThrough
from tracker.model import Alert, Copy, Message
from tracker.store.database import Database, Row
from tracker.store.looks import look_of, look_text
from tracker.store.moments import moment, moment_or_none, stamp, stamp_or_none
from tracker.store.outbox import put_alerts
from tracker.store.rows import copy_of, message_of

_WHERE = "SELECT history_mark, synced_at FROM account WHERE id = $1"
_KEEP = """
UPDATE account SET history_mark = $2, synced_at = $3, look_through = NULL
WHERE id = $1 AND COALESCE(history_mark, '') = $4
"""
_LOOK = "SELECT look_through FROM account WHERE id = $1 AND look_through IS NOT NULL"
_NOTE_LOOK = "UPDATE account SET look_through = $2 WHERE id = $1"
_DELETED = """
UPDATE copy SET gmail_id = NULL
WHERE gmail_id IN ($many) AND message_id IN (SELECT id FROM message WHERE account_id = $1)
"""
_COPY = """
SELECT copy.* FROM copy JOIN message ON message.id = copy.message_id WHERE message.account_id = $1 AND copy.id = $2
"""
_MESSAGE = "SELECT * FROM message WHERE id = $1"
_AWAITED = """
SELECT created_at FROM message
WHERE state = 'tagged' AND account_id = $1 AND stopped_at IS NULL AND created_at > $2
ORDER BY created_at LIMIT 1
"""
_BEGAN = "SELECT id FROM message WHERE account_id = $1 AND created_at >= $2 LIMIT 1"
_ARMED = """
SELECT copy.* FROM copy JOIN message ON message.id = copy.message_id
WHERE message.account_id = $1 AND message.stopped_at IS NULL AND copy.sent_at IS NOT NULL AND copy.{} IN ($many)
ORDER BY copy.sent_at, copy.id
"""
_IN_THREADS = _ARMED.format("thread_id")
_WITH_IDS = _ARMED.format("rfc_message_id")
_THERE = "SELECT id FROM copy WHERE id = $1"
_NOTE = """
INSERT INTO answer (id, copy_id, gmail_id, kind, who, at, why) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING
"""
_ANSWERS = "SELECT * FROM answer WHERE copy_id = $1 ORDER BY at, id"


class SqlFollowBook:
    """Keeps following.FollowBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def where(self, account_id: str) -> Followed:
        rows = await self._some(_WHERE, account_id)
        return next((Followed(row["history_mark"], moment_or_none(row["synced_at"])) for row in rows), Followed())

    async def keep(self, account_id: str, before: Followed, after: Followed) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_KEEP, account_id, after.mark, stamp_or_none(after.at), before.mark or "")

    async def look_through(self, account_id: str) -> LookThrough | None:
        return next((look_of(row["look_through"]) for row in await self._some(_LOOK, account_id)), None)

    async def note_look(self, account_id: str, look: LookThrough) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_NOTE_LOOK, account_id, look_text(look))

    async def copy(self, account_id: str, copy_id: str) -> tuple[Message, Copy] | None:
        for row in await self._some(_COPY, account_id, copy_id):
            for message in await self._some(_MESSAGE, row["message_id"]):
                return message_of(message), copy_of(row)
        return None

    async def awaited_since(self, account_id: str, begun_after: datetime) -> datetime | None:
        rows = await self._some(_AWAITED, account_id, stamp(begun_after))
        return moment(rows[0]["created_at"]) if rows else None

    async def deleted(self, account_id: str, gmail_ids: Collection[str]) -> None:
        if gmail_ids:
            async with self._database.writing() as transaction:
                await transaction.rows(_DELETED, account_id, many=sorted(gmail_ids))

    async def began_since(self, account_id: str, since: datetime) -> bool:
        return bool(await self._some(_BEGAN, account_id, stamp(since)))

    async def in_threads(self, account_id: str, thread_ids: Collection[str]) -> Sequence[Copy]:
        return await self._copies(_IN_THREADS, account_id, thread_ids)

    async def with_message_ids(self, account_id: str, rfc_message_ids: Collection[str]) -> Sequence[Copy]:
        return await self._copies(_WITH_IDS, account_id, rfc_message_ids)

    async def note(self, answer: Answer, alert: Alert) -> None:
        facts = (answer.copy_id, answer.gmail_id, answer.kind.value, answer.who, stamp(answer.at), answer.why)
        async with self._database.writing() as transaction:
            if await transaction.rows(_THERE, answer.copy_id):
                await transaction.rows(_NOTE, _name(answer), *facts)
                await put_alerts(transaction, [alert])

    async def answers(self, copy_id: str) -> Sequence[Answer]:
        return [_answer(row) for row in await self._some(_ANSWERS, copy_id)]

    async def _copies(self, sql: str, account_id: str, names: Collection[str]) -> Sequence[Copy]:
        if not names:
            return []
        async with self._database.reading() as statements:
            return [copy_of(row) for row in await statements.rows(sql, account_id, many=sorted(set(names)))]

    async def _some(self, sql: str, *values: object) -> Sequence[Row]:
        async with self._database.reading() as statements:
            return await statements.rows(sql, *values)


def _name(answer: Answer) -> str:
    """The same for the same news, however often it is noted."""
    facts = (answer.copy_id, answer.gmail_id, answer.kind.value, answer.who)
    return sha256("\0".join(facts).encode("utf-8", "replace")).hexdigest()


def _answer(row: Row) -> Answer:
    return Answer(row["copy_id"], row["gmail_id"], AnswerKind(row["kind"]), row["who"], moment(row["at"]), row["why"])
