"""A draft with a Bcc to its sender's own tagged address is sent tracked, once, when it is left alone."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.fuses import Fuse, Killed
from tests.tracker.sending.conftest import Office, pixels_in
from tests.tracker.syncing.conftest import ADA, Desk, a_mail
from tracker.clock import utc_now
from tracker.granting import Granting
from tracker.model import AlertKind
from tracker.ordering import Ordering
from tracker.sending import Sending
from tracker.syncing.cues import cue_of
from tracker.syncing.drafts import LEFTOVER, NOBODY, TOO_OLD
from tracker.wishes import OrderState, Preferences, SendOrder

MINUTE = timedelta(minutes=1, seconds=1)


class Later:
    """A clock that tests turn on."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


async def followed(desk: Desk, clock: Later, fuse: Fuse | None = None) -> None:
    """The history tells of it now; a minute later somebody looks."""
    await desk.syncing(fuse, clock=clock).follow(desk.account)
    clock.ahead += MINUTE
    await desk.syncing(fuse, clock=clock).follow(desk.account)


def saved(desk: Desk, to: str = ADA, cue: str = "", **headers: str) -> str:
    bcc = cue or cue_of(desk.account.email)
    return desk.gmail.save_draft(desk.account.email, a_mail(to, Bcc=bcc, **headers))


async def orders(desk: Desk) -> list[SendOrder]:
    return list(await desk.store.orders.latest(desk.account.id, utc_now() - timedelta(days=1), 50))


async def told(desk: Desk, clock: Later) -> list[AlertKind]:
    leased = await desk.store.alerts.lease(clock(), clock() + timedelta(days=1), 100)
    return [alert.kind for one in leased for alert in one.alerts]


async def carried_out(desk: Desk, clock: Later, sending: Sending | None = None) -> None:
    """What the worker does when the time to cancel is over."""
    clock.ahead += timedelta(seconds=30)
    office = desk.office
    granting = Granting(desk.store.accounts, clock)
    sending = sending or office._sending(Fuse())
    await Ordering(desk.store.orders, desk.store.accounts, office.mailers, sending, granting, str, clock).run_once()


async def test_it_is_sent_tracked_and_nobody_sees_the_address(desk: Desk) -> None:
    clock = Later()
    saved(desk)

    await followed(desk, clock)
    await carried_out(desk, clock)

    [mail] = desk.office.sent()
    assert len(pixels_in(mail)) == 1
    assert b"twotick" not in mail.raw.partition(b"\r\n\r\n")[0].lower()
    assert [order.state for order in await orders(desk)] == [OrderState.SENT]


async def test_its_copies_are_for_the_others_alone(desk: Desk) -> None:
    clock = Later()
    cue = cue_of(desk.account.email)
    saved(desk, cue=f"Zoë <zoe@acme.example>, {cue.upper()}")
    await desk.store.preferences.keep(Preferences(desk.account.id, per_recipient=True, links=True))

    await followed(desk, clock)
    await carried_out(desk, clock)

    [order] = await orders(desk)
    copies = await desk.store.messages.copies(str(order.message_id))
    assert [one.address for copy in copies for one in copy.recipients] == [ADA, "zoe@acme.example"]
    assert all(copy.links_total == 1 for copy in copies)


async def test_a_draft_that_is_still_written_is_let_be(desk: Desk) -> None:
    clock = Later()
    draft_id = saved(desk)
    await desk.syncing(clock=clock).follow(desk.account)
    clock.ahead += timedelta(seconds=50)
    desk.gmail.edit_draft(desk.account.email, draft_id, a_mail(ADA, Bcc=cue_of(desk.account.email), subject="More"))
    await desk.syncing(clock=clock).follow(desk.account)
    clock.ahead += timedelta(seconds=50)

    await desk.syncing(clock=clock).follow(desk.account)

    assert await orders(desk) == []


async def test_saves_between_cost_no_reading(desk: Desk) -> None:
    clock = Later()
    draft_id = saved(desk)
    for number in range(20):
        desk.gmail.edit_draft(desk.account.email, draft_id, a_mail(ADA, subject=f"Offer {number}"))
        await desk.syncing(clock=clock).follow(desk.account)
    desk.gmail.calls.clear()

    await followed(desk, clock)

    assert [name for name, _ in desk.gmail.calls].count("gmail.users.messages.get") == 1


@pytest.mark.parametrize("bcc", ["", "{local}+twotic@{domain}", "somebody+twotick@else.example", "{local}@{domain}"])
async def test_any_other_bcc_is_no_order(desk: Desk, bcc: str) -> None:
    clock = Later()
    local, _, domain = desk.account.email.partition("@")
    saved(desk, cue=bcc.format(local=local, domain=domain) or "bob@acme.example")

    await followed(desk, clock)

    assert await orders(desk) == []


