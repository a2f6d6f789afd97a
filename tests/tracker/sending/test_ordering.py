"""Sendings that were asked for are carried out once, given up in words, and taken back in time."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fuses import Fuse, Killed
from tests.tracker.sending.conftest import BASE, TOKENS, Office, a_mail, pixels_in
from tracker.clock import new_id, utc_now
from tracker.granting import Granting
from tracker.model import AccountState, AlertKind, Profile
from tracker.ordering import LEASE, NO_DRAFT, Ordering
from tracker.ports import Refused, TryLater
from tracker.scheduling import Scheduling
from tracker.sending import Order
from tracker.wishes import OrderState, SendOrder


@dataclass
class Watch:
    """The worker's time; it starts as it is and is moved by tests."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


class Unreachable:
    """Mailers while Google does not answer."""

    async def of(self, account: object) -> Any:
        raise TryLater("Gmail did not answer.")


class Silent:
    """Mailers while Google keeps us waiting."""

    async def of(self, account: object) -> Any:
        await asyncio.Event().wait()


def marked(mail: bytes, mark: str) -> bytes:
    """A draft into which the add-on put its picture."""
    return mail.replace(b"<p>Dear", f'<img src="{BASE}/o/{TOKENS.pixel(mark)}.gif" width="1"><p>Dear'.encode())


def worker(office: Office, watch: Watch, fuse: Fuse | None = None, mailers: Any = None, **more: Any) -> Ordering:
    granting = Granting(office.store.accounts, watch)
    sending = office._sending(fuse or Fuse())
    return Ordering(
        office.store.orders,
        office.store.accounts,
        mailers or office.mailers,
        sending,
        granting,
        TOKENS.pixel,
        watch,
        **more,
    )


async def asked(office: Office, **facts: Any) -> SendOrder:
    now = utc_now()
    order = SendOrder(new_id(), office.account.id, f"compose:{new_id()}", asked_at=now, not_before=now)
    return await office.store.orders.put(replace(order, **facts))


async def now_of(office: Office, order: SendOrder) -> SendOrder:
    found = await office.store.orders.get(order.id)
    assert found is not None
    return found


async def test_the_draft_with_the_mark_goes_out_with_one_pixel_which_is_not_the_mark(office: Office) -> None:
    order = await asked(office, mark=new_id(), links=True)
    office.saved(a_mail(subject="Another draft"))
    office.saved(marked(a_mail(), order.mark or ""))

    await worker(office, Watch()).run_once()

    [sent] = office.sent()
    done = await now_of(office, order)
    copies = await office.store.messages.copies(done.message_id or "")
    assert (done.state, pixels_in(sent)) == (OrderState.SENT, [copies[0].id])
    assert f"{BASE}/c/".encode() in sent.raw.replace(b"=\r\n", b"").replace(b"=\n", b"")


async def test_an_order_is_not_carried_out_before_its_time(office: Office) -> None:
    order = await asked(office, draft_id=office.saved(a_mail()), not_before=utc_now() + timedelta(seconds=10))

    taken = await worker(office, Watch()).run_once()

    assert (taken, office.sent(), (await now_of(office, order)).state) == (0, [], OrderState.WAITING)


async def test_taken_back_in_time_it_never_goes_out(office: Office) -> None:
    order = await asked(office, draft_id=office.saved(a_mail()), not_before=utc_now() + timedelta(seconds=10))
    await office.store.orders.take_back(office.account.id, order.id)

    await worker(office, Watch(timedelta(minutes=1))).run_once()

    assert office.sent() == []
    assert len(office.drafts()) == 1


@pytest.mark.parametrize("steps", range(0, 20, 2))
async def test_killed_anywhere_it_goes_out_once(office: Office, steps: int) -> None:
    order = await asked(office, mark=new_id())
    office.saved(marked(a_mail(), order.mark or ""))
    with pytest.raises(Killed):
        await worker(office, Watch(), Fuse(steps)).run_once()

    later = Watch(LEASE + timedelta(seconds=1))
    await worker(office, later).run_once()

    assert len(office.sent()) == 1
    assert (await now_of(office, order)).state is OrderState.SENT


