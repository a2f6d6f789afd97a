"""What stands in the way of ticks: crashes, Gmail's bad hours, grants that do not cover labels."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.fuses import Fuse, Killed
from tests.makers import an_account
from tests.tracker.ticking.conftest import Desk
from tests.tracker.ticking.test_labels import BOTH, OPENED, SENT, own_labels
from tracker.model import Account, AccountState
from tracker.ticking import LEASE, PAUSES

STANDARD = [f"https://www.googleapis.com/auth/gmail.{scope}" for scope in ("compose", "readonly")]
MANY_STEPS = 100


async def _killed(desk: Desk, steps: int) -> bool:
    try:
        await desk.move(Fuse(steps))
    except Killed:
        return True
    return False


async def test_killed_anywhere_the_ticks_come_right_when_the_lease_is_over(desk: Desk) -> None:
    for steps in range(MANY_STEPS):
        for name in list(own_labels(desk)):
            desk.gmail.delete_label(desk.account.email, name)
        await desk.store.accounts.remove(desk.account.email)
        grant = desk.gmail.add_mailbox(desk.account.email)
        await desk.store.accounts.add(desk.account, grant)
        [read], [unread] = await desk.sent(subject=f"Read {steps}"), await desk.sent(subject=f"Unread {steps}")
        await desk.opened(read)

        killed = await _killed(desk, steps)
        desk.watch.ahead(seconds=LEASE.total_seconds())
        await desk.move()

        assert (desk.shown(read), desk.shown(unread)) == ({OPENED}, {SENT}), f"after {steps} steps"
        assert sorted(own_labels(desk)) == sorted(BOTH), f"after {steps} steps"
        if not killed:
            return
    pytest.fail("moving ticks never came to its end")


async def test_while_gmail_is_away_it_is_asked_ever_more_rarely(desk: Desk) -> None:
    [copy] = await desk.sent()
    desk.gmail.faults.fail("gmail.users.threads.modify", 403, "dailyLimitExceeded", times=100)
    waits = []
    for _ in range(6):
        before, began = desk.asked("threads.modify"), desk.watch.now
        while desk.asked("threads.modify") == before:
            await desk.move()
            desk.watch.ahead(seconds=5)
        waits.append(desk.watch.now - began)

    desk.gmail.faults.clear()
    desk.watch.ahead(seconds=PAUSES[-1].total_seconds())
    await desk.move()

    assert (await desk.store.ticks.labels(desk.account.id)).failures == 0
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(minutes=55)
    assert desk.shown(copy) == {SENT}


async def test_many_conversations_cost_a_mailbox_that_is_away_one_question(desk: Desk) -> None:
    for number in range(5):
        await desk.sent(subject=f"Offer {number}")
    desk.gmail.faults.fail("gmail.users.threads.modify", 403, "dailyLimitExceeded", times=100)

    await desk.move()
    await desk.sent(subject="Another one")
    await desk.move()

    assert desk.asked("threads.modify") == 1


async def test_an_answer_about_a_new_label_that_is_lost_makes_no_second_one(desk: Desk) -> None:
    [copy] = await desk.sent()
    desk.gmail.faults.drop_after("gmail.users.labels.create")

    await desk.move()
    desk.watch.ahead(minutes=1)
    await desk.move()

    assert desk.shown(copy) == {SENT}
    assert len(own_labels(desk)) == 2


async def test_a_grant_without_labels_is_tried_once_until_the_account_is_connected_anew(desk: Desk) -> None:
    await desk.store.accounts.add(desk.account, desk.gmail.add_mailbox(desk.account.email, scopes=STANDARD))
    [copy] = await desk.sent()
    await desk.move()
    await desk.opened(copy)
    desk.watch.ahead(days=1)
    await desk.move()
    asked, refused = desk.asked("labels.create"), (await desk.store.ticks.labels(desk.account.id)).refused

    await desk.store.accounts.add(desk.account, desk.gmail.add_mailbox(desk.account.email))
    await desk.move()

    # Twice: the first answer may have been about a token older than the consent.
    assert (asked, refused) == (2, True)
    assert desk.shown(copy) == {OPENED}


async def test_a_withdrawn_grant_asks_its_owner_to_connect_again(desk: Desk) -> None:
    [copy] = await desk.sent()
    desk.gmail.revoke(desk.account.email)
    await desk.move()
    withdrawn = await desk.store.accounts.by_id(desk.account.id)

    await desk.store.accounts.add(desk.account, desk.gmail.add_mailbox(desk.account.email))
    await desk.move()

    assert withdrawn
    assert withdrawn.state is AccountState.RECONNECT
    assert desk.shown(copy) == {SENT}


async def test_a_conversation_that_gmail_refuses_keeps_no_other_waiting(desk: Desk) -> None:
    first, second = await desk.sent(), await desk.sent(subject="Lunch")
    desk.gmail.faults.fail("gmail.users.threads.modify", 400, "failedPrecondition")

    await desk.move()

    assert sorted([*desk.shown(first[0]), *desk.shown(second[0])]) == [SENT]
    assert await desk.store.ticks.waiting(desk.watch.now) == []


class OneHangs:
    """Mailboxes of which one never answers."""

    def __init__(self, mailboxes: Any, slow: Account) -> None:
        self._mailboxes, self._slow = mailboxes, slow
        self.begun = 0

    async def of(self, account: Account) -> Any:
        if account.id == self._slow.id:
            self.begun += 1
            await asyncio.Event().wait()
        return await self._mailboxes.of(account)


async def test_a_mailbox_that_never_answers_keeps_no_other_waiting(desk: Desk) -> None:
    other = an_account()
    slow = await desk.store.accounts.add(other, desk.gmail.add_mailbox(other.email))
    elsewhere = Desk(type(desk.office)(desk.store, desk.gmail, desk.office.mailers, slow))
    await elsewhere.sent()
    [copy] = await desk.sent()
    mailboxes = OneHangs(desk.office.mailers, slow)
    ticking = desk.ticking(mailboxes=mailboxes)

    for _ in range(100):
        await ticking.begin()
        await asyncio.sleep(0.05)
        if desk.shown(copy):
            break
    await ticking.begin()
    await asyncio.sleep(0.05)
    await ticking.close()

    assert desk.shown(copy) == {SENT}
    assert mailboxes.begun == 1


async def test_nothing_to_move_asks_gmail_nothing(desk: Desk) -> None:
    [copy] = await desk.sent()
    await desk.move()
    calls = len(desk.gmail.calls)

    await desk.opened(copy, opens=0)
    await desk.move()

    assert len(desk.gmail.calls) == calls
