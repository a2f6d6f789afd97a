"""Recovery and following look for the same interrupted sending at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fuses import Fuse, Killed
from tests.tracker.sending.conftest import a_mail
from tests.tracker.syncing.conftest import ADA, Desk
from tracker.clock import utc_now
from tracker.model import Copy, Message, MessageState
from tracker.ports import Mailers
from tracker.sending import Order


async def interrupted(desk: Desk, per_recipient: bool = False) -> Order:
    """A sending that was killed after Gmail had every mail, and before it was written down."""
    mails = 2 if per_recipient else 1
    for steps in range(200):
        mail = a_mail(f"{ADA}, bob@acme.example", subject=f"Offer {steps}")
        order = Order(draft_id=desk.office.saved(mail), per_recipient=per_recipient)
        before = len(desk.office.sent())
        try:
            await desk.office.send(order, Fuse(steps))
        except Killed:
            if len(desk.office.sent()) - before == mails:
                return order
    pytest.fail("sending never got that far")


async def found(desk: Desk, order: Order) -> tuple[Message, list[Copy]]:
    message = await desk.store.messages.by_source(desk.account.id, order.source)
    assert message
    return message, list(await desk.store.messages.copies(message.id))


@pytest.mark.parametrize("per_recipient", [False, True])
async def test_both_at_once_arm_it_once_with_the_same_facts(desk: Desk, per_recipient: bool) -> None:
    order = await interrupted(desk, per_recipient)
    out = {mail.id for mail in desk.office.sent()}

    await asyncio.gather(desk.office.recover(), desk.follow(), desk.office.recover(), desk.follow())

    message, copies = await found(desk, order)
    assert message.state is MessageState.SENT
    assert len({copy.gmail_id for copy in copies} & out) == len(copies)
    assert await desk.told() == []


async def test_what_following_finds_is_not_given_up_by_a_recovery_that_looked_earlier(desk: Desk) -> None:
    order = await interrupted(desk)
    desk.gmail.search_lag = timedelta(hours=1)
    office = replace(desk.office, mailers=_Meanwhile(desk.office.mailers, desk.follow))

    await office.recover(lambda: utc_now() + timedelta(hours=25))

    message, [copy] = await found(desk, order)
    assert copy.armed
    assert message.state is MessageState.SENT


class _Meanwhile:
    """Every account's Gmail, where something happens while sent mail is searched in vain."""

    def __init__(self, inner: Mailers, happens: Callable[[], Awaitable[Any]]) -> None:
        self._inner, self._happens = inner, happens

    async def of(self, account: Any) -> Any:
        self._mailer: Any = await self._inner.of(account)
        return self

    async def find_sent(self, *about: Any) -> Any:
        nothing = await self._mailer.find_sent(*about)
        await self._happens()
        return nothing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._mailer, name)
