"""What every PreferenceBook promises."""

from dataclasses import replace

from tests.ports.givens import given_account
from tracker.ports import Store
from tracker.wishes import Preferences


async def test_who_said_nothing_wants_the_defaults_with_tracking_off(store: Store) -> None:
    account = await given_account(store)

    assert await store.preferences.of(account.id) == Preferences(account.id, track=False)


async def test_what_was_wanted_last_is_kept(store: Store) -> None:
    account = await given_account(store)
    switches = Preferences(account.id, track=True, links=True, per_recipient=True, undo_seconds=30, documents=True)
    wanted = replace(switches, remind_unopened_days=3, remind_unanswered_days=5)
    await store.preferences.keep(Preferences(account.id, track=True))

    await store.preferences.keep(wanted)

    assert await store.preferences.of(account.id) == wanted


async def test_one_account_wants_nothing_of_another(store: Store) -> None:
    first, second = await given_account(store), await given_account(store)

    await store.preferences.keep(Preferences(first.id, track=True))

    assert not (await store.preferences.of(second.id)).track


async def test_a_press_that_comes_after_the_account_was_removed_leaves_nothing(store: Store) -> None:
    account = await given_account(store)
    await store.accounts.remove(account.email)

    await store.preferences.keep(Preferences(account.id, track=True))

    assert await store.preferences.of(account.id) == Preferences(account.id)


async def test_preferences_go_with_their_account(store: Store) -> None:
    account = await given_account(store)
    await store.preferences.keep(Preferences(account.id, track=True))

    assert await store.accounts.remove(account.email)
    assert await store.preferences.of(account.id) == Preferences(account.id)
