"""Sendings that were asked for, until they are done."""

from collections.abc import Sequence
from datetime import datetime

from tortoise.exceptions import IntegrityError

from tracker.clock import new_id
from tracker.model import Alert
from tracker.sealing import Sealer
from tracker.store.database import Database, Row
from tracker.store.moments import moment, stamp
from tracker.store.outbox import put_alerts
from tracker.store.words import folded
from tracker.wishes import LeasedOrder, OrderState, SendOrder

_PUT = """
INSERT INTO send_order (id, account_id, key, asked_at, not_before, due_at, draft_id, mark, links, per_recipient, level,
                        state, draft_version, cue, documents, mail)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (account_id, key) DO NOTHING
"""
_BY_KEY = "SELECT * FROM send_order WHERE account_id = $1 AND key = $2"
_BY_ID = "SELECT * FROM send_order WHERE id = $1"
_OF_ACCOUNT = "SELECT * FROM send_order WHERE account_id = $1 AND id = $2"
_LATEST = """
SELECT * FROM send_order WHERE account_id = $1 AND (asked_at >= $2 OR state IN ('waiting', 'sending'))
ORDER BY asked_at DESC, id DESC LIMIT $3
"""
_TAKE_BACK = (
    "UPDATE send_order SET state = 'taken_back', mail = NULL WHERE account_id = $1 AND id = $2 AND state = 'waiting'"
)
_ANY_DUE = "SELECT 1 AS due FROM send_order WHERE state IN ('waiting', 'sending') AND due_at <= $1 LIMIT 1"
_DUE = """
SELECT id FROM send_order WHERE state IN ('waiting', 'sending') AND due_at <= $1 ORDER BY due_at, id LIMIT $2
"""
_LEASE = """
UPDATE send_order SET state = 'sending', lease = $3, due_at = $4 WHERE id IN ({due})
RETURNING *
"""
_FOUND = "UPDATE send_order SET draft_id = COALESCE(draft_id, $2) WHERE id = $1"
_READ = "UPDATE send_order SET subject = $2, recipient = $3 WHERE id = $1"
_OURS = "WHERE id = $1 AND lease = $2 AND state = 'sending' RETURNING id"
_RENEW = f"UPDATE send_order SET due_at = $3 {_OURS}"  # noqa: S608
_SETTLE = f"UPDATE send_order SET state = 'sent', message_id = $3, lease = NULL, mail = NULL {_OURS}"  # noqa: S608
_DEFER = f"UPDATE send_order SET state = $4, due_at = $3, lease = NULL {_OURS}"  # noqa: S608
_FAIL = f"UPDATE send_order SET state = 'failed', failure = $3, lease = NULL, mail = NULL {_OURS}"  # noqa: S608
_REFUSE = "UPDATE send_order SET state = 'failed', failure = $2, mail = NULL WHERE id = $1 RETURNING id"
_FORGET = "DELETE FROM send_order WHERE asked_at < $1 AND state NOT IN ('waiting', 'sending') RETURNING id"
_SEALED_BEFORE = "SELECT id, mail FROM send_order WHERE mail IS NOT NULL AND mail NOT LIKE $1 ORDER BY id LIMIT 1000"
_RESEAL = "UPDATE send_order SET mail = $3 WHERE id = $1 AND mail = $2 RETURNING id"


