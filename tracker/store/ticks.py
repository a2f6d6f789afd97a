"""Ticks in Gmail: which conversations are due, and the labels of each mailbox.

A copy is marked where a tick may change (it is armed, its first open or click
comes, its only one is taken back), in the statement that writes the change.
Marks are taken in by the worker: a mark that is not there costs a look into an
index that holds marked copies alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.clock import new_id
from tracker.store.database import Database, Row, Statements
from tracker.store.moments import stamp
from tracker.ticks import SHOWN, DueThread, Tick, TickLabels

_AT_ONCE = 500

_ANY_MARKED = "SELECT 1 AS marked FROM copy WHERE tick_due = 1 LIMIT 1"
_MARKED = f"SELECT id FROM copy WHERE tick_due = 1 LIMIT {_AT_ONCE}"  # noqa: S608
_UNMARK = "UPDATE copy SET tick_due = 0 WHERE id IN ({marked}) RETURNING id"
# What is leased or paused stays so: its version tells that something changed meanwhile. What only waits its turn
# comes to the fore: an open of today must not wait until all that a switch turned on is caught up on.
_TAKE_IN = """
INSERT INTO thread_tick (id, account_id, copy_id, thread_id, shown, version, due_at)
SELECT account.id || ':' || copy.thread_id, account.id, MAX(copy.id), copy.thread_id, 'none', 1,
       MAX(CASE WHEN mailbox.paused_until > $1 THEN mailbox.paused_until ELSE $1 END)
FROM copy
JOIN message ON message.id = copy.message_id
JOIN account ON account.id = message.account_id
LEFT JOIN preference ON preference.id = account.id
LEFT JOIN tick_mailbox AS mailbox ON mailbox.id = account.id
WHERE copy.id IN ($many) AND copy.thread_id IS NOT NULL AND account.state = 'connected'
  AND (account.profile IS NULL OR account.profile = 'full')
  AND preference.ticks IS NOT FALSE AND mailbox.refused IS NOT TRUE
GROUP BY account.id, copy.thread_id
ON CONFLICT (id) DO UPDATE SET version = thread_tick.version + 1, copy_id = excluded.copy_id,
    due_at = CASE WHEN thread_tick.due_at IS NULL
                    OR (thread_tick.lease IS NULL AND thread_tick.due_at < excluded.due_at)
                  THEN excluded.due_at ELSE thread_tick.due_at END
"""
_WAITING = """
SELECT id FROM account
WHERE EXISTS (SELECT 1 FROM thread_tick WHERE thread_tick.account_id = account.id AND thread_tick.due_at <= $1)
ORDER BY id
"""
_ANY_DUE = "SELECT 1 AS due FROM thread_tick WHERE due_at <= $1 LIMIT 1"
_DUE = "SELECT id FROM thread_tick WHERE account_id = $1 AND due_at <= $2 ORDER BY due_at DESC LIMIT $3"
_LEASE = "UPDATE thread_tick SET lease = $4, due_at = $5 WHERE id IN ({due}) RETURNING *"
_WANTED = """
SELECT copy.thread_id, MAX(CASE WHEN copy.opens + copy.clicks > 0 THEN 1 ELSE 0 END) AS opened
FROM copy JOIN message ON message.id = copy.message_id
WHERE copy.thread_id IN ($many) AND message.account_id = $1 AND message.untracked IS NULL AND copy.sent_at IS NOT NULL
GROUP BY copy.thread_id
"""
_SETTLE = """
UPDATE thread_tick SET shown = $3, lease = NULL,
    due_at = CASE WHEN version = CAST($4 AS INTEGER) THEN NULL ELSE CAST($5 AS BIGINT) END
WHERE id = $1 AND lease = $2
"""
_LABELS = "SELECT * FROM tick_mailbox WHERE id = $1"
_THERE = """
INSERT INTO tick_mailbox (id, account_id, refused, failures)
SELECT account.id, account.id, CAST($2 AS BOOLEAN), 0 FROM account WHERE account.id = $1
ON CONFLICT (id) DO NOTHING
"""
_MADE = "UPDATE tick_mailbox SET {tick}_label = COALESCE({tick}_label, $2) WHERE id = $1"
_DELETED = "UPDATE tick_mailbox SET {tick}_label = '' WHERE id = $1 AND {tick}_label = $2"
_FAILED = "UPDATE tick_mailbox SET failures = failures + 1, paused_until = $2 WHERE id = $1"
_PAUSE = """
UPDATE thread_tick SET due_at = $2, lease = NULL
WHERE account_id = $1 AND (lease = $3 OR (lease IS NULL AND due_at < $2))
"""
_WELL = "UPDATE tick_mailbox SET failures = 0, paused_until = NULL WHERE id = $1 AND failures > 0"
_REFUSED = "UPDATE tick_mailbox SET refused = $2, paused_until = NULL, failures = 0 WHERE id = $1"
_REST = "UPDATE thread_tick SET due_at = NULL, lease = NULL WHERE account_id = $1"
_MARK = "UPDATE copy SET tick_due = 1 WHERE message_id = $1 AND thread_id IS NOT NULL"
# Messages are locked before their copies, as everywhere.
_LOCK_ALL = "SELECT id FROM message WHERE account_id = $1 ORDER BY id FOR NO KEY UPDATE"
_MARK_ALL = """
UPDATE copy SET tick_due = 1
WHERE thread_id IS NOT NULL AND message_id IN (SELECT id FROM message WHERE account_id = $1)
"""
# A label that is made anew is on nothing.
_NOWHERE = """
UPDATE thread_tick SET shown = 'none'
WHERE account_id = $1 AND EXISTS
    (SELECT 1 FROM tick_mailbox WHERE id = $1 AND (sent_label = '' OR opened_label = ''))
