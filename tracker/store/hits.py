"""Hits and their verdicts, with the copies' summaries kept beside them."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tracker.model import Account, Heat, Judged, Message, Summary
from tracker.paging import Turn
from tracker.ports import History, Located, Recorded, Stale
from tracker.store.database import Database, Row, Statements
from tracker.store.hit_parts import drop_parts, make_parts
from tracker.store.lessons import Lessons, forget_senders, learn, lessons
from tracker.store.moments import moment, stamp, stamp_or_none
from tracker.store.outbox import put_alerts
from tracker.store.pages import hit_rows
from tracker.store.rows import account_of, copy_of, judged_of, message_of, summary_of
from tracker.store.versions import grown, locked

# The version in one look with the summary, and before the hits: what is written later makes it stale.
_COPIES = """
SELECT copy.*, message.version FROM copy JOIN message ON message.id = copy.message_id WHERE copy.id IN ($many)
"""
_MESSAGES = "SELECT * FROM message WHERE id IN ($many)"
_ACCOUNTS = "SELECT * FROM account WHERE id IN ($many)"
# The last 200 of each copy, by the index: a copy that was fetched a million times costs no more than another.
_LAST_ON_SQLITE = """
SELECT hit.* FROM copy JOIN hit ON hit.id IN
    (SELECT id FROM hit AS last WHERE last.copy_id = copy.id ORDER BY last.at DESC LIMIT 200)
WHERE copy.id IN ($many) ORDER BY hit.at, hit.id
"""
_LAST_ON_POSTGRES = """
SELECT last.* FROM copy CROSS JOIN LATERAL
    (SELECT * FROM hit WHERE hit.copy_id = copy.id ORDER BY hit.at DESC LIMIT 200) AS last
WHERE copy.id IN ($many) ORDER BY last.at, last.id
"""
_AT_ONCE = 100  # rows read before others may run: a pixel waits for a millisecond, not for thousands of rows
_LOOKS = "SELECT message_id, at FROM look WHERE message_id IN ($many) ORDER BY at"
_FORGET_LOOKS = "DELETE FROM look WHERE at < $1"
_SEEN_ON_SQLITE = "SELECT id FROM hit WHERE id IN ($many)"
# One look at an index for each: a list of hundreds made PostgreSQL read all of the latest part.
_SEEN_ON_POSTGRES = """
SELECT seen.id FROM unnest($1::text[]) AS asked (id)
CROSS JOIN LATERAL (SELECT hit.id FROM hit WHERE hit.id = asked.id LIMIT 1) AS seen
"""
_TIMELINE = "SELECT * FROM hit WHERE copy_id = $1 ORDER BY at, id"
_END_OF_TIMELINE = """
SELECT * FROM (SELECT * FROM hit WHERE copy_id = $1 ORDER BY at DESC, id DESC LIMIT $2) AS last ORDER BY at, id
"""
_RECORD = """
INSERT INTO hit (id, copy_id, at, kind, method, ip, headers, is_raw, link,
                 cause, confidence, reason, rules, ruleset, client, place)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (id) DO UPDATE
SET cause = excluded.cause, confidence = excluded.confidence, reason = excluded.reason,
    rules = excluded.rules, ruleset = excluded.ruleset, client = excluded.client, place = excluded.place
"""
_SUMMARY = """
UPDATE copy
SET opens = $2, clicks = $3, machines = $4, unsure = $5, first_open_at = $6, last_open_at = $7,
    first_click_at = $8, last_click_at = $9, last_client = $10, last_reason = $11, last_hit_at = $12,
    last_place = $13, passed_on = $14, heat_at = $15, heat_openings = $16, heat_pause = $17,
    tick_due = CASE WHEN (opens + clicks > 0) = (CAST($2 AS INTEGER) + CAST($3 AS INTEGER) > 0)
                    THEN tick_due ELSE 1 END
WHERE id = $1
"""
_REPLIED = "UPDATE copy SET replied_at = $2 WHERE id = $1 AND (replied_at IS NULL OR replied_at > $2)"
_BOUNCED = "UPDATE copy SET bounced_at = $2 WHERE id = $1 AND (bounced_at IS NULL OR bounced_at > $2)"
# By the index of each copy's hits: a message with many copies costs one look for each of them.
_SIBLINGS = """
SELECT copy.id FROM copy
WHERE copy.message_id IN ($many)
  AND EXISTS (SELECT 1 FROM hit WHERE hit.copy_id = copy.id AND hit.at BETWEEN $1 AND $2)
