"""Every mailbox is followed at its own pace."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.makers import an_account
from tests.tracker.syncing.conftest import Desk
from tracker.chores import again_and_again
from tracker.model import Account, Profile


class Followers:
    """Mailboxes of which one never comes to its end, and one always fails."""

    def __init__(self, slow: Account, bad: Account) -> None:
        self._slow, self._bad = slow.id, bad.id
        self.begun: list[str] = []
        self.went_on = asyncio.Event()

    async def follow(self, account: Account) -> int:
        self.begun.append(account.id)
        if all(self.begun.count(one) >= 3 for one in set(self.begun) - {self._slow}):
            self.went_on.set()
        if account.id == self._slow:
            await asyncio.Event().wait()
        if account.id == self._bad:
            raise ValueError("unforeseen")
        return 0


@pytest.fixture
async def others(desk: Desk) -> list[Account]:
    return [await desk.store.accounts.add(an_account(), "grant") for _ in range(2)]


async def test_a_slow_mailbox_and_a_failing_one_keep_no_other_waiting(desk: Desk, others: list[Account]) -> None:
    slow, bad = others
    followers: Any = Followers(slow, bad)
    rounds = desk.new_rounds(followers)

    chore = asyncio.create_task(again_and_again("following", rounds.begin, timedelta(seconds=0.01)))
    await asyncio.wait_for(followers.went_on.wait(), 5)
    chore.cancel()
    await rounds.close()

    assert followers.begun.count(slow.id) == 1
    assert set(followers.begun) == {slow.id, bad.id, desk.account.id}


async def test_a_mailbox_that_may_only_send_is_not_followed_and_that_is_said_once(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    only_sends = await desk.store.accounts.add(an_account(profile=Profile.SEND), "grant")
    followers: Any = Followers(only_sends, only_sends)
    rounds = desk.new_rounds(followers)

    for _ in range(3):
        await rounds.begin()
        await rounds.ended()

    assert set(followers.begun) == {desk.account.id}
    assert capsys.readouterr().out.count("mailbox_not_followed") == 1
