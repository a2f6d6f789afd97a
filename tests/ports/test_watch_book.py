"""What every WatchBook promises."""

import asyncio

from tests.makers import NOON, after
from tests.ports.givens import given_account
from tracker.following import Followed
from tracker.model import Account, AccountState
from tracker.ports import Store
from tracker.watching import Wanting, Watch

TOPIC, OTHER = "projects/p/topics/gmail", "projects/p/topics/other"


async def wanting(store: Store) -> list[Wanting]:
    return list(await store.watches.wanting(after(-60)))


async def watched(store: Store) -> Account:
    account = await given_account(store)
    assert await store.watches.claim(TOPIC, NOON, after(600))
    await store.watches.keep(Watch(account, TOPIC, after(days=7)), after(days=1))
    return account


async def test_news_of_a_mailbox_is_noted_whatever_the_case_of_its_address(store: Store) -> None:
    account = await given_account(store)

    assert await store.watches.told(account.email.upper(), 8, NOON)
    assert await wanting(store) == [Wanting(account, NOON)]


async def test_news_of_a_stranger_is_none(store: Store) -> None:
    account = await given_account(store)

    assert not await store.watches.told("somebody@else.example", 8, NOON)
    assert not await store.watches.told(f"{account.email}\0", 8, NOON)
    assert await wanting(store) == []


async def test_what_we_know_already_is_no_news(store: Store) -> None:
    account = await given_account(store)
    await store.following.keep(account.id, Followed(), Followed("1000", NOON))

    assert not await store.watches.told(account.email, 999, NOON)
    assert not await store.watches.told(account.email, 1000, NOON)
    assert await store.watches.told(account.email, 2**64 - 1, NOON)


async def test_a_mailbox_without_a_grant_is_not_looked_into(store: Store) -> None:
    account = await given_account(store)
    await store.watches.told(account.email, 8, NOON)
    await store.accounts.set_state(account.id, AccountState.RECONNECT, None)

    assert await wanting(store) == []
    assert not await store.watches.told(account.email, 9, after(1))


async def test_news_that_was_looked_after_is_over(store: Store) -> None:
    account = await given_account(store)
    await store.watches.told(account.email, 8, NOON)

    await store.watches.heeded(account.id, NOON)

    assert await wanting(store) == []


async def test_news_that_came_while_somebody_looked_is_not_over(store: Store) -> None:
    account = await given_account(store)
    await store.watches.told(account.email, 8, NOON)
    await store.watches.told(account.email, 9, after(-5))  # told by a process whose clock is behind

    await store.watches.heeded(account.id, NOON)

    [left] = await wanting(store)
    assert left.account == account
    assert left.told_at
    assert left.told_at > NOON


async def test_a_draft_that_was_left_alone_is_worth_a_look(store: Store) -> None:
    account = await given_account(store)
    await store.drafts.saved(account.id, ["g1"], NOON)

    assert list(await store.watches.wanting(NOON)) == []
    assert list(await store.watches.wanting(after(1))) == [Wanting(account)]


async def test_a_new_account_is_watched_at_once_and_then_when_it_is_due(store: Store) -> None:
    account = await watched(store)

    assert await store.watches.claim(TOPIC, after(hours=23), after(days=2)) is None
    due = await store.watches.claim(TOPIC, after(days=1), after(days=2))
    assert due == Watch(account, TOPIC, after(days=7))


async def test_of_many_who_claim_at_once_one_gets_it(store: Store) -> None:
    await given_account(store)

    claims = await asyncio.gather(*(store.watches.claim(TOPIC, NOON, after(600)) for _ in range(5)))

    assert sum(claim is not None for claim in claims) == 1


async def test_a_claim_ends(store: Store) -> None:
    account = await given_account(store)
    await store.watches.claim(TOPIC, NOON, after(600))

    assert await store.watches.claim(TOPIC, after(599), after(900)) is None
    assert await store.watches.claim(TOPIC, after(600), after(900)) == Watch(account, TOPIC)


async def test_another_topic_is_due_at_once_and_watched_for_anew(store: Store) -> None:
    account = await watched(store)

    assert await store.watches.claim(OTHER, after(1), after(600)) == Watch(account, TOPIC, after(days=7))
    assert await store.watches.of(account.id) == Watch(account, OTHER)


async def test_who_is_watched_now_is_known(store: Store) -> None:
    account = await watched(store)

    assert list(await store.watches.watched(TOPIC, after(days=6))) == [account.id]
    assert not await store.watches.watched(TOPIC, after(days=7))
    assert not await store.watches.watched(OTHER, NOON)


async def test_what_is_not_wanted_any_more_is_given_up_once(store: Store) -> None:
    account = await watched(store)

    given_up = [await store.watches.release(), await store.watches.release()]

    assert [watch and watch.account for watch in given_up] == [account, None]
    assert await store.watches.of(account.id) == Watch(account)


async def test_connecting_again_asks_anew(store: Store) -> None:
    account = await watched(store)

    await store.accounts.add(account, "another grant")

    assert await store.watches.claim(TOPIC, after(1), after(600))


async def test_an_account_without_a_grant_is_not_watched(store: Store) -> None:
    account = await given_account(store)
    await store.accounts.set_state(account.id, AccountState.RECONNECT, None)

    assert await store.watches.claim(TOPIC, NOON, after(600)) is None
