"""The outbox as its reader sees it: whole topics, leased until a deadline.

A topic is held while one of its waiting alerts is leased or deferred, so that
its alerts are said in order and by one worker. A lease that ran out stays its
holder's until somebody else takes the topic.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from tracker.clock import new_id
from tracker.model import Alert, LeasedAlerts, Post
from tracker.ports import Buried
from tracker.store.burying import BURY, buried_alerts, unburied
from tracker.store.crowding import condensed, crowd_alerts, latest_crowd
from tracker.store.database import Database, Row
from tracker.store.moments import stamp
from tracker.store.outbox import put_alerts
from tracker.store.posts import keep_post, keep_post_unless_known, posts_on
from tracker.store.rows import alert_of
from tracker.store.waiting import Waker

_CLOCKS_APART = timedelta(
    minutes=1
)  # between workers; what seems to be leased later than that was leased before a jump

_ANY_DUE = "SELECT 1 AS due FROM alert WHERE done_at IS NULL AND due_at <= $1 LIMIT 1"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7308895220)"
# One look at each waiting alert. Asking for each one whether its topic is held made a planner that had last seen the
# outbox empty compare all with all: a second for 2,600 of them.
_LEASE = """
UPDATE alert SET lease = $1, held_until = $2, held_at = $3, tries = tries + 1
WHERE done_at IS NULL AND due_at <= $3 AND topic IN (
    SELECT topic FROM (
        SELECT topic, MIN(CASE WHEN due_at <= $3 {whose} THEN due_at END) AS first_due_at,
               MAX(CASE WHEN held_until > $3 AND (held_at IS NULL OR held_at <= $5) THEN 1 ELSE 0 END) AS held
        FROM alert WHERE done_at IS NULL GROUP BY topic) AS waiting
    WHERE first_due_at IS NOT NULL AND held = 0 ORDER BY first_due_at, topic LIMIT $4)
RETURNING *
"""
_LEASE_ANYBODYS = _LEASE.format(whose="")
_LEASE_SOMEBODYS = _LEASE.format(whose="AND account_id = $6")
_SETTLE = """
UPDATE alert SET done_at = $3, held_until = NULL, blind = $4
WHERE topic = $1 AND lease = $2 AND done_at IS NULL RETURNING id
"""
_DEFER = """
UPDATE alert SET held_until = $3, lease = NULL, refusals = refusals + $4
WHERE topic = $1 AND lease = $2 AND done_at IS NULL
"""
_STILL_ABOUT = "SELECT 1 AS there FROM alert WHERE topic = $1 LIMIT 1"
_BLIND = "SELECT COUNT(*) AS number FROM alert WHERE blind = 1 AND done_at >= $1"


class SqlAlertFeed:
    """Keeps ports.AlertFeed in a database."""

    def __init__(self, database: Database, waker: Waker) -> None:
        self._database = database
        self._waker = waker

    async def lease(
        self, now: datetime, until: datetime, limit: int, account_id: str | None = None
    ) -> Sequence[LeasedAlerts]:
        await self._waker.mark()
        if not await self._any_due(now):
            return []
        lease = new_id()
        values = (lease, stamp(until), stamp(now), limit, stamp(now + _CLOCKS_APART))
        async with self._database.writing() as transaction:
            if not transaction.on_sqlite:
                # Row locks alone would let two workers take two alerts of one topic.
                await transaction.rows(_ONE_AT_A_TIME)
            if account_id is None:
                rows = await transaction.rows(_LEASE_ANYBODYS, *values)
            else:
                rows = await transaction.rows(_LEASE_SOMEBODYS, *values, account_id)
        return _by_topic(rows, lease, until)

    async def settle(
        self,
        leased: LeasedAlerts,
        now: datetime,
        post: Post | None,
        *,
        beside: Post | None = None,
        then: Sequence[Alert] = (),
        blind: bool = False,
    ) -> None:
        """They are said.

        When somebody else took the topic meanwhile, the alerts are theirs: they
        are in doubt, and look before they post. What we said stands in Slack
        all the same, so its place is remembered unless a place is known.
        """
        async with self._database.writing() as transaction:
            if await transaction.rows(_SETTLE, leased.topic, leased.lease, stamp(now), int(blind)):
                for place in filter(None, (post, beside)):
                    await keep_post(transaction, place)
                await put_alerts(transaction, then)
            elif post and await transaction.rows(_STILL_ABOUT, leased.topic):
                await keep_post_unless_known(transaction, post)

    async def condense(self, leases: Sequence[LeasedAlerts], now: datetime, crowd: Alert, then: Sequence[Alert]) -> int:
        async with self._database.writing() as transaction:
            ours = await condensed(transaction, leases, now, crowd)
            if ours:
                await put_alerts(transaction, [crowd, *then])
        return ours

    async def crowd_since(self, account_id: str, since: datetime) -> str | None:
        async with self._database.reading() as statements:
            return await latest_crowd(statements, account_id, since)

    async def crowd(self, crowd_id: str) -> Sequence[Alert]:
        async with self._database.reading() as statements:
            return await crowd_alerts(statements, crowd_id)

    async def defer(self, leased: LeasedAlerts, until: datetime, *, reached: bool) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_DEFER, leased.topic, leased.lease, stamp(until), 0 if reached else 1)

    async def bury(self, leased: LeasedAlerts, now: datetime, reason: str) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(BURY, leased.topic, leased.lease, stamp(now), reason)

    async def wait(self, seconds: float) -> None:
        await self._waker.wait(seconds)

    async def post_of(self, topic: str) -> Post | None:
        return (await self.posts_of([topic])).get(topic)

    async def posts_of(self, topics: Sequence[str]) -> Mapping[str, Post]:
        async with self._database.reading() as statements:
            return await posts_on(statements, topics)

    async def buried(self, limit: int) -> Sequence[Buried]:
        async with self._database.reading() as statements:
            return await buried_alerts(statements, limit)

    async def unbury(self, topics: Sequence[str]) -> int:
        async with self._database.writing() as transaction:
            return await unburied(transaction, topics)

    async def blind(self, since: datetime) -> int:
        async with self._database.reading() as statements:
            [row] = await statements.rows(_BLIND, stamp(since))
        return int(row["number"])

    async def _any_due(self, now: datetime) -> bool:
        """A look that takes no write lock: the reader of an empty outbox must not get in the recorders' way."""
        async with self._database.reading() as statements:
            return bool(await statements.rows(_ANY_DUE, stamp(now)))


def _by_topic(rows: Iterable[Row], lease: str, until: datetime) -> list[LeasedAlerts]:
    topics = [list(group) for _, group in groupby(sorted(rows, key=_topic_then_time), key=lambda row: row["topic"])]
    return [_leased(group, lease, until) for group in sorted(topics, key=lambda group: _time(group[0]))]


def _leased(rows: Sequence[Row], lease: str, until: datetime) -> LeasedAlerts:
    return LeasedAlerts(
        lease=lease,
        alerts=tuple(map(alert_of, rows)),
        until=until,
        tries=max(row["tries"] for row in rows),
        in_doubt=any(row["tries"] - 1 > row["refusals"] for row in rows),
    )


def _time(row: Row) -> tuple[int, str]:
    return row["due_at"], row["id"]


def _topic_then_time(row: Row) -> tuple[str, int, str]:
    return row["topic"], *_time(row)
