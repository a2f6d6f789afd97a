"""Scheduling: a draft or a file is to be sent at a time of the sender's choice."""

from datetime import datetime
from hashlib import sha256

from tracker.clock import Clock, new_id
from tracker.model import Account
from tracker.ports import Mailer, Mailers, Refused
from tracker.sending import ONLY_SENDS, Order
from tracker.tagging import message_id_of, with_message_id
from tracker.wishes import OrderBook, SendOrder


class Scheduling:
    def __init__(self, orders: OrderBook, mailers: Mailers, clock: Clock) -> None:
        self._orders = orders
        self._mailers = mailers
        self._clock = clock

    async def put(self, account: Account, order: Order, at: datetime) -> SendOrder:
        """Keep an order until its time; a file waits as a draft in Gmail, so that we store no mail.

        Repeating it is safe. Raises what a Mailer raises, Missing for a draft that is not there, and Refused where
        we may only send.
        """
        if not account.may_follow:
            raise Refused(f"Nothing can wait to be sent. {ONLY_SENDS}")
        mailer = await self._mailers.of(account)
        draft_id = await _draft_of(mailer, account, order)
        return await self._orders.put(
            SendOrder(
                id=new_id(),
                account_id=account.id,
                key=f"{order.source}@{at.isoformat()}",
                asked_at=self._clock(),
                not_before=at,
                draft_id=draft_id,
                links=order.links,
                per_recipient=order.per_recipient,
                level=order.level,
                documents=order.documents,
            )
        )


async def _draft_of(mailer: Mailer, account: Account, order: Order) -> str:
    if order.draft_id:
        return (await mailer.draft(order.draft_id)).id
    own = f"<{sha256(order.raw or b'').hexdigest()[:32]}@{account.email.rpartition('@')[2]}>"
    raw = with_message_id(order.raw or b"", own)
    return await mailer.find_draft(message_id_of(raw) or own) or await mailer.create_draft(raw, None)
