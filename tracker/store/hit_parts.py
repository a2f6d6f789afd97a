"""Parts of the table of hits on PostgreSQL: made ahead, a stretch of time each, and dropped whole when they are old.

A hit's id begins with its time, and so ids divide the table. What no part is
for, because a clock was wrong, lies in `hit_rest`. SQLite has no parts: there
hits are deleted with their messages, a few at a time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracker.clock import timed_prefix
from tracker.store.database import Database, Statements
from tracker.store.moments import stamp

_SHARE = 12  # parts in the time for which hits are kept: more of them make every look at a copy slower
_DAY = timedelta(days=1)
_AHEAD = timedelta(days=7)  # how long nobody may come to make parts before hits lie in the rest
_AT_ONCE = 40  # parts made in one go: a clock that says 2100 shall not fill the catalog
_SCANNED = 50_000
_FEW = 10_000  # hits that are carried out of a part by hand

_PARTS = """
SELECT part.relname AS name, pg_get_expr(part.relpartbound, part.oid) AS bounds
FROM pg_inherits JOIN pg_class AS part ON part.oid = pg_inherits.inhrelid
WHERE pg_inherits.inhparent = to_regclass('hit')
"""
_BOUNDS = re.compile(r"FROM \((?:MINVALUE|'([0-9a-f]+)')\) TO \('([0-9a-f]+)'\)")
_ALONE = "SELECT pg_try_advisory_xact_lock(7308895222) AS alone"
# Whoever reads hits for long is not to be waited for while everybody else waits for us: the next round tries again.
# A vacuum of the server's own gives way after a second.
_PATIENCE = "SET LOCAL lock_timeout = '2s'"
_LOCK = "LOCK TABLE hit IN ACCESS EXCLUSIVE MODE"
_MAKE = "CREATE TABLE {name} (LIKE hit INCLUDING ALL)"
# A clock that was ahead has perhaps put hits into the rest that belong here.
_FETCH = """
WITH early AS (DELETE FROM hit_rest WHERE id >= '{first}' AND id < '{end}' RETURNING *)
INSERT INTO {name} SELECT * FROM early
"""
_ATTACH = "ALTER TABLE hit ATTACH PARTITION {name} FOR VALUES FROM ('{first}') TO ('{end}')"
_LIVING = """
SELECT max(id) AS last, array_agg(id) FILTER (WHERE lives) AS living FROM (
    SELECT id, EXISTS (SELECT 1 FROM copy WHERE copy.id = next.copy_id) AS lives
    FROM (SELECT id, copy_id FROM {name} WHERE id > $1 ORDER BY id LIMIT $2) AS next) AS looked_at
"""
_DETACH = "ALTER TABLE hit DETACH PARTITION {name}"
_CARRY = "INSERT INTO hit SELECT * FROM {name} WHERE id IN ($many)"
_DROP = "DROP TABLE {name}"
_RAW = "SELECT 1 AS there FROM hit WHERE is_raw = 1 AND id >= $1 AND id < $2 LIMIT 1"
_LEAVE = """
SELECT set_config('twotick.left_from', $1, true), set_config('twotick.left_until', $2, true),
       set_config('twotick.left_until_at', $3, true)
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A table of hits whose ids are at least `first`, if that is set, and below `end`."""

    name: str
    first: str | None
    end: str


async def parts_of(statements: Statements) -> list[Part]:
    """The parts there are, earliest first."""
    if statements.on_sqlite:
        return []
    found = [(row["name"], _BOUNDS.search(row["bounds"])) for row in await statements.rows(_PARTS)]
    return sorted((Part(name, *bounds.groups()) for name, bounds in found if bounds), key=lambda part: part.end)


async def make_parts(database: Database, now: datetime, kept_for: timedelta) -> int:
    """Make the parts for the time to come; how many were missing. Parts follow each other without a gap."""
    if database.on_sqlite:
        return 0
    width = max(_DAY, _DAY * (kept_for // _SHARE // _DAY))
    for made in range(_AT_ONCE):
        if not await _make_next(database, now, width):
            return made
    return _AT_ONCE


async def drop_parts(database: Database, before: datetime) -> int:
    """Drop the parts of a time that lies wholly before this; how many. Hits of messages that are still kept stay."""
    dropped = 0
    async with database.reading() as statements:
        old = [part for part in await parts_of(statements) if part.end <= timed_prefix(before)]
    for part in old:
        dropped += await _drop(database, part)
    return dropped


async def leave_to_parts(transaction: Statements, before: datetime) -> None:
    """In this transaction, let hits of removed copies stay in the parts up to that of this moment.

    They hold no address and no name, lead to nothing, and go with their part.
    One without a beginning may be dropped only much later: nothing is left to it.
    """
    known = [part for part in await parts_of(transaction) if part.first is not None]
    due = [part for part in known if str(part.first) <= timed_prefix(before)]
    if due and not await transaction.rows(_RAW, due[0].first, due[-1].end):
        await transaction.rows(_LEAVE, due[0].first, due[-1].end, str(stamp(_moment(due[-1].end))))


async def _make_next(database: Database, now: datetime, width: timedelta) -> bool:
    async with database.writing() as transaction:
        if not (await transaction.rows(_ALONE))[0]["alone"]:
            return False
        parts = await parts_of(transaction)
        start = _moment(parts[-1].end) if parts else _midnight(now) - _DAY
        if start > now + max(width, _AHEAD):
            return False
        facts = {"name": f"hit_{start:%Y%m%d}", "first": timed_prefix(start), "end": timed_prefix(start + width)}
        for sql in (_PATIENCE, _LOCK, _MAKE, _FETCH, _ATTACH):
            await transaction.rows(sql.format(**facts))
    return True


async def _drop(database: Database, part: Part) -> bool:
    # Before the lock, for this takes long. Only a clock half a year late could add a hit of a kept message meanwhile.
    living = await _living(database, part)
    async with database.writing() as transaction:
        alone = (await transaction.rows(_ALONE))[0]["alone"]
        if not alone or part not in await parts_of(transaction) or len(living) > _FEW:
            return False
        for sql in (_PATIENCE, _LOCK, _DETACH.format(name=part.name)):
            await transaction.rows(sql)
        if living:
            await transaction.rows(_CARRY.format(name=part.name), many=living)
        await transaction.rows(_DROP.format(name=part.name))
    return True


async def _living(database: Database, part: Part) -> Sequence[str]:
    """Hits whose copy is still there: a clock was wrong, or messages were not forgotten yet. Not all, when many."""
    living: list[str] = []
    after = ""
    while len(living) <= _FEW:
        async with database.reading() as statements:
            [found] = await statements.rows(_LIVING.format(name=part.name), after, _SCANNED)
        if found["last"] is None:
            break
        after = found["last"]
        living += found["living"] or []
    return living


def _moment(prefix: str) -> datetime:
    return datetime.fromtimestamp(int(prefix, 16) / 1000, UTC)


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
