"""Presses about one draft's sending: it is ordered, taken back, and followed until it is out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta

from bot.blocks import Card
from bot.cards.drafts import CANCEL, SEND, past_card
from bot.cards.guidance import not_connected_card
from bot.cards.ordered import (
    ordered_card,
    progress_card,
    sent_card,
    still_trying_card,
    too_late_card,
    unknown_order_card,
)
from bot.offers import Offered, read_offered
from tracker.clock import Clock
from tracker.picking import Picking
from tracker.ports import AccountBook
from tracker.reporting import Reporting
from tracker.wishes import OrderState, SendOrder

Story = Callable[[str, str, str], AsyncIterator[Card]]  # of team, user and value

# An answer can be changed five times within half an hour: the order, two looks at its progress, and the end.
_FOLLOWED_FOR = timedelta(minutes=4)
_PROGRESS_AFTER = (timedelta(seconds=20), timedelta(seconds=80))
_LOOK_AGAIN_SECONDS = 0.5


class Ordered:
    """Speaks to one person about their own orders only; of somebody else's it says the same as of none."""

    def __init__(
        self,
        accounts: AccountBook,
        picking: Picking,
        reporting: Reporting,
        clock: Clock,
        look_again_seconds: float = _LOOK_AGAIN_SECONDS,
    ) -> None:
        self._accounts = accounts
        self._picking = picking
        self._reporting = reporting
        self._clock = clock
        self._pause = look_again_seconds

    @property
    def stories(self) -> Mapping[str, Story]:
        """What answers which button by several cards, one in place of the other, by its `action_id`."""
        return {SEND: self.send, CANCEL: self.cancel}

    async def send(self, team: str, user: str, value: str) -> AsyncIterator[Card]:
        """Order the draft under a button, once however often it is pressed; then tell when it is out."""
        accounts, offered = await self._accounts.of_slack_user(team, user), read_offered(value)
        account = next((one for one in accounts if offered and one.id == offered.account_id), None)
        if account is None or offered is None or not offered.draft_id:
            yield unknown_order_card() if accounts else not_connected_card(user, by_command=True)
            return
        order = await self._picking.order(account, offered.pick)
        if order is None:
            yield past_card(offered)
            return
        yield await self._card(offered.given(order), order, asked_before=not _is_for(order, offered))
        async for card in self._followed(offered.given(order), order):
            yield card

    async def cancel(self, team: str, user: str, value: str) -> AsyncIterator[Card]:
        """Take an order back while it waits; say the truth where it is too late."""
        accounts, offered = await self._accounts.of_slack_user(team, user), read_offered(value)
        order = await self._picking.take_back(accounts, offered.order_id) if offered else None
        if offered is None or order is None:
            yield unknown_order_card()
            return
        if order.state is OrderState.SENDING:
            yield too_late_card(offered)
        else:
            yield await self._card(offered, order, too_late=True)
        async for card in self._followed(offered, order):
            yield card

    async def _followed(self, offered: Offered, order: SendOrder) -> AsyncIterator[Card]:
        """What becomes of an order that is to go out soon. One that is taken back is told by who took it back."""
        until = order.not_before + _FOLLOWED_FOR
        if order.over or order.not_before > self._clock() + _FOLLOWED_FOR:
            return
        told = list(_PROGRESS_AFTER)
        while (now := await self._again(order)) and not now.over:
            if self._clock() > until:
                yield still_trying_card(offered, *await self._picking.progress(now))
                return
            if told and self._clock() > order.not_before + told[0]:
                told.pop(0)
                out, of = await self._picking.progress(now)
                if of > 1:
                    yield progress_card(offered, out, of)
        if now and now.state is not OrderState.TAKEN_BACK:
            yield await self._card(offered, now)

    async def _again(self, order: SendOrder) -> SendOrder | None:
        await asyncio.sleep(self._pause)
        return await self._picking.now(order)

    async def _card(
        self, offered: Offered, order: SendOrder, *, asked_before: bool = False, too_late: bool = False
    ) -> Card:
        if order.state is OrderState.SENT and order.message_id:
            story = await self._reporting.story(order.message_id)
            if story:
                return sent_card(story.report, too_late=too_late)
        return ordered_card(offered, order, asked_before=asked_before)


def _is_for(order: SendOrder, offered: Offered) -> bool:
    """Whether an order is what was picked, not another one for the same draft."""
    asked = offered.pick
    same = order.links == asked.links and order.per_recipient == asked.per_recipient
    return same and (asked.at is None or order.not_before == asked.at) and order.key.startswith("picked:")