class SqlOrderBook:
    """Keeps wishes.OrderBook in a database."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def put(self, order: SendOrder) -> SendOrder:
        async with self._database.writing() as transaction:
            try:
                await transaction.rows(_PUT, *self._values(order))
            except IntegrityError as gone:
                raise LookupError(f"there is no account {order.account_id}") from gone
            [row] = await transaction.rows(_BY_KEY, order.account_id, order.key)
        return self._order_of(row)

    async def refuse(self, order: SendOrder, reason: str, alert: Alert) -> None:
        async with self._database.writing() as transaction:
            put = await transaction.rows(f"{_PUT} RETURNING id", *self._values(order))
            if put and await transaction.rows(_REFUSE, order.id, reason):
                await put_alerts(transaction, [alert])

    async def get(self, order_id: str) -> SendOrder | None:
        return next(iter(await self._some(_BY_ID, order_id)), None)

    async def latest(self, account_id: str, since: datetime, limit: int) -> Sequence[SendOrder]:
        return await self._some(_LATEST, account_id, stamp(since), limit)

    async def take_back(self, account_id: str, order_id: str) -> SendOrder | None:
        async with self._database.writing() as transaction:
            await transaction.rows(_TAKE_BACK, account_id, order_id)
            rows = await transaction.rows(_OF_ACCOUNT, account_id, order_id)
        return self._order_of(rows[0]) if rows else None

    async def lease(self, now: datetime, until: datetime, limit: int) -> Sequence[LeasedOrder]:
        # A look that takes no write lock: it is made every second, and mostly in vain.
        if not await self._some_due(now):
            return []
        lease = new_id()
        async with self._database.writing() as transaction:
            due = _DUE if transaction.on_sqlite else f"{_DUE} FOR UPDATE SKIP LOCKED"
            rows = await transaction.rows(_LEASE.format(due=due), stamp(now), limit, lease, stamp(until))
        return [
            LeasedOrder(lease, order) for order in sorted(map(self._order_of, rows), key=lambda order: order.not_before)
        ]

    async def renew(self, leased: LeasedOrder, until: datetime) -> bool:
        async with self._database.writing() as transaction:
            return bool(await transaction.rows(_RENEW, leased.order.id, leased.lease, stamp(until)))

    async def found(self, order_id: str, draft_id: str) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_FOUND, order_id, draft_id)

    async def read(self, order_id: str, subject: str, recipient: str) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_READ, order_id, subject, folded(recipient))

    async def settle(self, leased: LeasedOrder, message_id: str) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_SETTLE, leased.order.id, leased.lease, message_id)

    async def defer(self, leased: LeasedOrder, until: datetime, *, untouched: bool) -> None:
        state = OrderState.WAITING if untouched else OrderState.SENDING
        async with self._database.writing() as transaction:
            await transaction.rows(_DEFER, leased.order.id, leased.lease, stamp(until), state.value)

    async def fail(self, leased: LeasedOrder, reason: str, alert: Alert) -> None:
        async with self._database.writing() as transaction:
            if await transaction.rows(_FAIL, leased.order.id, leased.lease, reason):
                await put_alerts(transaction, [alert])

    async def forget(self, before: datetime) -> int:
        async with self._database.writing() as transaction:
            return len(await transaction.rows(_FORGET, stamp(before)))

    async def reseal(self) -> int:
        async with self._database.reading() as statements:
            rows = await statements.rows(_SEALED_BEFORE, self._sealer.mark + "%")
        renewed = 0
        for row in rows:
            if (text := self._sealer.open(row["mail"], _mail_of(row["id"]))) is None:
                continue
            sealed = self._sealer.seal(text, _mail_of(row["id"]))
            async with self._database.writing() as transaction:
                renewed += len(await transaction.rows(_RESEAL, row["id"], row["mail"], sealed))
        return renewed

    def _values(self, order: SendOrder) -> tuple[object, ...]:
        mail = order.mail and self._sealer.seal(order.mail.decode("latin-1"), _mail_of(order.id))
        return _values(order, mail or None)

    def _order_of(self, row: Row) -> SendOrder:
        # b"" is a mail that none of our keys opens any more.
        text = self._sealer.open(row["mail"], _mail_of(row["id"])) if row["mail"] else None
        return _order_of(row, text.encode("latin-1") if text else b"" if row["mail"] else None)

    async def _some_due(self, now: datetime) -> bool:
        async with self._database.reading() as statements:
            return bool(await statements.rows(_ANY_DUE, stamp(now)))

    async def _some(self, sql: str, *values: object) -> Sequence[SendOrder]:
        async with self._database.reading() as statements:
            return [self._order_of(row) for row in await statements.rows(sql, *values)]


def _values(order: SendOrder, mail: str | None) -> tuple[object, ...]:
    about = (order.id, order.account_id, order.key, stamp(order.asked_at), stamp(order.not_before))
    how = (order.links, order.per_recipient, order.level, order.state.value)
    return (*about, order.draft_id, order.mark, *how, order.draft_version, order.cue, order.documents, mail)


def _order_of(row: Row, mail: bytes | None) -> SendOrder:
    return SendOrder(
        id=row["id"],
        account_id=row["account_id"],
        key=row["key"],
        asked_at=moment(row["asked_at"]),
        not_before=moment(row["not_before"]),
        draft_id=row["draft_id"],
        mark=row["mark"],
        links=bool(row["links"]),
        per_recipient=bool(row["per_recipient"]),
        level=row["level"],
        state=OrderState(row["state"]),
        message_id=row["message_id"],
        failure=row["failure"],
        draft_version=row["draft_version"],
        cue=row["cue"],
        documents=bool(row["documents"]),
        subject=row["subject"],
        recipient=row["recipient"],
        mail=mail,
    )


def _mail_of(id: str) -> str:
    return f"mail of order {id}"
