"""What a stretch of mail adds up to, added up where it is kept: a year of it must not be carried here first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from tracker.stats import Sums
from tracker.store.database import Row, Statements
from tracker.store.moments import moment, stamp

_QUARTER = 900_000_000  # of an hour
# Gmail's clock and ours differ by seconds: nobody reads a mail before it is sent. The median is the one in the middle,
# or the mean of the two there.
_SUMS = f"""
WITH fate AS MATERIALIZED (
    SELECT copy.sent_at,
           CASE WHEN copy.first_click_at < copy.first_open_at THEN copy.first_click_at
                ELSE COALESCE(copy.first_open_at, copy.first_click_at) END AS read_at,
           CASE WHEN copy.unsure > 0 THEN 1 ELSE 0 END AS unsure,
           CASE WHEN copy.replied_at IS NULL THEN 0 ELSE 1 END AS replied
    FROM message JOIN copy ON copy.message_id = message.id
    WHERE message.account_id IN ($many) AND message.created_at >= $1
      AND copy.sent_at >= $1 AND message.untracked IS NULL AND message.stopped_at IS NULL),
middle AS (
    SELECT CASE WHEN read_at > sent_at THEN read_at - sent_at ELSE 0 END AS wait FROM fate WHERE read_at IS NOT NULL
    ORDER BY 1
    LIMIT (SELECT 2 - COUNT(read_at) % 2 FROM fate) OFFSET (SELECT (COUNT(read_at) - 1) / 2 FROM fate))
SELECT 'copies' AS kind, read_at / {_QUARTER} AS at, COUNT(*) AS number, SUM(unsure) AS unsure, SUM(replied) AS replied
FROM fate GROUP BY read_at / {_QUARTER}
UNION ALL SELECT 'wait', wait, 1, 0, 0 FROM middle
"""  # noqa: S608


async def sums_of(statements: Statements, account_ids: Sequence[str], since: datetime) -> Sums:
    """What ports.MessageBook.sums promises."""
    rows = await statements.rows(_SUMS, stamp(since), many=list(dict.fromkeys(account_ids)))
    copies, waits = ([row for row in rows if row["kind"] == kind] for kind in ("copies", "wait"))
    return Sums(
        sent=sum(row["number"] for row in copies),
        unsure=sum(row["unsure"] for row in copies if row["at"] is None),
        replied=sum(row["replied"] for row in copies),
        middle=_middle(waits),
        read=tuple((moment(row["at"] * _QUARTER), row["number"]) for row in copies if row["at"] is not None),
    )


def _middle(waits: Sequence[Row]) -> timedelta | None:
    return timedelta(seconds=round(median(row["at"] for row in waits) / 1_000_000)) if waits else None
