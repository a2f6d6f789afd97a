"""Tidying, on every database: raw facts go after hours, messages and orders after days, and not sooner."""

from datetime import timedelta

from tests.makers import after
from tests.ports.givens import given_account, given_message, judged_hit, recorded
from tests.ports.test_document_shelf import given_document
from tests.ports.test_order_book import given_leased, given_order
from tracker.ports import Store
from tracker.tidying import Tidying


async def _tidied(store: Store, hours: float) -> None:
    raw_for, everything_for = timedelta(hours=72), timedelta(days=180)
    await Tidying(
        store.messages,
        store.hits,
        store.orders,
        raw_for,
        everything_for,
        lambda: after(hours=hours),
        store.shelf,
        store.invitations,
    ).run_once()


async def test_raw_facts_are_destroyed_after_their_hours_and_verdicts_stay(store: Store) -> None:
    given = await given_message(store)
    old, young = judged_hit(given.copy, at=after(0)), judged_hit(given.copy, at=after(hours=2))
    await store.hits.record([recorded(given.copy, old, young)])

    await _tidied(store, hours=73)

    first, second = await store.hits.timeline(given.copy.id)
    assert (first.hit.ip, dict(first.hit.headers), first.verdict) == (None, {}, old.verdict)
    assert second == young


async def test_messages_are_destroyed_after_their_days(store: Store) -> None:
    old = await given_message(store, created_at=after(0))
    young = await given_message(store, created_at=after(hours=2))

    await _tidied(store, hours=180 * 24 + 1)

    assert await store.messages.get(old.message.id) is None
    assert await store.messages.get(young.message.id) == young.message


async def test_orders_that_are_done_are_destroyed_after_their_days(store: Store) -> None:
    account = await given_account(store)
    old = await given_order(store, account)
    await store.orders.settle(await given_leased(store, old), "a message")
    waiting = await given_order(store, account)

    await _tidied(store, hours=180 * 24 + 1)

    assert await store.orders.get(old.id) is None
    assert await store.orders.get(waiting.id) == waiting


async def test_documents_that_expired_or_never_left_are_destroyed(store: Store) -> None:
    given = await given_message(store)
    await given_document(store, given, at=after(0))

    await _tidied(store, hours=23)
    kept = await store.shelf.of_message(given.message.id)
    await _tidied(store, hours=25)

    assert len(kept) == 1
    assert list(await store.shelf.of_message(given.message.id)) == []
