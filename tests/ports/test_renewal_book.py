"""What every RenewalBook promises."""

import asyncio

from tests.makers import NOON, after, an_installation
from tests.tracker.store.raw import raw_rows
from tracker.ports import Store
from tracker.store.opening import open_store
from tracker.workspaces import Installation, Renewed

ACME = "T0ACME"
ENDS = after(hours=12)
PAIR = Renewed("xoxe.xoxb-new", "xoxe-new", after(hours=24))


async def rotating(store: Store, id: str = ACME, **facts: object) -> Installation:
    kept = an_installation(team_id=id, **{"refresh_token": "xoxe-old", "expires_at": ENDS, **facts})
    await store.installations.keep(kept)
    return kept


async def test_what_runs_out_before_a_moment_is_due(store: Store) -> None:
    await rotating(store)
    await rotating(store, "T0LATER", expires_at=after(hours=15))
    await store.installations.keep(an_installation(team_id="T0STAYS"))

    assert await store.renewals.due(after(hours=13), NOON) == (ACME,)
    assert await store.renewals.due(ENDS, NOON) == ()


async def test_it_is_one_callers_turn_until_it_ends_by_itself(store: Store) -> None:
    kept = await rotating(store)

    assert await store.renewals.take(ACME, after(hours=13), NOON, after(minutes=1)) == kept

    assert await store.renewals.take(ACME, after(hours=13), after(seconds=59), after(minutes=2)) is None
    assert await store.renewals.due(after(hours=13), after(seconds=59)) == ()
    assert await store.renewals.take(ACME, after(hours=13), after(minutes=1), after(minutes=2)) == kept


async def test_of_many_who_ask_at_once_over_two_processes_one_has_the_turn(store: Store, database_url: str) -> None:
    await rotating(store)

    async with await open_store(database_url, [bytes(range(32))]) as other:
        books = [store.renewals, other.renewals] * 5
        taken = await asyncio.gather(*(one.take(ACME, after(hours=13), NOON, after(minutes=1)) for one in books))

    assert len([one for one in taken if one]) == 1


async def test_a_new_pair_takes_the_place_of_the_old_and_ends_the_turn(store: Store) -> None:
    old = await rotating(store)
    await store.renewals.take(ACME, after(hours=13), NOON, after(minutes=1))

    assert await store.renewals.renewed(old, PAIR)

    kept = await store.installations.of(ACME)
    assert kept
    assert (kept.bot_token, kept.refresh_token, kept.expires_at) == ("xoxe.xoxb-new", "xoxe-new", after(hours=24))
    assert kept.installed_by == old.installed_by
    assert await store.renewals.due(after(hours=25), NOON) == (ACME,)


async def test_a_pair_that_comes_too_late_does_not_replace_a_newer_one(store: Store) -> None:
    old = await rotating(store)
    await store.renewals.renewed(old, PAIR)

    assert not await store.renewals.renewed(old, Renewed("xoxe.xoxb-late", "xoxe-late", after(hours=23)))
    assert not await store.renewals.refused(old)

    kept = await store.installations.of(ACME)
    assert kept
    assert kept.bot_token == "xoxe.xoxb-new"


async def test_who_installs_again_meanwhile_keeps_the_new_tokens_and_ends_the_turn(store: Store) -> None:
    old = await rotating(store)
    await store.renewals.take(ACME, after(hours=13), NOON, after(minutes=1))
    again = await rotating(store, bot_token="xoxe.xoxb-again", installed_at=after(seconds=5))

    assert not await store.renewals.renewed(old, PAIR)

    assert await store.installations.of(ACME) == again
    assert await store.renewals.due(after(hours=13), NOON) == (ACME,)


async def test_what_is_renewed_no_more_runs_out_and_is_nobodys_turn(store: Store) -> None:
    old = await rotating(store)

    assert await store.renewals.refused(old)

    kept = await store.installations.of(ACME)
    assert kept
    assert (kept.runs_out, old.runs_out, an_installation().runs_out) == (True, False, False)
    assert await store.renewals.due(after(days=2), after(days=1)) == ()


async def test_a_pair_that_was_in_hand_is_kept_after_a_refusal(store: Store) -> None:
    old = await rotating(store)
    await store.renewals.refused(old)

    assert await store.renewals.renewed(old, PAIR)

    assert await store.renewals.due(after(hours=25), NOON) == (ACME,)


async def test_new_tokens_are_encrypted_at_rest(store: Store, database_url: str) -> None:
    await store.renewals.renewed(await rotating(store), PAIR)

    assert "xox" not in str(await raw_rows(database_url, "SELECT * FROM installation"))


async def test_keys_that_change_during_a_turn_do_not_lose_the_new_pair(store: Store, database_url: str) -> None:
    old = await rotating(store)
    await store.renewals.take(ACME, after(hours=13), NOON, after(minutes=1))

    async with await open_store(database_url, [bytes(32), bytes(range(32))]) as later:
        assert await later.installations.reseal() == 1
        assert await later.renewals.renewed(old, PAIR)