async def test_an_alias_of_the_sender_will_do(desk: Desk) -> None:
    clock = Later()
    desk.gmail.add_alias(desk.account.email, "sales@other.example")
    saved(desk, cue="sales+twotick@other.example")

    await followed(desk, clock)

    assert [order.cue for order in await orders(desk)] == ["sales+twotick@other.example"]


async def test_a_draft_for_nobody_else_is_refused_and_told_once(desk: Desk) -> None:
    clock = Later()
    saved(desk, to="")

    await followed(desk, clock)
    await followed(desk, clock)

    assert [(order.state, order.failure) for order in await orders(desk)] == [(OrderState.FAILED, NOBODY)]
    assert await told(desk, clock) == [AlertKind.NOT_SENT]


async def test_it_can_be_taken_back_and_stays_so(desk: Desk) -> None:
    clock = Later()
    saved(desk)
    await followed(desk, clock)
    [order] = await orders(desk)

    await desk.store.orders.take_back(desk.account.id, order.id)
    desk.gmail.forget_history(desk.account.email)  # the draft is looked at again
    await followed(desk, clock)
    await carried_out(desk, clock)

    assert [order.state for order in await orders(desk)] == [OrderState.TAKEN_BACK]
    assert desk.office.sent() == []


async def test_what_is_edited_after_it_was_ordered_goes_out_as_edited_once_left_alone(desk: Desk) -> None:
    clock = Later()
    draft_id = saved(desk)
    await followed(desk, clock)
    edited = a_mail(ADA, Bcc=cue_of(desk.account.email), subject="Edited")
    desk.gmail.edit_draft(desk.account.email, draft_id, edited)

    await carried_out(desk, clock)
    early = len(desk.office.sent())
    await followed(desk, clock)
    await carried_out(desk, clock)

    assert early == 0
    assert [mail.subject for mail in desk.office.sent()] == ["Edited"]
    assert [order.state for order in await orders(desk)] == [OrderState.SENT, OrderState.TAKEN_BACK]
    assert await told(desk, clock) == []


async def test_what_an_open_window_leaves_behind_is_not_sent_again(desk: Desk) -> None:
    clock = Later()
    saved(desk)
    await followed(desk, clock)
    await carried_out(desk, clock)
    saved(desk)

    await followed(desk, clock)
    await carried_out(desk, clock)

    assert len(desk.office.sent()) == 1
    assert {order.failure for order in await orders(desk)} == {None, LEFTOVER}
    assert await told(desk, clock) == [AlertKind.NOT_SENT]


async def test_a_draft_saved_while_gmail_forgot_our_mark_is_found(desk: Desk) -> None:
    clock = Later()
    saved(desk)
    desk.gmail.forget_history(desk.account.email)

    await followed(desk, clock)

    assert len(await orders(desk)) == 1


async def test_a_draft_saved_before_the_first_look_is_found(office: Office) -> None:
    desk, clock = Desk(office), Later()
    saved(desk)

    await followed(desk, clock)

    assert [order.state for order in await orders(desk)] == [OrderState.WAITING]


async def test_a_draft_of_long_ago_is_told_and_not_sent(office: Office) -> None:
    desk, clock = Desk(office), Later()
    saved(desk)
    clock.ahead = timedelta(hours=7)

    await followed(desk, clock)

    assert [order.failure for order in await orders(desk)] == [TOO_OLD]
    assert await told(desk, clock) == [AlertKind.NOT_SENT]


async def test_a_draft_that_its_owner_sends_first_is_no_order(desk: Desk) -> None:
    clock = Later()
    draft_id = saved(desk)
    await desk.syncing(clock=clock).follow(desk.account)
    desk.gmail.press_send(desk.account.email, draft_id)

    await followed(desk, clock)

    assert await orders(desk) == []


async def test_killed_between_any_two_steps_it_is_ordered_once(desk: Desk) -> None:
    for steps in range(200):
        clock = Later()
        draft_id = saved(desk, subject=f"Offer {steps}")
        killed = False
        try:
            await followed(desk, clock, Fuse(steps))
        except Killed:
            killed = True
        await followed(desk, clock)

        found = [order for order in await orders(desk) if order.draft_id == draft_id]
        assert len(found) == 1, f"after {steps} steps"
        desk.gmail.delete_draft(desk.account.email, draft_id)
        if not killed:
            return
    pytest.fail("following never came to its end")


async def test_two_workers_order_it_once(desk: Desk) -> None:
    clock = Later()
    saved(desk)

    await asyncio.gather(followed(desk, clock), followed(desk, clock))

    assert len(await orders(desk)) == 1


async def test_an_order_names_what_it_was_read_from(desk: Desk) -> None:
    clock = Later()
    draft_id = saved(desk)
    await desk.store.preferences.keep(Preferences(desk.account.id, undo_seconds=25))

    await followed(desk, clock)

    [order] = await orders(desk)
    assert (order.draft_id, order.draft_version) == (
        draft_id,
        desk.gmail.mailboxes[desk.account.email].drafts[draft_id].id,
    )
    assert order.not_before - order.asked_at == timedelta(seconds=25)
