"""Vital signs, read by few indexes: whoever asks waits for the answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.account import AccountState
from tracker.store.database import Database
from tracker.store.moments import moment, moment_or_none, stamp
from tracker.vitals import Backlog, Load, Tally

_BEAT = """
INSERT INTO heartbeat (id, at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET at = excluded.at
"""
_BEATS = "SELECT id, at FROM heartbeat"
_WAITING = "SELECT COUNT(*) AS waiting, MIN(due_at) AS oldest FROM alert WHERE done_at IS NULL AND due_at <= $1"
_BURIED = "SELECT buried, COUNT(*) AS number FROM alert WHERE done_at >= $1 AND buried IS NOT NULL"
_OF_THESE = " AND account_id IN ($many)"
_BY_REASON = " GROUP BY buried ORDER BY COUNT(*) DESC, buried LIMIT 5"
_ACCOUNTS = "SELECT state, COUNT(*) AS number FROM account GROUP BY state"
_FOLLOWED = """
SELECT MIN(synced_at) AS oldest, COUNT(*) - COUNT(synced_at) AS never FROM account
WHERE state = 'connected' AND (profile IS NULL OR profile <> 'send')
"""
_ORDERS = """
SELECT COUNT(*) AS number, COUNT(CASE WHEN not_before <= $1 THEN 1 END) AS overdue,
       MIN(CASE WHEN not_before <= $1 THEN not_before END) AS since
FROM send_order WHERE state IN ('waiting', 'sending')
"""
_TALLIES = """
SELECT account.slack_user, COUNT(DISTINCT account.id) AS mailboxes, COUNT(message.id) AS sent,
       SUM(CASE WHEN EXISTS (SELECT 1 FROM copy WHERE message_id = message.id AND (opens > 0 OR clicks > 0))
           THEN 1 ELSE 0 END) AS opened,
       SUM(CASE WHEN EXISTS (SELECT 1 FROM copy WHERE message_id = message.id AND replied_at IS NOT NULL)
           THEN 1 ELSE 0 END) AS replied
FROM account LEFT JOIN message ON message.account_id = account.id AND message.created_at >= $2
  AND message.state = 'sent' AND message.untracked IS NULL
WHERE account.slack_team IN ($1, '')
GROUP BY account.slack_user ORDER BY COUNT(message.id) DESC, account.slack_user
"""


class SqlVitalSigns:
    """Keeps vitals.VitalSigns in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self, name: str, at: datetime) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_BEAT, name, stamp(at))

    async def beats(self) -> Mapping[str, datetime]:
        async with self._database.reading() as statements:
            return {row["id"]: moment(row["at"]) for row in await statements.rows(_BEATS)}

    async def backlog(self, now: datetime, since: datetime, account_ids: Sequence[str] | None = None) -> Backlog:
        whose = "" if account_ids is None else _OF_THESE
        async with self._database.reading() as statements:
            [row] = await statements.rows(_WAITING + whose, stamp(now), many=account_ids)
            buried = await statements.rows(_BURIED + whose + _BY_REASON, stamp(since), many=account_ids)
        reasons = tuple((str(one["buried"]), int(one["number"])) for one in buried)
        return Backlog(row["waiting"], moment_or_none(row["oldest"]), reasons)

    async def load(self, now: datetime) -> Load:
        async with self._database.reading() as statements:
            states = await statements.rows(_ACCOUNTS)
            [followed] = await statements.rows(_FOLLOWED)
            [orders] = await statements.rows(_ORDERS, stamp(now))
        accounts = dict.fromkeys(map(str, AccountState), 0) | {row["state"]: row["number"] for row in states}
        since, oldest = moment_or_none(orders["since"]), moment_or_none(followed["oldest"])
        return Load(accounts, orders["number"], orders["overdue"], since, oldest, followed["never"])

    async def tallies(self, team: str, since: datetime) -> Sequence[Tally]:
        async with self._database.reading() as statements:
            rows = await statements.rows(_TALLIES, team, stamp(since))
        return [
            Tally(row["slack_user"], row["mailboxes"], row["sent"], int(row["opened"]), int(row["replied"]))
            for row in rows
        ]