"""
_HIT = """
SELECT hit.*, copy.message_id, message.account_id FROM hit
JOIN copy ON copy.id = hit.copy_id JOIN message ON message.id = copy.message_id
WHERE hit.id = $1
"""
# Hits first: walking through all messages in their order, to stop early, took seconds where few are outdated.
_OUTDATED = """
WITH outdated AS MATERIALIZED (SELECT DISTINCT copy_id FROM hit WHERE is_raw = 1 AND ruleset <> $1)
SELECT DISTINCT copy.message_id FROM outdated JOIN copy ON copy.id = outdated.copy_id
WHERE copy.message_id > $2 ORDER BY copy.message_id LIMIT $3
"""
# By their time, not by their ids: those of a thousand hits made PostgreSQL look through every part.
_OLDEST_RAW = """
SELECT MIN(at) AS first, MAX(at) AS last FROM
    (SELECT at FROM hit WHERE is_raw = 1 AND at < $1 ORDER BY at LIMIT 1000) AS oldest
"""
_FORGET_RAW = """
UPDATE hit SET ip = NULL, headers = NULL, is_raw = 0 WHERE is_raw = 1 AND at BETWEEN $1 AND $2 RETURNING id
"""


class SqlHitLog:
    """Keeps ports.HitLog in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def histories(self, copy_ids: Sequence[str]) -> Mapping[str, History]:
        async with self._database.reading() as statements:
            copies = await statements.rows(_COPIES, many=list(dict.fromkeys(copy_ids)))
            if not copies:
                return {}
            messages = await _messages(statements, {row["message_id"] for row in copies})
            accounts = await _accounts(statements, {message.account_id for message in messages.values()})
            judged = await _last(statements, [row["id"] for row in copies])
            taught = await lessons(statements, list(accounts))
            looks = await _looks(statements, list(messages))
        histories = (_history(row, messages, accounts, judged.get(row["id"], []), taught) for row in copies)
        found = (replace(one, looks=looks.get(one.message.id, ())) for one in histories if one)
        return {history.copy.id: history for history in found}

    async def siblings(self, message_ids: Sequence[str], since: datetime, until: datetime) -> Sequence[str]:
        async with self._database.reading() as statements:
            rows = await statements.rows(_SIBLINGS, stamp(since), stamp(until), many=message_ids)
        return [row["id"] for row in rows]

    async def seen(self, hit_ids: Sequence[str]) -> frozenset[str]:
        async with self._database.reading() as statements:
            if statements.on_sqlite:
                rows = await statements.rows(_SEEN_ON_SQLITE, many=hit_ids)
            else:
                rows = await statements.rows(_SEEN_ON_POSTGRES, list(hit_ids))
        return frozenset(row["id"] for row in rows)

    async def hit(self, hit_id: str) -> Located | None:
        async with self._database.reading() as statements:
            rows = await statements.rows(_HIT, hit_id)
        return next(
            (Located(row["account_id"], row["message_id"], row["copy_id"], judged_of(row)) for row in rows), None
        )

    async def record(self, changes: Sequence[Recorded]) -> None:
        async with self._database.writing() as transaction:
            versions = await locked(transaction, [change.copy_id for change in changes])
            # What is about a copy that was removed meanwhile has nowhere to go.
            kept = [change for change in changes if change.copy_id in versions]
            if any(change.version != versions[change.copy_id] for change in kept):
                raise Stale("the message was written about since the history was read")
            await transaction.each(_RECORD, [_hit_values(judged) for change in kept for judged in change.judged])
            await transaction.each(_SUMMARY, [(change.copy_id, *_summary_values(change.summary)) for change in kept])
            await learn(transaction, kept)
            await put_alerts(transaction, [alert for change in kept for alert in change.alerts])

    async def note_reply(self, copy_id: str, at: datetime) -> None:
        await self._note(_REPLIED, copy_id, at)

    async def note_bounce(self, copy_id: str, at: datetime) -> None:
        await self._note(_BOUNCED, copy_id, at)

    async def timeline(self, copy_id: str, latest: int | None = None) -> Sequence[Judged]:
        async with self._database.reading() as statements:
            asked = (_TIMELINE, copy_id) if latest is None else (_END_OF_TIMELINE, copy_id, latest)
            return [judged_of(row) for row in await statements.rows(*asked)]

    async def page(self, copy_ids: Sequence[str], turn: Turn | None, limit: int) -> Sequence[Judged]:
        async with self._database.reading() as statements:
            return [judged_of(row) for row in await hit_rows(statements, copy_ids, turn, limit)]

    async def outdated(self, ruleset: str, after: str, limit: int) -> Sequence[str]:
        async with self._database.reading() as statements:
            return [row["message_id"] for row in await statements.rows(_OUTDATED, ruleset, after, limit)]

    async def forget_raw(self, before: datetime) -> int:
        forgotten = 0
        async with self._database.writing() as transaction:
            await forget_senders(transaction, before)
            await transaction.rows(_FORGET_LOOKS, stamp(before))
        while True:
            # A few at a time: who records hits meanwhile must not wait for the whole.
            async with self._database.writing() as transaction:
                [oldest] = await transaction.rows(_OLDEST_RAW, stamp(before))
                if oldest["first"] is None:
                    return forgotten
                forgotten += len(await transaction.rows(_FORGET_RAW, oldest["first"], oldest["last"]))

    async def make_room(self, now: datetime, kept_for: timedelta) -> int:
        return await make_parts(self._database, now, kept_for)

    async def forget(self, before: datetime) -> int:
        return await drop_parts(self._database, before)

    async def _note(self, sql: str, copy_id: str, at: datetime) -> None:
        async with self._database.writing() as transaction:
            if await grown(transaction, copy_id):
                await transaction.rows(sql, copy_id, stamp(at))


