"""What every ShareBook promises."""

import asyncio
from datetime import timedelta

import pytest

from tests.makers import NOON, after
from tests.ports.givens import Given, given_alert, given_message
from tracker.clock import new_id
from tracker.ports import Store
from tracker.shares import Share
from tracker.store.opening import open_store


def a_share(given: Given, channel: str = "C0SALES", **facts: bool) -> Share:
    who = ("T0ACME", "U0MARA")
    return Share(new_id(), given.account.id, given.message.id, *who, channel, NOON, **facts)


async def given_share(store: Store, given: Given, channel: str = "C0SALES") -> Share:
    share = await store.shares.begin(a_share(given, channel))
    await store.shares.posted(share.id, f"1.{channel}", NOON)
    return share


async def due(store: Store, seconds: float = 60) -> list[str]:
    now = after(seconds=seconds)
    return [share.id for share in await store.shares.due(now, now + timedelta(seconds=45), 10)]


async def test_what_is_shared_is_remembered_whole(store: Store) -> None:
    given = await given_message(store)
    share = await store.shares.begin(a_share(given, hide=True))

    await store.shares.posted(share.id, "1.5", after(seconds=1))

    [kept] = await store.shares.of([given.account.id])
    assert (kept.id, kept.hide, kept.ts, kept.drawn_at) == (share.id, True, "1.5", after(seconds=1))
    assert (kept.team, kept.user, kept.channel, kept.shared_at) == ("T0ACME", "U0MARA", "C0SALES", NOON)
    assert await store.shares.of(["another"]) == []


async def test_a_message_is_shared_with_a_channel_once(store: Store, database_url: str) -> None:
    given = await given_message(store)

    async with await open_store(database_url, [bytes(range(32))]) as other:
        books = [store.shares, other.shares] * 3
        begun = await asyncio.gather(*(one.begin(a_share(given)) for one in books))

    assert len({share.id for share in begun}) == 1


async def test_what_did_not_come_to_stand_is_neither_listed_nor_drawn(store: Store) -> None:
    given = await given_message(store)
    await store.shares.begin(a_share(given))
    await given_alert(store, given, due_at=after(seconds=30))

    assert await store.shares.of([given.account.id]) == []
    assert await due(store) == []


async def test_it_is_due_when_there_are_news_of_its_message_and_ones_at_a_time(store: Store) -> None:
    given, quiet = await given_message(store), await given_message(store)
    share = await given_share(store, given)
    await given_share(store, quiet)
    before = await due(store)
    await given_alert(store, given, due_at=after(seconds=30))

    assert before == []
    assert await due(store) == [share.id]
    assert await due(store, 100) == []
    assert await due(store, 106) == [share.id]


async def test_once_drawn_it_is_due_no_more_until_there_are_others(store: Store) -> None:
    given = await given_message(store)
    share = await given_share(store, given)
    await given_alert(store, given, due_at=after(seconds=30))
    await due(store)

    await store.shares.drawn(share.id, after(seconds=60))

    assert await due(store, 70) == []
    await given_alert(store, given, due_at=after(seconds=65))
    assert await due(store, 70) == [share.id]


async def test_news_that_came_late_to_the_database_are_drawn_all_the_same(store: Store) -> None:
    given = await given_message(store)
    share = await given_share(store, given)
    await store.shares.drawn(share.id, after(seconds=60))

    await given_alert(store, given, due_at=after(seconds=58))

    assert await due(store, 61) == [share.id]


async def test_news_that_are_not_due_yet_wait(store: Store) -> None:
    given = await given_message(store)
    await given_share(store, given)

    await given_alert(store, given, due_at=after(hours=1))

    assert await due(store) == []


async def test_who_stops_it_may_and_nobody_else(store: Store) -> None:
    given = await given_message(store)
    share = await given_share(store, given)

    assert await store.shares.stop(["another"], share.id) is None
    assert await store.shares.stop([given.account.id], share.id)

    assert await store.shares.of([given.account.id]) == []
    assert await due(store) == [share.id]


async def test_what_is_shared_of_a_message_that_is_gone_is_due(store: Store) -> None:
    given = await given_message(store)
    share = await given_share(store, given)

    await store.accounts.remove(given.account.email)

    assert await due(store) == [share.id]


@pytest.mark.parametrize("times", [1, 2])
async def test_what_ended_is_forgotten_and_can_be_shared_anew(store: Store, times: int) -> None:
    given = await given_message(store)
    share = await given_share(store, given)

    ended = [await store.shares.end(share.id) for _ in range(times)]

    assert ended == [True, False][:times]
    assert (await given_share(store, given)).id != share.id
