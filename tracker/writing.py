"""Writing: a letter becomes a draft in Gmail and an order to send it, once however often it is handed in.

Where a mailbox lets us send and nothing else, it waits with its order instead.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from tracker.clock import Clock, new_id
from tracker.granting import Granting
from tracker.letters import Letter, letter_mail
from tracker.mailbox import Mailbox, Mailboxes
from tracker.model import Account, Recipient
from tracker.ports import NotAuthorized, Refused, TryLater
from tracker.tagging import recipients_of, subject_of
from tracker.wishes import OrderBook, PreferenceBook, SendOrder

PATIENCE_SECONDS = 20.0  # somebody waits before a form
_GIVEN_WITHIN = timedelta(days=2)
_MOST_ORDERS = 200

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Manner:
    """How a letter is to go out: after the time to cancel, or `at` a time."""

    links: bool = False
    per_recipient: bool = False
    at: datetime | None = None


class Writing:
    def __init__(
        self,
        mailboxes: Mailboxes,
        orders: OrderBook,
        preferences: PreferenceBook,
        granting: Granting,
        clock: Clock,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._mailboxes = mailboxes
        self._orders = orders
        self._preferences = preferences
        self._granting = granting
        self._clock = clock
        self._patience = patience_seconds

    async def send(self, account: Account, letter: Letter, manner: Manner, name: str) -> SendOrder:
        """Have it sent; the same order for the same `name`, whatever is handed in under it again.

        The draft comes first and the order after it: who is killed in between
        leaves a draft that nobody sends. Raises Refused, TryLater, NotAuthorized;
        then nothing goes out.
        """
        key = f"letter:{name}"
        if given := await self._given(account, key):
            return given
        if not account.may_follow:
            return await self._ordered_whole(
                account, key, letter_mail(letter, Recipient(account.email, ""), name), manner
            )
        try:
            async with asyncio.timeout(self._patience):
                mailbox = await self._mailboxes.of(account)
                mail = letter_mail(letter, await _sender(mailbox, account), name)
                draft_id = await mailbox.create_draft(mail, None)
        except NotAuthorized:
            await self._granting.withdrawn(account)
            raise
        except TimeoutError as late:
            raise TryLater("Gmail took too long") from late
        order = await self._ordered(account, key, manner, draft_id=draft_id)
        if order.draft_id != draft_id:
            # Handed in twice at the same moment: the other was first, and one draft is enough.
            with suppress(Refused, TryLater, NotAuthorized):
                await mailbox.delete_draft(draft_id)
        log.info("letter_ordered", account=account.id, order=order.id)
        return order

    async def _ordered_whole(self, account: Account, key: str, mail: bytes, manner: Manner) -> SendOrder:
        """For a mailbox that lets us keep no draft: the mail waits here."""
        order = await self._ordered(account, key, manner, mail=mail)
        # It is named in lists: there is no draft to ask.
        await self._orders.read(order.id, subject_of(mail), recipients_of(mail)[0].address)
        log.info("letter_ordered", account=account.id, order=order.id)
        return order

    async def _given(self, account: Account, key: str) -> SendOrder | None:
        latest = await self._orders.latest(account.id, self._clock() - _GIVEN_WITHIN, _MOST_ORDERS)
        return next((order for order in latest if order.key == key), None)

    async def _ordered(
        self, account: Account, key: str, manner: Manner, draft_id: str | None = None, mail: bytes | None = None
    ) -> SendOrder:
        now = self._clock()
        undo = timedelta(seconds=(await self._preferences.of(account.id)).undo_seconds)
        return await self._orders.put(
            SendOrder(
                id=new_id(),
                account_id=account.id,
                key=key,
                asked_at=now,
                not_before=max(manner.at or now, now + undo),
                draft_id=draft_id,
                links=manner.links,
                per_recipient=manner.per_recipient,
                mail=mail,
            )
        )


async def _sender(mailbox: Mailbox, account: Account) -> Recipient:
    """The mailbox's own address with the name that Gmail puts before it; without a name where that is not told."""
    name = ""
    with suppress(Refused, TryLater):
        names = {one.email.lower(): one.name for one in await mailbox.send_as()}
        name = names.get(account.email.lower(), "")
    return Recipient(account.email, name)
