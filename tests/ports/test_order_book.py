"""What every OrderBook promises."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.makers import NOON, after, an_alert
from tests.ports.givens import given_account
from tests.tracker.store.raw import raw_rows
from tracker.clock import new_id
from tracker.model import Account, AlertKind
from tracker.ports import Store
from tracker.store.opening import open_store
from tracker.wishes import LeasedOrder, OrderState, SendOrder


def an_order(account: Account, **facts: Any) -> SendOrder:
    made = SendOrder(new_id(), account.id, f"compose:{new_id()}", asked_at=NOON, not_before=after(10), mark=new_id())
    return replace(made, **facts)


async def given_order(store: Store, account: Account | None = None, **facts: Any) -> SendOrder:
    return await store.orders.put(an_order(account or await given_account(store), **facts))


async def given_leased(store: Store, order: SendOrder) -> LeasedOrder:
    [leased] = await store.orders.lease(order.not_before, after(600), 10)
    return leased


async def state_of(store: Store, order: SendOrder) -> OrderState | None:
    found = await store.orders.get(order.id)
    return found.state if found else None


def told(order: SendOrder) -> Any:
    return an_alert(
        kind=AlertKind.NOT_SENT, account_id=order.account_id, message_id=None, order_id=order.id, key=order.id
    )


async def test_an_order_is_remembered_whole(store: Store) -> None:
    account = await given_account(store)
    order = an_order(account, draft_id="r1", links=True, per_recipient=True, level="count", documents=True)

    await store.orders.put(order)

    assert await store.orders.get(order.id) == order


async def test_asked_again_under_its_key_it_is_the_same_order(store: Store) -> None:
    account = await given_account(store)
    first = await given_order(store, account, key="compose:1")

    again = await store.orders.put(an_order(account, key="compose:1", not_before=after(500)))

    assert again == first


async def test_two_who_ask_at_once_under_one_key_get_one_order(store: Store) -> None:
    account = await given_account(store)

    both = await asyncio.gather(*(store.orders.put(an_order(account, key="compose:1")) for _ in range(4)))

    assert len({order.id for order in both}) == 1


async def test_two_accounts_may_use_one_key(store: Store) -> None:
    first = await given_order(store, key="compose:1")
    second = await given_order(store, key="compose:1")

    assert first.id != second.id


async def test_an_order_of_a_removed_account_is_refused(store: Store) -> None:
    account = await given_account(store)
    await store.accounts.remove(account.email)

    with pytest.raises(LookupError):
        await store.orders.put(an_order(account))


async def test_an_order_is_not_taken_before_its_time(store: Store) -> None:
    await given_order(store, not_before=after(10))

    assert await store.orders.lease(after(9), after(600), 10) == []


async def test_a_due_order_is_taken_by_one(store: Store) -> None:
    order = await given_order(store)

    taken = await asyncio.gather(*(store.orders.lease(after(10), after(600), 10) for _ in range(4)))

    assert [leased.order.id for some in taken for leased in some] == [order.id]


async def test_no_more_orders_are_taken_than_wanted(store: Store) -> None:
    for _ in range(3):
        await given_order(store)

    assert len(await store.orders.lease(after(10), after(600), 2)) == 2


async def test_a_lease_that_ran_out_is_taken_by_the_next(store: Store) -> None:
    order = await given_order(store)
    first = await given_leased(store, order)

    [second] = await store.orders.lease(after(601), after(1200), 10)

    assert (second.order.id, second.lease != first.lease) == (order.id, True)


async def test_a_renewed_lease_lasts_until_then(store: Store) -> None:
    leased = await given_leased(store, await given_order(store))

    renewed = await store.orders.renew(leased, after(900))

    assert renewed
    assert await store.orders.lease(after(899), after(1200), 10) == []
    assert len(await store.orders.lease(after(900), after(1200), 10)) == 1


async def test_who_lost_the_lease_cannot_renew_it(store: Store) -> None:
    first = await given_leased(store, await given_order(store))
    [second] = await store.orders.lease(after(601), after(1200), 10)
    renewed = await store.orders.renew(first, after(9000))
    await store.orders.settle(second, "m1")

    assert (renewed, await store.orders.renew(second, after(9000))) == (False, False)


async def test_who_lost_the_lease_changes_nothing_any_more(store: Store) -> None:
    order = await given_order(store)
    first = await given_leased(store, order)
    await store.orders.lease(after(601), after(1200), 10)

    await store.orders.fail(first, "too late", told(order))

    assert await state_of(store, order) is OrderState.SENDING
    assert await store.alerts.lease(after(9000), after(9100), 10) == []


async def test_a_waiting_order_can_be_taken_back_and_is_never_taken(store: Store) -> None:
    order = await given_order(store)

    taken_back = await store.orders.take_back(order.account_id, order.id)

    assert taken_back == replace(order, state=OrderState.TAKEN_BACK)
    assert await store.orders.lease(after(10), after(600), 10) == []


async def test_taking_back_twice_says_the_same(store: Store) -> None:
    order = await given_order(store)
    first = await store.orders.take_back(order.account_id, order.id)

    assert await store.orders.take_back(order.account_id, order.id) == first


async def test_an_order_that_is_being_sent_cannot_be_taken_back(store: Store) -> None:
    order = await given_order(store)
    await given_leased(store, order)

    answer = await store.orders.take_back(order.account_id, order.id)

    assert answer is not None
    assert answer.state is OrderState.SENDING


async def test_an_order_of_somebody_else_cannot_be_taken_back(store: Store) -> None:
    order = await given_order(store)
    stranger = await given_account(store)

    assert await store.orders.take_back(stranger.id, order.id) is None
    assert await state_of(store, order) is OrderState.WAITING


async def test_a_deferred_order_waits_and_can_be_taken_back_when_nothing_was_asked_of_gmail(store: Store) -> None:
    order = await given_order(store)
    leased = await given_leased(store, order)

    await store.orders.defer(leased, after(60), untouched=True)

    assert await store.orders.lease(after(59), after(600), 10) == []
    assert await state_of(store, order) is OrderState.WAITING


async def test_a_deferred_order_that_may_be_out_is_tried_again_and_cannot_be_taken_back(store: Store) -> None:
    order = await given_order(store)
    await store.orders.defer(await given_leased(store, order), after(60), untouched=False)

    await store.orders.take_back(order.account_id, order.id)

    [leased] = await store.orders.lease(after(60), after(600), 10)
    assert leased.order.id == order.id


async def test_the_first_draft_found_stays_the_order_s_draft(store: Store) -> None:
    order = await given_order(store)
    await store.orders.found(order.id, "r1")

    await store.orders.found(order.id, "r2")

    found = await store.orders.get(order.id)
    assert found is not None
    assert found.draft_id == "r1"


async def test_a_settled_order_names_its_message_and_is_done(store: Store) -> None:
    order = await given_order(store)

    await store.orders.settle(await given_leased(store, order), "a-message")

    assert await store.orders.get(order.id) == replace(order, state=OrderState.SENT, message_id="a-message")
    assert await store.orders.lease(after(9000), after(9100), 10) == []


async def test_a_failed_order_tells_why_and_puts_its_alert_into_the_outbox(store: Store) -> None:
    order = await given_order(store)
    alert = told(order)

    await store.orders.fail(await given_leased(store, order), "The draft is gone.", alert)

    assert await store.orders.get(order.id) == replace(order, state=OrderState.FAILED, failure="The draft is gone.")
    [leased] = await store.alerts.lease(NOON, after(60), 10)
    assert leased.alerts == (alert,)
    assert leased.topic == f"order:{order.id}"


async def test_the_latest_orders_come_first_and_old_ones_only_while_they_are_open(store: Store) -> None:
    account = await given_account(store)
    old_open = await given_order(store, account, asked_at=after(hours=-50), not_before=after(hours=99))
    old_done = await given_order(store, account, asked_at=after(hours=-50))
    await store.orders.take_back(account.id, old_done.id)
    new = await given_order(store, account, asked_at=after(0))
    await given_order(store)

    assert list(await store.orders.latest(account.id, after(hours=-1), 10)) == [new, old_open]


async def test_done_orders_are_forgotten_in_time_and_open_ones_are_not(store: Store) -> None:
    account = await given_account(store)
    open_one, done = await given_order(store, account), await given_order(store, account)
    await store.orders.take_back(account.id, done.id)

    assert await store.orders.forget(after(1)) == 1
    assert await state_of(store, open_one) is OrderState.WAITING


async def test_orders_go_with_their_account(store: Store) -> None:
    account = await given_account(store)
    order = await given_order(store, account)

    await store.accounts.remove(account.email)

    assert await store.orders.get(order.id) is None


async def test_an_order_that_comes_to_nothing_is_kept_and_told_once(store: Store) -> None:
    account = await given_account(store)
    first, again = (an_order(account, key="bcc:r1:g1", draft_version="g1", cue="me+twotick@mail.example") for _ in "12")

    await store.orders.refuse(first, "nobody to send it to", told(first))
    await store.orders.refuse(again, "nobody to send it to", told(again))

    assert await store.orders.get(first.id) == replace(first, state=OrderState.FAILED, failure="nobody to send it to")
    assert await store.orders.get(again.id) is None
    [leased] = await store.alerts.lease(after(600), after(900), 10)
    assert [alert.order_id for alert in leased.alerts] == [first.id]


async def test_an_order_that_was_put_is_not_refused_afterwards(store: Store) -> None:
    order = await given_order(store, key="bcc:r1:g1")

    await store.orders.refuse(replace(order, id=new_id()), "too late", told(order))

    assert await state_of(store, order) is OrderState.WAITING
    assert not await store.alerts.lease(after(600), after(900), 10)


async def test_which_mail_was_read_is_kept_with_its_order(store: Store) -> None:
    order = await given_order(store)

    await store.orders.read(order.id, "Größe", "Ada@acme.example")

    found = await store.orders.get(order.id)
    assert found
    assert (found.subject, found.recipient) == ("Größe", "ada@acme.example")


@pytest.mark.parametrize(("whose", "kept"), [("all", False), ("own", False), ("others", True)])
async def test_an_erased_recipient_is_no_longer_named_by_an_order(store: Store, whose: str, kept: bool) -> None:
    order = await given_order(store)
    await store.orders.read(order.id, "Größe", "Ada@acme.example")

    await store.rights.erase(" ADA@acme.example", {"all": None, "own": [order.account_id], "others": ["a9"]}[whose])

    found = await store.orders.get(order.id)
    assert found
    assert (found.subject is not None, found.recipient is not None) == (kept, kept)


async def test_a_mail_is_kept_encrypted_until_its_order_is_over(store: Store, database_url: str) -> None:
    order = await given_order(store, mark=None, mail=b"To: ada@acme.example\r\n\r\ncaf\xe9")

    found = await store.orders.get(order.id)
    kept = str(await raw_rows(database_url, "SELECT mail FROM send_order"))
    leased = await given_leased(store, order)
    await store.orders.settle(leased, "m1")

    assert found
    assert found.mail == leased.order.mail == b"To: ada@acme.example\r\n\r\ncaf\xe9"
    assert "ada@" not in kept
    assert "ada@" not in repr(found)
    assert await raw_rows(database_url, "SELECT mail FROM send_order") == [(None,)]


@pytest.mark.parametrize("end", ["taken back", "failed"])
async def test_a_mail_that_does_not_go_out_is_not_kept(store: Store, database_url: str, end: str) -> None:
    order = await given_order(store, mark=None, mail=b"mail")

    if end == "failed":
        await store.orders.fail(await given_leased(store, order), "no", told(order))
    else:
        await store.orders.take_back(order.account_id, order.id)

    assert await raw_rows(database_url, "SELECT mail FROM send_order") == [(None,)]


async def test_a_mail_comes_under_the_new_key_and_one_of_a_lost_key_reads_as_nothing(
    store: Store, database_url: str
) -> None:
    order = await given_order(store, mark=None, mail=b"mail")

    async with await open_store(database_url, [bytes(32)]) as without:
        lost = await without.orders.get(order.id)
    async with await open_store(database_url, [bytes(32), bytes(range(32))]) as both:
        renewed = [await both.orders.reseal() for _ in range(2)]
    async with await open_store(database_url, [bytes(32)]) as without:
        found = await without.orders.get(order.id)

    assert lost
    assert found
    assert (lost.mail, renewed, found.mail) == (b"", [1, 0], b"mail")


async def test_an_export_tells_of_an_order_without_its_sealed_mail(store: Store) -> None:
    order = await given_order(store, mark=None, mail=b"mail")

    told = [entry async for entry in store.rights.everything(order.account_id) if entry["entry"] == "order"]

    assert [(one["id"], "mail" in one) for one in told] == [(order.id, False)]
