"""Killed between every two steps, sending makes no second mail, arms nothing unsent and forgets nothing sent."""

import asyncio
from datetime import timedelta

import pytest

from tests.fuses import Fuse, Killed
from tests.tracker.sending.conftest import Office, a_mail, pixels_in
from tracker.clock import utc_now
from tracker.model import AccountState, Copy, MessageState
from tracker.sending import Order

TWO = "ada@acme.example, bob@acme.example"
MANY_STEPS = 200


def _order(office: Office, kind: str, number: int) -> Order:
    named = {} if "without" in kind else {"Message_ID": f"<{number}@mail.example>"}
    mail = a_mail(TWO, subject=f"Proposal {number}", **named)
    draft_id = office.saved(mail) if "draft" in kind else None
    return Order(draft_id=draft_id, raw=None if draft_id else mail, per_recipient="each" in kind)


async def _killed(office: Office, order: Order, steps: int) -> bool:
    try:
        await office.send(order, Fuse(steps))
    except Killed:
        return True
    return False


async def _copies(office: Office, order: Order) -> list[Copy]:
    message = await office.store.messages.by_source(office.account.id, order.source)
    return list(await office.store.messages.copies(message.id)) if message else []


def _mails_of(office: Office, copies: list[Copy]) -> dict[str, int]:
    pixels = [copy_id for mail in office.sent() for copy_id in pixels_in(mail)]
    return {copy.id: pixels.count(copy.id) for copy in copies}


@pytest.mark.parametrize("kind", ["draft", "draft each", "file", "file each", "file without a Message-ID"])
async def test_repeating_after_a_crash_anywhere_sends_each_mail_once(office: Office, kind: str) -> None:
    for steps in range(MANY_STEPS):
        order = _order(office, kind, steps)

        killed = await _killed(office, order, steps)
        armed_early = {copy.id for copy in await _copies(office, order) if copy.armed}
        mailed_early = _mails_of(office, await _copies(office, order))
        outcome = await office.send(order)

        assert all(mailed_early[copy_id] for copy_id in armed_early), f"armed without a mail after {steps} steps"
        assert set(_mails_of(office, list(outcome.copies)).values()) == {1}, f"after {steps} steps"
        assert all(copy.armed for copy in outcome.copies)
        assert len(outcome.copies) == (2 if "each" in kind else 1)
        assert office.drafts() == [], f"a ghost draft after {steps} steps"
        if not killed:
            return
    pytest.fail("sending never came to its end")


@pytest.mark.parametrize("kind", ["draft", "draft each", "file each"])
async def test_a_mail_that_went_out_before_a_crash_is_found_without_anybody_repeating_it(
    office: Office, kind: str
) -> None:
    for steps in range(MANY_STEPS):
        order = _order(office, kind, steps)

        killed = await _killed(office, order, steps)
        await office.recover()

        for copy in await _copies(office, order):
            assert _mails_of(office, [copy])[copy.id] == (1 if copy.armed else 0), f"after {steps} steps"
        if not killed:
            return
    pytest.fail("sending never came to its end")


@pytest.mark.parametrize("kind", ["draft", "draft each", "file", "file each"])
async def test_two_processes_that_send_the_same_order_at_once_send_each_mail_once(office: Office, kind: str) -> None:
    order = _order(office, kind, 1)

    outcomes = await asyncio.gather(office.send(order), office.send(order))

    assert {outcome.message.id for outcome in outcomes} == {outcomes[0].message.id}
    assert set(_mails_of(office, list(outcomes[0].copies)).values()) == {1}
    assert len(office.sent()) == len(outcomes[0].copies)


async def test_recovery_sends_nothing(office: Office) -> None:
    order = Order(draft_id=office.saved(a_mail()))
    await _killed(office, order, 10)
    before = len(office.sent())

    await office.recover()

    message = await office.store.messages.by_source(office.account.id, order.source)
    assert message
    assert len(office.sent()) == before
    assert (message.state is MessageState.SENT) == (before == 1)


async def _killed_once(office: Office, mails: int) -> Order:
    """An order whose sending was killed after Gmail was about to be asked, with that many mails out."""
    for steps in range(MANY_STEPS):
        order = _order(office, "draft", steps)
        before = len(office.sent())
        killed = await _killed(office, order, steps)
        asked = any(copy.attempted_at and not copy.armed for copy in await _copies(office, order))
        if asked and len(office.sent()) - before == mails:
            return order
        assert killed, "sending came to its end"
        await office.send(order)
    pytest.fail("sending never got that far")


async def _state(office: Office, order: Order) -> MessageState | None:
    message = await office.store.messages.by_source(office.account.id, order.source)
    return message and message.state


async def test_a_mail_that_is_not_to_be_found_is_given_up_after_a_day_and_not_sooner(office: Office) -> None:
    order = await _killed_once(office, mails=0)
    office.gmail.mailboxes[office.account.email].drafts.clear()

    await office.recover()
    early = await _state(office, order)
    await office.recover(lambda: utc_now() + timedelta(hours=25))

    assert early is MessageState.TAGGED
    assert await _state(office, order) is MessageState.FAILED


async def test_a_mail_is_found_though_gmails_clock_is_behind_ours(office: Office) -> None:
    office.gmail.clock = lambda: utc_now() - timedelta(minutes=9)
    order = await _killed_once(office, mails=1)

    await office.recover()

    assert await _state(office, order) is MessageState.SENT


async def test_an_account_without_a_grant_is_not_asked_for_what_went_out(office: Office) -> None:
    await _killed_once(office, mails=1)
    await office.store.accounts.set_state(office.account.id, AccountState.RECONNECT, None)
    asked = len(office.gmail.calls)

    assert await office.recover() == 0
    assert len(office.gmail.calls) == asked