async def test_a_draft_that_gmail_has_not_saved_yet_is_waited_for(office: Office) -> None:
    order, watch = await asked(office, mark=new_id()), Watch()
    await worker(office, watch).run_once()
    waiting = (await now_of(office, order)).state
    office.saved(marked(a_mail(), order.mark or ""))

    watch.ahead = timedelta(seconds=5)
    await worker(office, watch).run_once()

    assert (waiting, (await now_of(office, order)).state) == (OrderState.WAITING, OrderState.SENT)


async def test_a_draft_that_never_appears_is_given_up_and_its_sender_told(office: Office) -> None:
    order = await asked(office, mark=new_id())

    await worker(office, Watch(timedelta(minutes=3))).run_once()

    assert (await now_of(office, order)).failure == NO_DRAFT
    [leased] = await office.store.alerts.lease(utc_now() + timedelta(hours=1), utc_now() + timedelta(hours=2), 5)
    assert [alert.kind for alert in leased.alerts] == [AlertKind.NOT_SENT]


async def test_a_deleted_draft_is_said_to_be_deleted(office: Office) -> None:
    order = await asked(office, draft_id="r-gone")

    await worker(office, Watch()).run_once()

    assert "no longer in Gmail" in ((await now_of(office, order)).failure or "")


async def test_an_order_that_comes_to_nothing_still_says_which_mail_it_was(office: Office) -> None:
    order = await asked(office, draft_id=office.saved(a_mail(subject="Proposal")))
    office.gmail.faults.fail("gmail.users.drafts.send", 400, "invalidArgument", times=9)
    office.gmail.faults.fail("gmail.users.drafts.update", 400, "invalidArgument", times=9)

    await worker(office, Watch()).run_once()

    failed = await now_of(office, order)
    assert failed.state is OrderState.FAILED
    assert (failed.subject, failed.recipient) == ("Proposal", "ada@acme.example")


async def test_stopped_in_the_middle_the_next_worker_goes_on_at_once(office: Office) -> None:
    order = await asked(office, mark=new_id())
    office.saved(marked(a_mail(), order.mark or ""))
    stopped = asyncio.create_task(worker(office, Watch(), mailers=Silent()).run_once())
    await asyncio.sleep(0.2)
    stopped.cancel()
    await asyncio.wait([stopped])

    await worker(office, Watch(timedelta(seconds=1))).run_once()

    assert (await now_of(office, order)).state is OrderState.SENT


async def test_while_gmail_keeps_it_waiting_no_other_worker_takes_the_order(office: Office) -> None:
    order, watch = await asked(office, mark=new_id()), Watch()
    office.saved(marked(a_mail(), order.mark or ""))
    slow = asyncio.create_task(worker(office, watch, mailers=Silent(), renewed_every_seconds=0.02).run_once())
    await asyncio.sleep(0.2)
    watch.ahead = LEASE - timedelta(seconds=1)
    await asyncio.sleep(0.2)  # in which it is renewed

    watch.ahead = LEASE + timedelta(seconds=5)
    taken = await worker(office, watch).run_once()

    assert (taken, office.sent()) == (0, [])
    slow.cancel()
    await asyncio.wait([slow])


def test_a_killed_workers_order_is_at_most_a_minute_late() -> None:
    assert timedelta(seconds=20) <= LEASE <= timedelta(minutes=1)


async def test_while_gmail_does_not_answer_the_order_waits_and_can_be_taken_back(office: Office) -> None:
    order = await asked(office, mark=new_id())

    await worker(office, Watch(), mailers=Unreachable()).run_once()

    assert (await now_of(office, order)).state is OrderState.WAITING