"""
_WANTED_AGAIN = """
UPDATE tick_mailbox SET sent_label = NULLIF(sent_label, ''), opened_label = NULLIF(opened_label, '') WHERE id = $1
"""


class SqlTickBook:
    """Keeps ticks.TickBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, now: datetime) -> Sequence[str]:
        # Looks that take no write lock: they are made every second, and mostly in vain.
        if await self._some(_ANY_MARKED):
            while await self._take_in(now) == _AT_ONCE:
                pass
        if not await self._some(_ANY_DUE, stamp(now)):
            return []
        return [row["id"] for row in await self._some(_WAITING, stamp(now))]

    async def lease(self, account_id: str, now: datetime, until: datetime, limit: int) -> Sequence[DueThread]:
        async with self._database.writing() as transaction:
            due = _DUE if transaction.on_sqlite else f"{_DUE} FOR UPDATE SKIP LOCKED"
            which = (account_id, stamp(now), limit)
            rows = await transaction.rows(_LEASE.format(due=due), *which, new_id(), stamp(until))
        # Read after the lease is kept: what changes from here on raises the version.
        threads = [row["thread_id"] for row in rows]
        async with self._database.reading() as statements:
            wanted = await statements.rows(_WANTED, account_id, many=threads) if threads else []
        opened = {row["thread_id"]: Tick.OPENED if row["opened"] else Tick.SENT for row in wanted}
        return [_thread(row, opened.get(row["thread_id"], Tick.NONE)) for row in rows]

    async def settle(self, thread: DueThread, shown: Tick, now: datetime) -> None:
        name = f"{thread.account_id}:{thread.thread_id}"
        await self._change(_SETTLE, name, thread.lease, shown.value, thread.version, stamp(now))

    async def labels(self, account_id: str) -> TickLabels:
        return _labels(account_id, await self._some(_LABELS, account_id))

    async def made(self, account_id: str, tick: Tick, label_id: str) -> TickLabels:
        async with self._database.writing() as transaction:
            await transaction.rows(_THERE, account_id, False)
            await transaction.rows(_MADE.format(tick=tick.value), account_id, label_id)
            return _labels(account_id, await transaction.rows(_LABELS, account_id))

    async def deleted(self, account_id: str, tick: Tick, label_id: str) -> TickLabels:
        async with self._database.writing() as transaction:
            await transaction.rows(_DELETED.format(tick=tick.value), account_id, label_id)
            return _labels(account_id, await transaction.rows(_LABELS, account_id))

    async def pause(self, account_id: str, lease: str | None, until: datetime) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_THERE, account_id, False)
            await transaction.rows(_FAILED, account_id, stamp(until))
            await transaction.rows(_PAUSE, account_id, stamp(until), lease)

    async def went_well(self, account_id: str) -> None:
        await self._change(_WELL, account_id)

    async def refuse(self, account_id: str) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_THERE, account_id, True)
            await transaction.rows(_REFUSED, account_id, True)
            await transaction.rows(_REST, account_id)

    async def _take_in(self, now: datetime) -> int:
        async with self._database.writing() as transaction:
            marked = _MARKED if transaction.on_sqlite else f"{_MARKED} FOR UPDATE SKIP LOCKED"
            rows = await transaction.rows(_UNMARK.format(marked=marked))
            if rows:
                await transaction.rows(_TAKE_IN, stamp(now), many=[row["id"] for row in rows])
        return len(rows)

    async def _some(self, sql: str, *values: object) -> Sequence[Row]:
        async with self._database.reading() as statements:
            return await statements.rows(sql, *values)

    async def _change(self, sql: str, *values: object) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(sql, *values)


async def mark_message(transaction: Statements, message_id: str) -> None:
    """What a message's conversations show is to be looked at."""
    await transaction.rows(_MARK, message_id)


async def mark_connected_anew(transaction: Statements, account_id: str) -> None:
    """The account may be allowed more now: what was refused is tried again, with all that changed meanwhile."""
    await transaction.rows(_REFUSED, account_id, False)
    await _mark_all(transaction, account_id)


async def mark_switched(transaction: Statements, account_id: str, *, on: bool) -> None:
    """The owner turned ticks on, with the labels that they deleted, or off: what is there stays as it is."""
    if not on:
        await transaction.rows(_REST, account_id)
        return
    await transaction.rows(_NOWHERE, account_id)
    await transaction.rows(_WANTED_AGAIN, account_id)
    await _mark_all(transaction, account_id)


async def _mark_all(transaction: Statements, account_id: str) -> None:
    if not transaction.on_sqlite:
        await transaction.rows(_LOCK_ALL, account_id)
    await transaction.rows(_MARK_ALL, account_id)


def _thread(row: Row, wanted: Tick) -> DueThread:
    shown = Tick(row["shown"])
    return DueThread(row["lease"], row["account_id"], row["thread_id"], shown, wanted, row["version"])


def _labels(account_id: str, rows: Sequence[Row]) -> TickLabels:
    if not rows:
        return TickLabels(account_id)
    [row] = rows
    known: Mapping[Tick, str | None] = {tick: row[f"{tick.value}_label"] for tick in SHOWN}
    ids = {tick: label_id for tick, label_id in known.items() if label_id}
    deleted = frozenset(tick for tick, label_id in known.items() if label_id == "")
    return TickLabels(account_id, ids, deleted, bool(row["refused"]), row["failures"])
