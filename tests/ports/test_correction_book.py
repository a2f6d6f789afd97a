"""What every CorrectionBook promises."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.makers import after
from tests.ports.givens import Given, given_account, given_message, recorded
from tracker.model import Cause, Correction
from tracker.ports import Store


def a_correction(given: Given, hit_id: str = "hit-1", **facts: Any) -> Correction:
    made = Correction(given.account.id, hit_id, Cause.SELF, "203.0.113.0/24", "Outlook on Windows", after(60))
    return replace(made, **facts)


async def learn(store: Store, given: Given, *corrections: Correction) -> None:
    history = (await store.hits.histories([given.copy.id]))[given.copy.id]
    await store.hits.record([replace(recorded(given.copy, version=history.version), corrections=corrections)])


async def test_corrections_come_back_whole_latest_first(store: Store) -> None:
    given = await given_message(store)
    early = a_correction(given, "hit-1", cause=Cause.SCANNER, network="", client="")
    late = a_correction(given, "hit-2", at=after(90))

    await learn(store, given, early, late)

    assert await store.corrections.of_account(given.account.id) == (late, early)


async def test_a_hit_that_is_corrected_again_has_its_last_correction(store: Store) -> None:
    given = await given_message(store)
    await learn(store, given, a_correction(given))
    again = a_correction(given, cause=Cause.HUMAN, at=after(99))

    await learn(store, given, again)

    assert await store.corrections.of_account(given.account.id) == (again,)


async def test_a_history_knows_its_accounts_corrections_and_no_others(store: Store) -> None:
    given, stranger = await given_message(store), await given_message(store)
    correction = a_correction(given)

    await learn(store, given, correction)

    histories = await store.hits.histories([given.copy.id, stranger.copy.id])
    assert histories[given.copy.id].corrections == (correction,)
    assert histories[stranger.copy.id].corrections == ()


async def test_the_latest_three_hundred_are_remembered(store: Store) -> None:
    given = await given_message(store)
    many = [a_correction(given, f"hit-{number}", at=after(number)) for number in range(310)]

    await learn(store, given, *many)

    known = await store.corrections.of_account(given.account.id)
    assert [one.hit_id for one in known] == [f"hit-{number}" for number in range(309, 9, -1)]


async def test_corrections_go_with_their_account_and_with_their_time(store: Store) -> None:
    given, other = await given_message(store), await given_message(store)
    await learn(store, given, a_correction(given))
    await learn(store, other, a_correction(other, "hit-old"), a_correction(other, "hit-new", at=after(days=9)))

    await store.accounts.remove(given.account.email)
    await store.messages.forget(after(60) + timedelta(days=1))

    assert await store.corrections.of_account(given.account.id) == ()
    assert [one.hit_id for one in await store.corrections.of_account(other.account.id)] == ["hit-new"]


async def test_an_account_that_never_corrected_has_no_corrections(store: Store) -> None:
    account = await given_account(store)

    assert await store.corrections.of_account(account.id) == ()
