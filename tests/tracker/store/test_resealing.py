"""After a new key is put first, every grant comes under it, so that the old one can go."""

import asyncio

from tests.makers import an_account, an_installation
from tracker.ports import NotAuthorized, Resealed, Store
from tracker.resealing import Resealing
from tracker.store.opening import open_store

OLD, NEW, OTHER = (bytes([number]) * 32 for number in range(3))


async def _given(url: str, number: int, key: bytes = OLD) -> list[str]:
    async with await open_store(url, [key]) as store:
        return [(await store.accounts.add(an_account(), f"grant {n}")).id for n in range(number)]


async def _readable(url: str, account_ids: list[str], key: bytes) -> int:
    async with await open_store(url, [key]) as store:
        return sum([await _opens(store, account_id) for account_id in account_ids])


async def _opens(store: Store, account_id: str) -> bool:
    try:
        return bool(await store.accounts.refresh_token(account_id))
    except NotAuthorized:
        return False


async def test_the_new_key_alone_opens_all_and_the_old_one_none(database_url: str) -> None:
    ids = await _given(database_url, 7)
    async with await open_store(database_url, [NEW, OLD]) as store:
        renewed = await Resealing(store.accounts, store.installations, store.orders).run_once()

    assert renewed == 7
    assert await _readable(database_url, ids, NEW) == 7
    assert await _readable(database_url, ids, OLD) == 0


async def test_a_second_time_there_is_nothing_to_do(database_url: str) -> None:
    await _given(database_url, 2)
    async with await open_store(database_url, [NEW, OLD]) as store:
        await Resealing(store.accounts, store.installations, store.orders).run_once()

        assert await Resealing(store.accounts, store.installations, store.orders).run_once() == 0


async def test_more_than_one_batch_is_done(sqlite_url: str) -> None:
    ids = await _given(sqlite_url, 205)
    async with await open_store(sqlite_url, [NEW, OLD]) as store:
        await Resealing(store.accounts, store.installations, store.orders).run_once()

    assert await _readable(sqlite_url, ids, NEW) == 205


async def test_a_grant_that_no_key_opens_is_left_and_keeps_no_other_waiting(database_url: str) -> None:
    lost = await _given(database_url, 1, OTHER)
    ids = await _given(database_url, 3)
    async with await open_store(database_url, [NEW, OLD]) as store:
        told = await store.accounts.reseal("", 2)
        await Resealing(store.accounts, store.installations, store.orders).run_once()

    assert told.last
    assert await _readable(database_url, ids, NEW) == 3
    assert await _readable(database_url, lost, OTHER) == 1


async def test_nothing_left_is_said_by_an_empty_mark(database_url: str) -> None:
    async with await open_store(database_url, [NEW]) as store:
        assert await store.accounts.reseal("", 10) == Resealed("", 0, 0)


async def test_a_grant_that_is_given_anew_meanwhile_stays(database_url: str) -> None:
    [account_id] = await _given(database_url, 1)
    async with await open_store(database_url, [NEW, OLD]) as store, await open_store(database_url, [OLD]) as older:
        account = await store.accounts.by_id(account_id)
        assert account
        for _ in range(20):
            await older.accounts.add(account, "an old grant")
            await asyncio.gather(store.accounts.reseal("", 10), older.accounts.add(account, "the new grant"))

            assert await store.accounts.refresh_token(account_id) == "the new grant"


async def test_the_tokens_of_workspaces_come_under_the_new_key_too(database_url: str) -> None:
    async with await open_store(database_url, [OLD]) as store:
        await store.installations.keep(an_installation(team_id="T1", refresh_token="xoxe-1"))
    async with await open_store(database_url, [NEW, OLD]) as store:
        renewed = [await Resealing(store.accounts, store.installations, store.orders).run_once() for _ in range(2)]
    async with await open_store(database_url, [NEW]) as store:
        kept = await store.installations.of("T1")

    assert renewed == [1, 0]
    assert kept
    assert kept.refresh_token == "xoxe-1"
