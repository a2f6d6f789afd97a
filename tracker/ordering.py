"""Ordering: a sending is asked for now and done later, by a worker, so that asking never waits for Gmail."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

import structlog

from tracker.clock import Clock, new_id
from tracker.granting import Granting
from tracker.model import Account, AccountState, Alert, AlertKind
from tracker.ports import AccountBook, Mailers, Missing, NotAuthorized, Refused, TryLater
from tracker.sending import ONLY_SENDS, Edited, Order, Sending
from tracker.tagging import recipients_of, subject_of
from tracker.wishes import LeasedOrder, OrderBook, SendOrder

log = structlog.get_logger()

# A killed worker's order waits as long. Who works renews it meanwhile; two who send one order at once send it once.
LEASE = timedelta(seconds=45)
_RENEWED_EVERY_SECONDS = 15.0
_SAVED_WITHIN = timedelta(minutes=2)  # the compose window saves a draft some seconds after the last change
_LOOK_AGAIN = timedelta(seconds=3)
# While Gmail does not answer: often in the first minute, then ever more rarely.
_PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
_UNTIL_CONNECTED = timedelta(seconds=20)  # its owner was told, once, and may do it any moment: then this goes on
_TOO_LATE = timedelta(hours=6)  # a mail that goes out next morning, unlooked for, may do more harm than none

NO_DRAFT = (
    "No draft with the mark of this window was found in Gmail. Open it in Drafts, wait until Gmail says that it is"
    " saved, and press Send tracked now again."
)
TOO_LATE = "Gmail could not be reached for six hours. Look into Gmail's Sent folder before you send it again."
UNREADABLE = "The key that this mail was encrypted with is gone from ENCRYPTION_KEYS. Write it again."
DISCONNECTED = "Google no longer lets Twotick into this mailbox. Connect it again, then send it again."


class NotYet(Exception):
    """It cannot be done now; after a pause it may. `untouched` when Gmail was not asked to send anything."""

    def __init__(self, why: str, pause: timedelta, *, untouched: bool) -> None:
        super().__init__(why)
        self.pause = pause
        self.untouched = untouched


class Superseded(Exception):
    """The draft is not as it was ordered any more: as it is now, it is another order, or none."""


class Ordering:
    """Carries out the orders that are due. An order carried out twice sends once: sending sees to that."""

    def __init__(
        self,
        orders: OrderBook,
        accounts: AccountBook,
        mailers: Mailers,
        sending: Sending,
        granting: Granting,
        mark_text: Callable[[str], str],
        clock: Clock,
        renewed_every_seconds: float = _RENEWED_EVERY_SECONDS,
    ) -> None:
        self._orders = orders
        self._accounts = accounts
        self._mailers = mailers
        self._sending = sending
        self._granting = granting
        self._mark_text = mark_text
        self._clock = clock
        self._renewed_every = renewed_every_seconds

    async def run_once(self) -> int:
        """Carry out what is due now, one after the other; how many orders were taken."""
        taken = 0
        while due := await self._orders.lease(self._clock(), self._clock() + LEASE, 1):
            # What fails unforeseen leaves its lease to run out, and is looked up before anything is sent again.
            await self._handle(due[0])
            taken += 1
        return taken

    async def _handle(self, leased: LeasedOrder) -> None:
        try:
            async with self._held(leased):
                message_id = await self._carried_out(leased.order)
        except Superseded:
            log.info("order_superseded", order=leased.order.id)
            await self._orders.defer(leased, self._clock(), untouched=True)
            await self._orders.take_back(leased.order.account_id, leased.order.id)
        except NotYet as passing:
            log.warning(
                "order_deferred", order=leased.order.id, why=str(passing), seconds=passing.pause.total_seconds()
            )
            await self._orders.defer(leased, self._clock() + passing.pause, untouched=passing.untouched)
        except Refused as refusal:
            await self._fail(leased, str(refusal))
        except asyncio.CancelledError:
            # We are being stopped: whoever works next goes on at once.
            await self._orders.defer(leased, self._clock(), untouched=False)
            raise
        else:
            await self._orders.settle(leased, message_id)

    @asynccontextmanager
    async def _held(self, leased: LeasedOrder) -> AsyncIterator[None]:
        """While the block lasts, the order stays ours, however long Gmail takes."""
        renewing = asyncio.create_task(self._renew(leased))
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])

    async def _renew(self, leased: LeasedOrder) -> None:
        held = True
        while held:
            await asyncio.sleep(self._renewed_every)
            with suppress(TryLater):  # the next beat may find the database again before the lease ends
                held = await self._orders.renew(leased, self._clock() + LEASE)
        log.warning("order_lease_lost", order=leased.order.id)

    async def _carried_out(self, order: SendOrder) -> str:
        """Send what was ordered; the message it became. Raises NotYet, Refused."""
        account = await self._accounts.by_id(order.account_id)
        if account is None or self._clock() > order.not_before + _TOO_LATE:
            raise Refused(_too_late(account))
        if account.state is AccountState.RECONNECT:
            raise NotYet(DISCONNECTED, _UNTIL_CONNECTED, untouched=order.draft_id is None)
        if order.mail is None and not account.may_follow:
            raise Refused(ONLY_SENDS)
        if order.mail == b"":
            raise Refused(UNREADABLE)
        draft_id = order.draft_id if order.draft_id or order.mail else await self._found(account, order)
        try:
            outcome = await self._sending.send(account, _wanted(order, draft_id), read=partial(self._read, order))
            return outcome.message.id
        except Edited as why:
            if order.draft_version:
                raise Superseded from why
            raise NotYet(str(why), _LOOK_AGAIN, untouched=not order.per_recipient) from why
        except TryLater as why:
            raise NotYet(str(why), self._pause(order), untouched=False) from why
        except NotAuthorized as why:
            raise NotYet(DISCONNECTED, _UNTIL_CONNECTED, untouched=False) from why

    async def _read(self, order: SendOrder, raw: bytes) -> None:
        """Note which mail it is: should it come to nothing, there may be no draft left to tell."""
        first = next((one.address for one in recipients_of(raw) if one.address != order.cue), "")
        await self._orders.read(order.id, subject_of(raw), first)

    async def _found(self, account: Account, order: SendOrder) -> str:
        """The draft that carries the order's mark, noted once it is found: after sending it is there no more."""
        try:
            mailer = await self._mailers.of(account)
            found = await mailer.find_marked_draft(self._mark_text(order.mark or ""))
        except TryLater as why:
            raise NotYet(str(why), self._pause(order), untouched=True) from why
        except NotAuthorized as why:
            await self._granting.withdrawn(account)
            raise NotYet(DISCONNECTED, _UNTIL_CONNECTED, untouched=True) from why
        if found is None:
            if self._clock() > order.not_before + _SAVED_WITHIN:
                raise Missing(NO_DRAFT)
            raise NotYet("the marked draft is not saved yet", _LOOK_AGAIN, untouched=True)
        await self._orders.found(order.id, found)
        return found

    def _pause(self, order: SendOrder) -> timedelta:
        waited = self._clock() - order.not_before
        return next((pause for pause in _PAUSES if waited < 6 * pause), _PAUSES[-1])

    async def _fail(self, leased: LeasedOrder, reason: str) -> None:
        await self._orders.fail(leased, reason, not_sent(leased.order, self._clock))


def _too_late(account: Account | None) -> str:
    return DISCONNECTED if account and account.state is AccountState.RECONNECT else TOO_LATE


def _wanted(order: SendOrder, draft_id: str | None) -> Order:
    return Order(
        draft_id,
        order.mail,
        links=order.links,
        per_recipient=order.per_recipient,
        level=order.level,
        documents=order.documents,
        version=order.draft_version,
        cue=order.cue,
    )


def not_sent(order: SendOrder, clock: Clock) -> Alert:
    """What tells its sender that an order came to nothing."""
    return Alert(
        id=new_id(),
        key=f"not_sent:{order.id}",
        kind=AlertKind.NOT_SENT,
        account_id=order.account_id,
        due_at=clock(),
        order_id=order.id,
    )
