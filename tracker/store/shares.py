"""What is shown in channels."""

from collections.abc import Sequence
from datetime import datetime

from tracker.shares import Share
from tracker.store.database import Database, Row
from tracker.store.moments import moment, moment_or_none, stamp, stamp_or_none

_BEGIN = """
INSERT INTO share (id, account_id, message_id, team, user_id, channel, shared_at, hide, ts, drawn_at, stopped)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) ON CONFLICT (message_id, channel) DO NOTHING
"""
_THERE = "SELECT * FROM share WHERE message_id = $1 AND channel = $2"
_POSTED = "UPDATE share SET ts = $2, drawn_at = $3 WHERE id = $1"
_OF = "SELECT * FROM share WHERE account_id IN ($many) AND stopped = 0 AND ts <> '' ORDER BY shared_at DESC, id"
_STOP = "UPDATE share SET stopped = 1, held_until = NULL WHERE id = $1 AND account_id IN ($many) RETURNING *"
# What changes a message puts an alert beside it, which is said, muted or held: here it counts all the same. Some come
# to be seen five seconds (5,000,000 µs) after their time: until then it is looked at once more.
_DUE = """
SELECT id FROM share WHERE ts <> '' AND (held_until IS NULL OR held_until <= $1) AND (stopped = 1
    OR NOT EXISTS (SELECT 1 FROM message WHERE message.id = share.message_id)
    OR EXISTS (SELECT 1 FROM alert WHERE alert.message_id = share.message_id
               AND alert.due_at > share.drawn_at - 5000000 AND alert.due_at <= $1))
ORDER BY drawn_at, id LIMIT $2
"""
_ANY_DUE = _DUE.replace("$2", "1")
_LEASE = "UPDATE share SET held_until = $3 WHERE id IN ({due}) RETURNING *"
_DRAWN = "UPDATE share SET drawn_at = $2, held_until = NULL WHERE id = $1"
_END = "DELETE FROM share WHERE id = $1 RETURNING id"


class SqlShareBook:
    """Keeps shares.ShareBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, share: Share) -> Share:
        who = (share.id, share.account_id, share.message_id, share.team, share.user, share.channel)
        how = (stamp(share.shared_at), int(share.hide), share.ts, stamp_or_none(share.drawn_at))
        async with self._database.writing() as transaction:
            await transaction.rows(_BEGIN, *who, *how)
            [row] = await transaction.rows(_THERE, share.message_id, share.channel)
        return _share_of(row)

    async def posted(self, id: str, ts: str, at: datetime) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_POSTED, id, ts, stamp(at))

    async def of(self, account_ids: Sequence[str]) -> Sequence[Share]:
        async with self._database.reading() as statements:
            return [_share_of(row) for row in await statements.rows(_OF, many=list(account_ids))]

    async def stop(self, account_ids: Sequence[str], id: str) -> Share | None:
        async with self._database.writing() as transaction:
            rows = await transaction.rows(_STOP, id, many=list(account_ids))
        return _share_of(rows[0]) if rows else None

    async def due(self, now: datetime, until: datetime, limit: int) -> Sequence[Share]:
        async with self._database.reading() as statements:
            if not await statements.rows(_ANY_DUE, stamp(now)):
                return ()
        async with self._database.writing() as transaction:
            due = _DUE if transaction.on_sqlite else f"{_DUE} FOR UPDATE OF share SKIP LOCKED"
            rows = await transaction.rows(_LEASE.format(due=due), stamp(now), limit, stamp(until))
        return [_share_of(row) for row in rows]

    async def drawn(self, id: str, at: datetime) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_DRAWN, id, stamp(at))

    async def end(self, id: str) -> bool:
        async with self._database.writing() as transaction:
            return bool(await transaction.rows(_END, id))


def _share_of(row: Row) -> Share:
    return Share(
        id=row["id"],
        account_id=row["account_id"],
        message_id=row["message_id"],
        team=row["team"],
        user=row["user_id"],
        channel=row["channel"],
        shared_at=moment(row["shared_at"]),
        hide=bool(row["hide"]),
        ts=row["ts"],
        drawn_at=moment_or_none(row["drawn_at"]),
        stopped=bool(row["stopped"]),
    )