async def test_after_hours_without_gmail_it_is_given_up_rather_than_sent_out_of_the_blue(office: Office) -> None:
    order = await asked(office, draft_id=office.saved(a_mail()))

    await worker(office, Watch(timedelta(hours=7))).run_once()

    assert office.sent() == []
    assert "six hours" in ((await now_of(office, order)).failure or "")


async def test_an_order_waits_for_its_mailbox_to_be_connected_again(office: Office) -> None:
    order = await asked(office, draft_id=office.saved(a_mail()))
    office.gmail.revoke(office.account.email)
    await worker(office, Watch()).run_once()
    lost = await office.store.accounts.by_id(office.account.id)
    grant = office.gmail.add_mailbox(office.account.email)
    await office.store.accounts.add(office.account, grant)

    await worker(office, Watch(timedelta(minutes=1))).run_once()

    assert lost is not None
    assert lost.state is AccountState.RECONNECT
    assert (await now_of(office, order)).state is OrderState.SENT
    assert len(office.sent()) == 1


async def test_an_order_that_waits_for_its_mailbox_is_told_once_and_not_as_a_failure(office: Office) -> None:
    await asked(office, draft_id=office.saved(a_mail()))
    office.gmail.revoke(office.account.email)

    for minutes in range(3):
        await worker(office, Watch(timedelta(minutes=minutes))).run_once()

    due = await office.store.alerts.lease(utc_now() + timedelta(hours=1), utc_now() + timedelta(hours=2), 10)
    assert [alert.kind for leased in due for alert in leased.alerts] == [AlertKind.RECONNECT]


async def test_an_order_that_waited_six_hours_for_its_mailbox_is_told_as_not_sent(office: Office) -> None:
    order = await asked(office, mark=new_id())
    await office.store.accounts.set_state(office.account.id, AccountState.RECONNECT, None)

    await worker(office, Watch(timedelta(hours=7))).run_once()

    assert "Connect it again" in ((await now_of(office, order)).failure or "")


async def test_a_mailbox_that_may_only_send_refuses_orders_in_words(office: Office) -> None:
    order = await asked(office, draft_id=office.saved(a_mail()))
    await office.store.accounts.add(replace(office.account, profile=Profile.SEND), "a grant to send")

    await worker(office, Watch()).run_once()

    failed = await now_of(office, order)
    assert failed.state is OrderState.FAILED
    assert "/opens connect" in (failed.failure or "")


async def test_a_mailbox_that_may_only_send_keeps_nothing_for_later(office: Office) -> None:
    only_sends = replace(office.account, profile=Profile.SEND)
    scheduling = Scheduling(office.store.orders, office.mailers, utc_now)

    with pytest.raises(Refused, match="Nothing can wait"):
        await scheduling.put(only_sends, Order(raw=a_mail()), utc_now() + timedelta(hours=1))


async def test_a_scheduled_file_waits_as_one_draft_however_often_it_is_scheduled(office: Office) -> None:
    at, mail = utc_now() + timedelta(hours=1), a_mail()
    scheduling = Scheduling(office.store.orders, office.mailers, utc_now)

    first, second = [await scheduling.put(office.account, Order(raw=mail), at) for _ in range(2)]
    await worker(office, Watch(timedelta(hours=1, seconds=1))).run_once()

    assert first == second
    assert (len(office.sent()), office.drafts()) == (1, [])


async def test_a_draft_scheduled_for_two_times_goes_out_at_the_first(office: Office) -> None:
    order = Order(draft_id=office.saved(a_mail()))
    scheduling = Scheduling(office.store.orders, office.mailers, utc_now)
    for hours in (1, 2):
        await scheduling.put(office.account, order, utc_now() + timedelta(hours=hours))

    await worker(office, Watch(timedelta(hours=1, seconds=1))).run_once()
    await worker(office, Watch(timedelta(hours=2, seconds=1))).run_once()

    assert len(office.sent()) == 1
