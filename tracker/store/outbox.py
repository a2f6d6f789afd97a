"""Putting alerts into the outbox, in the transaction of the fact that caused them."""

from collections.abc import Iterable

from tracker.model import Alert
from tracker.store.database import Statements
from tracker.store.moments import stamp

CHANNEL = "twotick_alerts"  # where PostgreSQL tells the readers of the outbox

_PUT = """
INSERT INTO alert (id, key, topic, kind, account_id, message_id, copy_id, hit_id, order_id, crowd_id, due_at,
                   tries, refusals)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0)
ON CONFLICT (key) DO NOTHING
"""


async def put_alerts(transaction: Statements, alerts: Iterable[Alert]) -> None:
    """Add alerts; one whose key is there already is left as it is."""
    # In the order of their keys, so that two recorders never wait for each other in a circle.
    rows = [_values(alert) for alert in sorted(alerts, key=lambda alert: alert.key)]
    if not rows:
        return
    await transaction.each(_PUT, rows)
    if not transaction.on_sqlite:
        await transaction.rows(f"NOTIFY {CHANNEL}")


def _values(alert: Alert) -> tuple[object, ...]:
    about = (alert.account_id, alert.message_id, alert.copy_id, alert.hit_id, alert.order_id, alert.crowd_id)
    return (alert.id, alert.key, alert.topic, alert.kind.value, *about, stamp(alert.due_at))
