"""Messages and their copies, from the tag to the sent mail, and what is reported of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tortoise.exceptions import IntegrityError

from tracker.clock import new_timed_id
from tracker.model import Copy, Message
from tracker.paging import Turn
from tracker.ports import Report
from tracker.questions import Wanted
from tracker.stats import Sums
from tracker.store.database import Database
from tracker.store.hit_parts import leave_to_parts
from tracker.store.moments import stamp, stamp_or_none
from tracker.store.reminders import remind_by_default
from tracker.store.reports import hot_of, one_report, page_of, reports_of
from tracker.store.rows import copy_of, message_of, recipients_text
from tracker.store.sums import sums_of
from tracker.store.ticks import mark_message
from tracker.store.versions import grown
from tracker.store.words import folded, note_words, words_of

_BEGIN = """
INSERT INTO message (id, account_id, source, subject, created_at, links, per_recipient, level, state, sent_at,
                     untracked, documents, left_attached, words)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (account_id, source) DO NOTHING
RETURNING id
"""
_COPY = """
INSERT INTO copy (id, message_id, place, recipients, draft_id, attempted_at, sent_at, gmail_id, thread_id,
                  rfc_message_id, recipient_mx, links_total, opens, clicks, machines, unsure, last_client, last_reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, 0, '', '')
"""
_BY_ID = "SELECT * FROM message WHERE id = $1"
_BY_SOURCE = "SELECT * FROM message WHERE account_id = $1 AND source = $2"
_COPIES = "SELECT * FROM copy WHERE message_id = $1 ORDER BY place"
# Who comes second gets the draft of who came first.
_DRAFTED = "UPDATE copy SET draft_id = COALESCE(draft_id, $2) WHERE id = $1 RETURNING draft_id"
_ATTEMPTED = "UPDATE copy SET attempted_at = $2, rfc_message_id = COALESCE($3, rfc_message_id) WHERE id = $1"
_ATTEMPT_ONCE = f"{_ATTEMPTED} AND attempted_at IS NULL RETURNING id"
_NOT_ATTEMPTED = "UPDATE copy SET attempted_at = NULL WHERE id = $1 AND sent_at IS NULL"
# What one process found sent, another that looked earlier must not give up as lost.
_FINISH = """
UPDATE message SET state = $2, sent_at = $3, untracked = $4, subject = $5, left_attached = $6
WHERE id = $1 AND (state <> 'sent' OR CAST($2 AS VARCHAR) = 'sent')
"""
_ARM = """
UPDATE copy SET sent_at = $2, gmail_id = $3, thread_id = $4, rfc_message_id = $5, recipients = $6,
    recipient_mx = $7, links_total = $8, tick_due = 1
WHERE id = $1
"""
_BY_GMAIL = """
SELECT message.* FROM message JOIN copy ON copy.message_id = message.id
WHERE message.account_id = $1 AND copy.gmail_id = $2
LIMIT 1
"""
_BY_THREAD = """
SELECT message.* FROM message JOIN copy ON copy.message_id = message.id
WHERE message.account_id = $1 AND copy.thread_id = $2
ORDER BY copy.sent_at DESC, message.id LIMIT 1
"""
_STOP = "UPDATE message SET stopped_at = $2 WHERE id = $1"
_GROWN = "UPDATE message SET version = version + 1 WHERE id = $1"
_LOOKED = """
INSERT INTO look (id, message_id, at)
SELECT CAST($2 AS VARCHAR), message.id, CAST($3 AS BIGINT) FROM message WHERE message.id = $1
"""
_UNFINISHED = """
SELECT * FROM message
WHERE state = 'tagged' AND created_at >= $1
  AND EXISTS (SELECT 1 FROM copy WHERE message_id = message.id AND attempted_at IS NOT NULL)
