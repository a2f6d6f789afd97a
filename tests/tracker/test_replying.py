"""A reply's draft is made once for each press, by whichever process is first."""

import asyncio
from datetime import datetime

import pytest

from tests.makers import NOON, an_account
from tests.tracker.web.addon.lending import LocalLending
from tracker.lending import Lent
from tracker.model import Account, Recipient
from tracker.ports import Store, TryLater
from tracker.replying import Reply, Replying, ReplyState
from tracker.store.opening import open_store
from tracker.tagging import Answered

LENT = Lent("ya29.x", "mail")
ANSWERED = Answered("6a4", "<m@x.example>", "Q3", (Recipient("ada@acme.example"),))


def clock() -> datetime:
    return NOON


@pytest.fixture
def lending() -> LocalLending:
    lending = LocalLending()
    lending.awake.set()
    return lending


def replying(store: Store, lending: LocalLending) -> Replying:
    """A process of its own."""
    return Replying(store.messages, lending, lambda copy_id: f"<img src={copy_id}>", clock)


async def known() -> Answered:
    return ANSWERED


async def test_two_processes_that_both_found_nothing_make_one_draft(
    sqlite_url: str, encryption_key: bytes, lending: LocalLending
) -> None:
    both = asyncio.Barrier(2)

    async def find() -> Answered:
        await both.wait()  # each has looked for the press, and neither has begun
        return ANSWERED

    async with await open_store(sqlite_url, [encryption_key]) as store:
        account = await store.accounts.add(an_account(), "grant")
        processes = [replying(store, lending) for _ in range(2)]
        answers = await asyncio.gather(*(one.draft(account, "p", LENT, find) for one in processes))

    assert {answer.state for answer in answers} == {ReplyState.READY, ReplyState.UNDER_WAY}
    assert len(lending.drafts) == 1


async def test_a_process_that_died_while_asking_leaves_no_second_draft_behind(
    sqlite_url: str, encryption_key: bytes, lending: LocalLending
) -> None:
    lending.awake.clear()
    async with await open_store(sqlite_url, [encryption_key]) as store:
        account = await store.accounts.add(an_account(), "grant")
        dying = replying(store, lending)
        await _asking(dying, account)
        await dying.close()
        lending.awake.set()

        after = await replying(store, lending).draft(account, "p", LENT, known)

    assert (after, lending.drafts) == (Reply(ReplyState.UNDER_WAY), [])


async def test_what_is_answered_and_cannot_be_read_now_can_be_asked_for_again(
    sqlite_url: str, encryption_key: bytes, lending: LocalLending
) -> None:
    async def unreadable() -> Answered:
        raise TryLater("Gmail did not answer.")

    async with await open_store(sqlite_url, [encryption_key]) as store:
        account = await store.accounts.add(an_account(), "grant")
        first = await replying(store, lending).draft(account, "p", LENT, unreadable)
        second = await replying(store, lending).draft(account, "p", LENT, known)

    assert (first.state, second.state) == (ReplyState.REFUSED, ReplyState.READY)


async def _asking(process: Replying, account: Account) -> None:
    """Press, and have no answer within the time that people wait."""
    assert (await process.draft(account, "p", LENT, known)).state is ReplyState.UNDER_WAY
