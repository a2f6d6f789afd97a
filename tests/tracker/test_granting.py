"""Granting, on every database: an owner whose grant ended is told, once each time it ends."""

from tests.makers import NOON, after
from tests.ports.givens import given_account
from tracker.granting import Granting
from tracker.model import AccountState, AlertKind
from tracker.ports import Store


async def _alerts(store: Store) -> list[AlertKind]:
    leased = await store.alerts.lease(after(days=9), after(days=10), 10)
    return [alert.kind for topic in leased for alert in topic.alerts]


async def test_an_account_without_a_grant_is_used_no_more_and_its_owner_is_told_once(store: Store) -> None:
    account = await given_account(store)
    granting = Granting(store.accounts, lambda: NOON)

    await granting.withdrawn(account)
    await granting.withdrawn(account)

    kept = await store.accounts.by_id(account.id)
    assert kept
    assert kept.state is AccountState.RECONNECT
    assert await _alerts(store) == [AlertKind.RECONNECT]


async def test_an_owner_who_connected_again_is_told_of_the_next_end_too(store: Store) -> None:
    account = await given_account(store)
    await Granting(store.accounts, lambda: NOON).withdrawn(account)
    await store.accounts.add(account, "another grant")

    await Granting(store.accounts, lambda: after(days=7)).withdrawn(account)

    assert await _alerts(store) == [AlertKind.RECONNECT, AlertKind.RECONNECT]