ORDER BY created_at, id
"""
_FORGET = """
DELETE FROM message WHERE id IN (SELECT id FROM message WHERE created_at < $1 ORDER BY created_at LIMIT 200)
RETURNING id
"""
_FORGET_CORRECTIONS = "DELETE FROM correction WHERE at < $1"
_FORGET_POSTS = "DELETE FROM post WHERE topic IN ($many)"
_FORGET_NEWS = "DELETE FROM post WHERE message_id IN ($many)"


class SqlMessageBook:
    """Keeps ports.MessageBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, message: Message, copies: Sequence[Copy]) -> None:
        words = words_of(message.subject, (recipient for copy in copies for recipient in copy.recipients))
        async with self._database.writing() as transaction:
            try:
                fresh = await transaction.rows(_BEGIN, *_message_values(message), words)
            except IntegrityError as gone:
                raise LookupError(f"there is no account {message.account_id}") from gone
            if not fresh:
                raise ValueError(f"the account has a message made from {message.source} already")
            await transaction.each(_COPY, [_copy_values(copy, place) for place, copy in enumerate(copies)])

    async def by_source(self, account_id: str, source: str) -> Message | None:
        return next(iter(await self._some(_BY_SOURCE, account_id, source)), None)

    async def get(self, message_id: str) -> Message | None:
        return next(iter(await self._some(_BY_ID, message_id)), None)

    async def copies(self, message_id: str) -> Sequence[Copy]:
        async with self._database.reading() as statements:
            return [copy_of(row) for row in await statements.rows(_COPIES, message_id)]

    async def drafted(self, copy_id: str, draft_id: str) -> str:
        async with self._database.writing() as transaction:
            noted = await transaction.rows(_DRAFTED, copy_id, draft_id)
        if not noted:
            raise LookupError(f"there is no copy {copy_id}")
        return str(noted[0]["draft_id"])

    async def attempted(self, copy_id: str, at: datetime, rfc_message_id: str | None) -> None:
        await self._change(_ATTEMPTED, copy_id, stamp(at), rfc_message_id)

    async def attempt_once(self, copy_id: str, at: datetime, rfc_message_id: str | None) -> bool:
        async with self._database.writing() as transaction:
            return bool(await transaction.rows(_ATTEMPT_ONCE, copy_id, stamp(at), rfc_message_id))

    async def not_attempted(self, copy_id: str) -> None:
        await self._change(_NOT_ATTEMPTED, copy_id)

    async def arm(self, copy: Copy) -> None:
        ids = (copy.gmail_id, copy.thread_id, copy.rfc_message_id)
        facts = (stamp_or_none(copy.sent_at), *ids, recipients_text(copy.recipients), copy.recipient_mx)
        async with self._database.writing() as transaction:
            message_id = await grown(transaction, copy.id)
            if message_id:
                await transaction.rows(_ARM, copy.id, *facts, copy.links_total)
                await note_words(transaction, message_id)

    async def finish(self, message: Message) -> None:
        words = (message.untracked, message.subject, message.left_attached)
        facts = (message.state.value, stamp_or_none(message.sent_at), *words)
        async with self._database.writing() as transaction:
            await transaction.rows(_FINISH, message.id, *facts)
            await mark_message(transaction, message.id)
            await note_words(transaction, message.id)
            await remind_by_default(transaction, message)

    async def unfinished(self, since: datetime) -> Sequence[Message]:
        return await self._some(_UNFINISHED, stamp(since))

    async def reports(self, account_ids: Sequence[str], since: datetime | None, limit: int) -> Sequence[Report]:
        async with self._database.reading() as statements:
            return await reports_of(statements, account_ids, limit, since=since)

    async def search(self, account_ids: Sequence[str], words: Sequence[str], limit: int) -> Sequence[Report]:
        async with self._database.reading() as statements:
            return await reports_of(statements, account_ids, limit, words=[folded(word) for word in words])

    async def report(self, message_id: str) -> Report | None:
        async with self._database.reading() as statements:
            return await one_report(statements, message_id)

    async def page(self, account_ids: Sequence[str], wanted: Wanted, turn: Turn | None, limit: int) -> Sequence[Report]:
        meant = replace(wanted, words=tuple(map(folded, wanted.words)))
        async with self._database.reading() as statements:
            return await page_of(statements, account_ids, meant, turn, limit)

    async def hot(self, account_ids: Sequence[str], since: datetime, turn: Turn | None, limit: int) -> Sequence[Report]:
        async with self._database.reading() as statements:
            return await hot_of(statements, account_ids, since, turn, limit)

    async def sums(self, account_ids: Sequence[str], since: datetime) -> Sums:
        async with self._database.reading() as statements:
            return await sums_of(statements, account_ids, since)

    async def by_gmail(self, account_id: str, gmail_id: str | None, thread_id: str | None) -> Message | None:
        for sql, name in ((_BY_GMAIL, gmail_id), (_BY_THREAD, thread_id)):
            if name and (found := await self._some(sql, account_id, name)):
                return found[0]
        return None

    async def stop(self, message_id: str, at: datetime | None) -> None:
        await self._change(_STOP, message_id, stamp_or_none(at))

    async def looked(self, message_id: str, at: datetime) -> None:
        async with self._database.writing() as transaction:
            # A hit that is judged at this moment is judged again, by somebody who knows of the look.
            await transaction.rows(_GROWN, message_id)
            await transaction.rows(_LOOKED, message_id, new_timed_id(at), stamp(at))

    async def forget(self, before: datetime) -> int:
        forgotten = 0
        await self._change(_FORGET_CORRECTIONS, stamp(before))
        while True:
            # A few at a time: who records hits meanwhile must not wait for the whole.
            async with self._database.writing() as transaction:
                await leave_to_parts(transaction, before)
                gone = [row["id"] for row in await transaction.rows(_FORGET, stamp(before))]
                if not gone:
                    return forgotten
                await transaction.rows(_FORGET_POSTS, many=gone)
                await transaction.rows(_FORGET_NEWS, many=gone)
            forgotten += len(gone)

    async def _some(self, sql: str, *values: object) -> Sequence[Message]:
        async with self._database.reading() as statements:
            return [message_of(row) for row in await statements.rows(sql, *values)]

    async def _change(self, sql: str, *values: object) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(sql, *values)


def _message_values(message: Message) -> tuple[object, ...]:
    return (
        message.id,
        message.account_id,
        message.source,
        message.subject,
        stamp(message.created_at),
        message.links,
        message.per_recipient,
        message.level,
        message.state.value,
        stamp_or_none(message.sent_at),
        message.untracked,
        message.documents,
        message.left_attached,
    )


def _copy_values(copy: Copy, place: int) -> tuple[object, ...]:
    return (
        copy.id,
        copy.message_id,
        place,
        recipients_text(copy.recipients),
        copy.draft_id,
        stamp_or_none(copy.attempted_at),
        stamp_or_none(copy.sent_at),
        copy.gmail_id,
        copy.thread_id,
        copy.rfc_message_id,
        copy.recipient_mx,
        copy.links_total,
    )