async def _messages(statements: Statements, ids: Iterable[str]) -> dict[str, Message]:
    return {row["id"]: message_of(row) for row in await statements.rows(_MESSAGES, many=list(ids))}


async def _accounts(statements: Statements, ids: Iterable[str]) -> dict[str, Account]:
    return {row["id"]: account_of(row) for row in await statements.rows(_ACCOUNTS, many=list(ids))}


async def _last(statements: Statements, copy_ids: Sequence[str]) -> dict[str, list[Judged]]:
    of_copy: dict[str, list[Judged]] = {}
    rows = await statements.rows(_LAST_ON_SQLITE if statements.on_sqlite else _LAST_ON_POSTGRES, many=copy_ids)
    for number, row in enumerate(rows):
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
        of_copy.setdefault(row["copy_id"], []).append(judged_of(row))
    return of_copy


async def _looks(statements: Statements, message_ids: Sequence[str]) -> dict[str, tuple[datetime, ...]]:
    looks: dict[str, tuple[datetime, ...]] = {}
    for row in await statements.rows(_LOOKS, many=message_ids):
        looks[row["message_id"]] = (*looks.get(row["message_id"], ()), moment(row["at"]))
    return looks


def _history(
    row: Row,
    messages: Mapping[str, Message],
    accounts: Mapping[str, Account],
    judged: Sequence[Judged],
    taught: Mapping[str, Lessons],
) -> History | None:
    """None when message or account were removed between two statements."""
    message = messages.get(row["message_id"])
    account = accounts.get(message.account_id) if message else None
    if message is None or account is None:
        return None
    return History(
        account=account,
        message=message,
        copy=copy_of(row),
        summary=summary_of(row),
        judged=tuple(judged),
        version=row["version"],
        corrections=taught[account.id].corrections,
        sender_ips=taught[account.id].sender_ips,
    )


def _hit_values(judged: Judged) -> tuple[object, ...]:
    hit, verdict = judged.hit, judged.verdict
    # JSON in ASCII carries whatever bytes a client put into its headers.
    facts = (hit.id, hit.copy_id, stamp(hit.at), hit.kind.value, hit.method, hit.ip, json.dumps(dict(hit.headers)))
    rules = json.dumps(verdict.rules)
    belief = (verdict.cause.value, float(verdict.confidence), verdict.reason, rules, verdict.ruleset)
    return (*facts, hit.link, *belief, judged.client, judged.place)


def _summary_values(summary: Summary) -> tuple[object, ...]:
    moments = (summary.first_open_at, summary.last_open_at, summary.first_click_at, summary.last_click_at)
    return (
        summary.opens,
        summary.clicks,
        summary.machines,
        summary.unsure,
        *map(stamp_or_none, moments),
        summary.last_client,
        summary.last_reason,
        stamp_or_none(summary.last_hit_at),
        summary.last_place,
        summary.passed_on,
        *_heat_values(summary.heat),
    )


def _heat_values(heat: Heat | None) -> tuple[int | None, int, int]:
    return (stamp(heat.at), heat.openings, heat.pause // timedelta(microseconds=1)) if heat else (None, 0, 0)
