"""Until when Gmail tells us of changes in which mailbox, and what it told."""

from collections.abc import Collection, Sequence
from datetime import datetime

from tracker.store.database import Database, Row
from tracker.store.moments import moment, moment_or_none, stamp, stamp_or_none
from tracker.store.rows import account_of
from tracker.watching import Wanting, Watch

_MARK = "SELECT id, history_mark FROM account WHERE email_key = $1 AND state = 'connected'"
# Ever later, whatever the clocks of two web processes say: a telling while somebody looks must not pass for the one
# that the look answers.
_TOLD = "UPDATE account SET told_at = CASE WHEN told_at >= $2 THEN told_at + 1 ELSE $2 END WHERE id = $1"
_NEWS = "told_at IS NOT NULL AND (heeded_at IS NULL OR heeded_at < told_at)"
_WANTING = f"""
SELECT * FROM account WHERE state = 'connected' AND (
    ({_NEWS}) OR EXISTS (SELECT 1 FROM saved_draft WHERE account_id = account.id AND saved_at < $1)
)
ORDER BY id
"""  # noqa: S608
_HEEDED = "UPDATE account SET heeded_at = $2 WHERE id = $1 AND (heeded_at IS NULL OR heeded_at < $2)"
_WATCHED = "SELECT id FROM account WHERE watched_topic = $1 AND watched_until > $2"
_DUE = """
SELECT * FROM account WHERE state = 'connected'
AND (watch_due_at IS NULL OR watch_due_at <= $2 OR watched_topic IS NOT NULL AND watched_topic <> $1)
ORDER BY watch_due_at IS NOT NULL, watch_due_at, id LIMIT 8
"""
_RELEASE = """
UPDATE account SET watched_topic = NULL, watched_until = NULL, watch_due_at = NULL
WHERE watched_topic IS NOT NULL AND id IN (SELECT id FROM account WHERE watched_topic IS NOT NULL ORDER BY id LIMIT 1)
RETURNING *
"""
# Only who saw it as it is gets it.
_CLAIM = """
UPDATE account SET watch_due_at = $2, watched_topic = $3,
    watched_until = CASE WHEN watched_topic = $3 THEN watched_until END
WHERE id = $1 AND COALESCE(watch_due_at, 0) = $4 AND COALESCE(watched_topic, '') = $5
RETURNING id
"""
_BY_ID = "SELECT * FROM account WHERE id = $1"
_KEEP = "UPDATE account SET watched_topic = $2, watched_until = $3, watch_due_at = $4 WHERE id = $1"


class SqlWatchBook:
    """Keeps watching.WatchBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def told(self, email: str, mark: int, at: datetime) -> bool:
        for row in await self._rows(_MARK, email.strip().lower()):
            if mark > int(row["history_mark"] or 0):
                await self._change(_TOLD, row["id"], stamp(at))
                return True
        return False

    async def wanting(self, saved_before: datetime) -> Sequence[Wanting]:
        return [_wanting(row) for row in await self._rows(_WANTING, stamp(saved_before))]

    async def heeded(self, account_id: str, told_at: datetime) -> None:
        await self._change(_HEEDED, account_id, stamp(told_at))

    async def watched(self, topic: str, now: datetime) -> Collection[str]:
        return frozenset(row["id"] for row in await self._rows(_WATCHED, topic, stamp(now)))

    async def claim(self, topic: str, now: datetime, until: datetime) -> Watch | None:
        for row in await self._rows(_DUE, topic, stamp(now)):
            seen = (row["watch_due_at"] or 0, row["watched_topic"] or "")
            async with self._database.writing() as transaction:
                if await transaction.rows(_CLAIM, row["id"], stamp(until), topic, *seen):
                    return _watch(row)
        return None

    async def release(self) -> Watch | None:
        async with self._database.writing() as transaction:
            return next((_watch(row) for row in await transaction.rows(_RELEASE)), None)

    async def of(self, account_id: str) -> Watch | None:
        return next((_watch(row) for row in await self._rows(_BY_ID, account_id)), None)

    async def keep(self, watch: Watch, due: datetime) -> None:
        await self._change(_KEEP, watch.account.id, watch.topic, stamp_or_none(watch.until), stamp(due))

    async def _rows(self, sql: str, *values: object) -> Sequence[Row]:
        async with self._database.reading() as statements:
            return await statements.rows(sql, *values)

    async def _change(self, sql: str, *values: object) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(sql, *values)


def _wanting(row: Row) -> Wanting:
    told, heeded = row["told_at"], row["heeded_at"]
    news = told is not None and (heeded is None or heeded < told)
    return Wanting(account_of(row), moment(told) if news else None)


def _watch(row: Row) -> Watch:
    return Watch(account_of(row), row["watched_topic"], moment_or_none(row["watched_until"]))
