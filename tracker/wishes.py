"""What people asked us to do, and the promises of the books that keep it until it is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tracker.model import Alert


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the owner of an account wants when nothing else is said. Tracking is off until they turn it on."""

    account_id: str
    track: bool = False
    links: bool = False
    per_recipient: bool = False
    undo_seconds: int = 10
    documents: bool = False
    remind_unopened_days: int = 0  # 0 is never
    remind_unanswered_days: int = 0
    ticks: bool = True  # labels in Gmail, where the grant covers them


class OrderState(StrEnum):
    WAITING = "waiting"  # nothing was asked of Gmail: it can be taken back
    SENDING = "sending"  # it may be out
    SENT = "sent"
    TAKEN_BACK = "taken_back"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SendOrder:
    """A draft to be sent tracked at `not_before`, by whoever works then.

    `key` names the press or the command that asked for it: asked again under
    the same key, it is the same order. `mark` is a copy's id whose pixel was put
    into the draft, by which the draft is found while its id is not known.
    `draft_version` is the saved state of the draft that is meant, when no other
    may be sent; `cue` the address in it that made it an order, and gets no mail.
    `subject` and `recipient`, the first of them, are the mail's once it was read.
    `mail` is the whole of it where the mailbox lets us keep no draft; it is there until the order is over.
    """

    id: str
    account_id: str
    key: str
    asked_at: datetime
    not_before: datetime
    draft_id: str | None = None
    mark: str | None = None
    links: bool = False
    per_recipient: bool = False
    level: str = "full"
    state: OrderState = OrderState.WAITING
    message_id: str | None = None
    failure: str | None = None
    draft_version: str | None = None
    cue: str | None = None
    documents: bool = False
    subject: str | None = None
    recipient: str | None = None
    mail: bytes | None = field(default=None, repr=False)

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state not in (OrderState.WAITING, OrderState.SENDING)


@dataclass(frozen=True, slots=True)
class LeasedOrder:
    """An order that is ours to carry out until the lease ends."""

    lease: str
    order: SendOrder


class PreferenceBook(Protocol):
    async def of(self, account_id: str) -> Preferences:
        """What the account's owner wants; the defaults while they said nothing."""

    async def keep(self, preferences: Preferences) -> None:
        """Replace what was wanted before. Nothing happens when the account is gone."""

    async def change(self, account_id: str, name: str, value: bool | int) -> None:
        """Replace one wish by its name, whatever is changed beside it meanwhile. Raises TypeError for no name of one.

        Nothing happens when the account is gone.
        """


class OrderBook(Protocol):
    """Sendings that were asked for, kept until they are done: the asker need not wait, and may change their mind."""

    async def put(self, order: SendOrder) -> SendOrder:
        """Remember an order; the one that is there already when the account asked under this key before."""

    async def refuse(self, order: SendOrder, reason: str, alert: Alert) -> None:
        """Remember an order that comes to nothing, and put the alert about it; once for each key."""

    async def get(self, order_id: str) -> SendOrder | None: ...

    async def latest(self, account_id: str, since: datetime, limit: int) -> Sequence[SendOrder]:
        """The account's orders asked for since then and those not yet done, latest first."""

    async def take_back(self, account_id: str, order_id: str) -> SendOrder | None:
        """Take an order of this account back while it waits; how it stands now. None when there is none."""

    async def lease(self, now: datetime, until: datetime, limit: int) -> Sequence[LeasedOrder]:
        """Due orders, ours until then; they are `sending` from now on."""

    async def renew(self, leased: LeasedOrder, until: datetime) -> bool:
        """It stays ours until then; False when it is ours no more."""

    async def found(self, order_id: str, draft_id: str) -> None:
        """Note the draft that an order was found to mean."""

    async def read(self, order_id: str, subject: str, recipient: str) -> None:
        """Note which mail an order turned out to mean."""

    async def settle(self, leased: LeasedOrder, message_id: str) -> None:
        """It is sent, as this message."""

    async def defer(self, leased: LeasedOrder, until: datetime, *, untouched: bool) -> None:
        """Try it again then; `untouched` when Gmail was not asked to send, so that it can be taken back again."""

    async def fail(self, leased: LeasedOrder, reason: str, alert: Alert) -> None:
        """It came to nothing, for this reason in words for its sender; the alert about it is put in one transaction."""

    async def forget(self, before: datetime) -> int:
        """Erase what was done and was asked for before. How many orders that were."""

    async def reseal(self) -> int:
        """Encrypt mails anew that the first of our keys did not encrypt; how many those were."""
