"""Alerts that one alert speaks for, as they were too many to be said one by one."""

from collections.abc import Sequence
from datetime import datetime

from tracker.model import Alert, LeasedAlerts
from tracker.store.database import Statements
from tracker.store.moments import stamp
from tracker.store.rows import alert_of

_CONDENSE = """
UPDATE alert SET done_at = $3, held_until = NULL, crowd_id = $4
WHERE topic = $1 AND lease = $2 AND done_at IS NULL RETURNING id
"""
_LATEST = """
SELECT crowd_id FROM alert WHERE account_id = $1 AND kind = 'crowd' AND (due_at >= $2 OR done_at IS NULL)
ORDER BY due_at DESC, id DESC LIMIT 1
"""
_MEMBERS = "SELECT * FROM alert WHERE crowd_id = $1 AND kind <> 'crowd' ORDER BY due_at, id"


async def condensed(transaction: Statements, leases: Sequence[LeasedAlerts], now: datetime, crowd: Alert) -> int:
    """Settle those leases that are still ours for a crowd; how many these were."""
    ours = 0
    for leased in leases:
        ours += bool(await transaction.rows(_CONDENSE, leased.topic, leased.lease, stamp(now), crowd.crowd_id))
    return ours


async def latest_crowd(statements: Statements, account_id: str, since: datetime) -> str | None:
    rows = await statements.rows(_LATEST, account_id, stamp(since))
    return next((str(row["crowd_id"]) for row in rows), None)


async def crowd_alerts(statements: Statements, crowd_id: str) -> Sequence[Alert]:
    return [alert_of(row) for row in await statements.rows(_MEMBERS, crowd_id)]
