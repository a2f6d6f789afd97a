"""What every InvitationBook promises."""

import asyncio

from tests.makers import after
from tracker.ports import Store


async def test_the_first_browser_that_follows_an_invitation_may(store: Store) -> None:
    assert await store.invitations.begin("i1", "browser 1", after(60))


async def test_a_second_browser_may_not(store: Store) -> None:
    await store.invitations.begin("i1", "browser 1", after(60))

    assert not await store.invitations.begin("i1", "browser 2", after(60))


async def test_the_same_browser_may_again_while_nothing_is_connected(store: Store) -> None:
    await store.invitations.begin("i1", "browser 1", after(60))

    assert await store.invitations.begin("i1", "browser 1", after(60))


async def test_of_many_browsers_at_once_one_may(store: Store) -> None:
    began = await asyncio.gather(*(store.invitations.begin("i1", f"browser {n}", after(60)) for n in range(8)))

    assert sorted(began) == [False] * 7 + [True]


async def test_it_is_used_up_once(store: Store) -> None:
    await store.invitations.begin("i1", "browser 1", after(60))

    used = await asyncio.gather(*(store.invitations.complete("i1") for _ in range(4)))

    assert sorted(used) == [False, False, False, True]


async def test_what_nobody_followed_cannot_be_used_up(store: Store) -> None:
    assert not await store.invitations.complete("i1")


async def test_a_used_up_one_leads_nowhere_in_its_own_browser_too(store: Store) -> None:
    await store.invitations.begin("i1", "browser 1", after(60))
    await store.invitations.complete("i1")

    assert not await store.invitations.begin("i1", "browser 1", after(60))


async def test_those_that_are_too_old_anyway_are_forgotten(store: Store) -> None:
    await store.invitations.begin("old", "browser 1", after(60))
    await store.invitations.begin("young", "browser 1", after(120))

    assert await store.invitations.forget(after(90)) == 1
    assert not await store.invitations.begin("young", "browser 2", after(120))
