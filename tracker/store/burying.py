"""Alerts that could not be said, and their second life."""

from collections.abc import Sequence

from tracker.model import AlertKind
from tracker.ports import Buried
from tracker.store.database import Row, Statements
from tracker.store.moments import moment

# Nothing was said in the try that buried it: dug up, it need not look in Slack for itself.
BURY = """
UPDATE alert SET done_at = $3, buried = $4, is_buried = 1, held_until = NULL, refusals = refusals + 1
WHERE topic = $1 AND lease = $2 AND done_at IS NULL
"""
_BURIED = """
SELECT alert.topic, MIN(account.email) AS email, MIN(alert.kind) AS kind, alert.buried,
       MAX(alert.done_at) AS since, COUNT(*) AS alerts
FROM alert JOIN account ON account.id = alert.account_id
WHERE alert.is_buried = 1
GROUP BY alert.topic, alert.buried ORDER BY MAX(alert.done_at) DESC, alert.topic LIMIT $1
"""
_UNBURY = """
UPDATE alert SET done_at = NULL, buried = NULL, is_buried = 0, lease = NULL
WHERE is_buried = 1 AND topic IN ($many) RETURNING id
"""


async def buried_alerts(statements: Statements, limit: int) -> Sequence[Buried]:
    return [_buried(row) for row in await statements.rows(_BURIED, limit)]


async def unburied(transaction: Statements, topics: Sequence[str]) -> int:
    return len(await transaction.rows(_UNBURY, many=list(topics)))


def _buried(row: Row) -> Buried:
    since = moment(row["since"])
    return Buried(row["topic"], row["email"], AlertKind(row["kind"]), row["buried"], since, row["alerts"])
