"""Drafts that are picked twice, by two at once, or again after a change of mind."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.makers import NOON, an_account
from tracker.clock import new_id
from tracker.granting import Granting
from tracker.model import Account
from tracker.picking import Pick, Picking, Trouble
from tracker.ports import Store
from tracker.wishes import OrderState, SendOrder


class Silent:
    """Mailers while Google keeps us waiting."""

    async def of(self, account: object) -> Any:
        await asyncio.Event().wait()


def noon() -> datetime:
    return NOON


@pytest.fixture
async def account(store: Store) -> Account:
    return await store.accounts.add(an_account(), "grant")


@pytest.fixture
def picking(store: Store) -> Picking:
    books = store.orders, store.preferences, store.messages
    return Picking(Silent(), *books, Granting(store.accounts, noon), noon, patience_seconds=0.05)


async def ordered(picking: Picking, account: Account, pick: Pick) -> SendOrder:
    order = await picking.order(account, pick)
    assert order is not None
    return order


async def test_two_who_pick_one_draft_at_once_get_one_order(picking: Picking, account: Account) -> None:
    picked = await asyncio.gather(*(ordered(picking, account, Pick("r1")) for _ in range(8)))

    assert len({order.id for order in picked}) == 1


async def test_two_who_pick_again_after_a_cancel_get_one_order(picking: Picking, account: Account) -> None:
    first = await ordered(picking, account, Pick("r1"))
    await picking.take_back([account], first.id)

    again = await asyncio.gather(*(ordered(picking, account, Pick("r1", after=first.id)) for _ in range(8)))

    assert len({order.id for order in again}) == 1
    assert again[0].id != first.id


async def test_a_draft_that_somebody_ordered_elsewhere_is_not_ordered_again(
    picking: Picking, account: Account, store: Store
) -> None:
    scheduled = SendOrder(new_id(), account.id, "draft:r1@later", NOON, NOON + timedelta(hours=1), draft_id="r1")
    await store.orders.put(scheduled)

    assert await picking.order(account, Pick("r1")) == scheduled


async def test_of_somebody_elses_order_nothing_is_known_and_nothing_is_done(
    picking: Picking, account: Account, store: Store
) -> None:
    stranger = await store.accounts.add(an_account(), "grant")
    order = await ordered(picking, account, Pick("r1"))

    assert await picking.take_back([stranger], order.id) is None
    assert await picking.waiting([stranger]) == []
    assert await store.orders.get(order.id) == order


async def test_a_cancel_leaves_the_orders_of_other_drafts(picking: Picking, account: Account) -> None:
    taken, kept = await ordered(picking, account, Pick("r1")), await ordered(picking, account, Pick("r2"))

    assert await picking.take_back([account], taken.id) == replace(taken, state=OrderState.TAKEN_BACK)
    assert await picking.waiting([account]) == [kept]


async def test_a_time_that_went_by_gives_no_order_but_the_one_that_was_given_before(
    picking: Picking, account: Account, store: Store
) -> None:
    past = Pick("r1", at=NOON - timedelta(minutes=1))
    nothing = await picking.order(account, past)
    done = SendOrder(new_id(), account.id, "picked:r1:", NOON, NOON, draft_id="r1", state=OrderState.SENT)
    await store.orders.put(done)

    assert (nothing, await picking.order(account, past)) == (None, done)


async def test_a_google_that_keeps_us_waiting_is_not_waited_for(picking: Picking, account: Account) -> None:
    (shelf,) = await picking.shelves([account], 10)

    assert (shelf.offers, shelf.trouble) == ((), Trouble.ASLEEP)
