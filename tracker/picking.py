"""Picking: somebody who does not see Gmail has one of their drafts sent tracked, and may change their mind."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.clock import Clock, new_id
from tracker.granting import Granting
from tracker.mailbox import NotGranted
from tracker.model import Account
from tracker.ports import DraftLine, Mailers, MessageBook, NotAuthorized, Refused, TryLater
from tracker.sending import Order
from tracker.wishes import OrderBook, OrderState, PreferenceBook, SendOrder

PATIENCE_SECONDS = 8.0  # a person waits for the list
_OVER_WITHIN = timedelta(days=2)  # orders taken back or failed since then are known beside their drafts
_MOST_ORDERS = 200


class Trouble(StrEnum):
    """Why a mailbox shows no drafts."""

    ASLEEP = "asleep"  # Gmail does not answer
    WITHDRAWN = "withdrawn"  # to be connected again
    NOT_GRANTED = "not_granted"  # connected for less than this needs
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Offer:
    """A draft that can be picked. `order` is the latest that was given for it, when there is one."""

    draft: DraftLine
    order: SendOrder | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """One mailbox's latest drafts, or why there are none to see."""

    account: Account
    offers: tuple[Offer, ...] = ()
    trouble: Trouble | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """What was picked, and how it is to be sent: after the time to cancel, or `at` a time.

    `after` names the order of this draft that was over when it was offered:
    picked twice from one offer it is one order, also once that is taken back.
    """

    draft_id: str
    links: bool = False
    per_recipient: bool = False
    documents: bool = False
    at: datetime | None = None
    after: str = ""


class Picking:
    """Serves one person at a time; every order is looked up among their own accounts only."""

    def __init__(
        self,
        mailers: Mailers,
        orders: OrderBook,
        preferences: PreferenceBook,
        messages: MessageBook,
        granting: Granting,
        clock: Clock,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._mailers = mailers
        self._orders = orders
        self._preferences = preferences
        self._messages = messages
        self._granting = granting
        self._clock = clock
        self._patience = patience_seconds

    async def shelves(self, accounts: Sequence[Account], limit: int) -> Sequence[Shelf]:
        """The latest drafts of each mailbox; one that cannot be asked says why."""
        return await asyncio.gather(*(self._shelf(account, limit) for account in accounts))

    async def order(self, account: Account, pick: Pick) -> SendOrder | None:
        """Have a draft sent; the order that is under way for it, whoever gave that, when there is one.

        None when the time it was picked for went by without an order.
        """
        if under_way := await self._under_way(account, pick.draft_id):
            return under_way
        now, key = self._clock(), f"picked:{pick.draft_id}:{pick.after}"
        if pick.at and pick.at <= now:
            latest = await self._orders.latest(account.id, now - _OVER_WITHIN, _MOST_ORDERS)
            return next((order for order in latest if order.key == key), None)
        undo = timedelta(seconds=(await self._preferences.of(account.id)).undo_seconds)
        put = await self._orders.put(
            SendOrder(
                id=new_id(),
                account_id=account.id,
                key=key,
                asked_at=now,
                not_before=pick.at or now + undo,
                draft_id=pick.draft_id,
                links=pick.links,
                per_recipient=pick.per_recipient,
                documents=pick.documents,
            )
        )
        # An offer that is older than a later order for the same draft must not hide that one.
        return put if not put.over else await self._under_way(account, pick.draft_id) or put

    async def take_back(self, accounts: Iterable[Account], order_id: str) -> SendOrder | None:
        """Take an order of theirs back while it waits, and any other that waits for the same draft."""
        order = await self.of(accounts, order_id)
        if order is None:
            return None
        taken = await self._orders.take_back(order.account_id, order.id)
        for other in await self._open(order.account_id):
            if order.draft_id and other.draft_id == order.draft_id and other.state is OrderState.WAITING:
                await self._orders.take_back(order.account_id, other.id)
        return taken

    async def of(self, accounts: Iterable[Account], order_id: str) -> SendOrder | None:
        """An order of theirs as it stands now."""
        order = await self._orders.get(order_id)
        return order if order and order.account_id in {account.id for account in accounts} else None

    async def now(self, order: SendOrder) -> SendOrder | None:
        """The same order as it stands now; None when it was forgotten with its account."""
        return await self._orders.get(order.id)

    async def waiting(self, accounts: Iterable[Account]) -> Sequence[SendOrder]:
        """Their orders that are not done, the next one first."""
        found = [order for account in accounts for order in await self._open(account.id)]
        return sorted(found, key=lambda order: (order.not_before, order.id))

    async def progress(self, order: SendOrder) -> tuple[int, int]:
        """How many of an order's mails are out, of how many; (0, 0) before the first is begun."""
        message = await self._messages.by_source(order.account_id, Order(order.draft_id, order.mail).source)
        copies = await self._messages.copies(message.id) if message else ()
        return sum(copy.armed for copy in copies), len(copies)

    async def _shelf(self, account: Account, limit: int) -> Shelf:
        try:
            async with asyncio.timeout(self._patience):
                mailer = await self._mailers.of(account)
                drafts = await mailer.drafts(limit)
        except NotGranted as why:
            return Shelf(account, trouble=Trouble.NOT_GRANTED, why=str(why))
        except Refused as why:
            return Shelf(account, trouble=Trouble.REFUSED, why=str(why))
        except NotAuthorized as why:
            await self._granting.withdrawn(account)
            return Shelf(account, trouble=Trouble.WITHDRAWN, why=str(why))
        except (TryLater, TimeoutError) as why:
            return Shelf(account, trouble=Trouble.ASLEEP, why=str(why))
        latest = await self._orders.latest(account.id, self._clock() - _OVER_WITHIN, _MOST_ORDERS)
        of_draft = {order.draft_id: order for order in (*reversed(latest), *_open_last(latest))}
        return Shelf(account, tuple(Offer(draft, of_draft.get(draft.id)) for draft in drafts))

    async def _under_way(self, account: Account, draft_id: str) -> SendOrder | None:
        """The order for this draft that goes out first."""
        found = [order for order in await self._open(account.id) if order.draft_id == draft_id]
        return min(found, key=lambda order: order.not_before, default=None)

    async def _open(self, account_id: str) -> list[SendOrder]:
        latest = await self._orders.latest(account_id, self._clock(), _MOST_ORDERS)
        return [order for order in latest if not order.over]


def _open_last(orders: Sequence[SendOrder]) -> list[SendOrder]:
    """Those under way, the first to go out last: what waits is more to the point than what is over."""
    return sorted((one for one in orders if not one.over), key=lambda one: one.not_before, reverse=True)
