"""A mail that Gmail itself sends with our pixel in it is armed when its sent copy is found."""

from datetime import timedelta

from tests.fuses import Fuse, Killed
from tests.makers import an_account
from tests.tracker.syncing.conftest import ADA, Desk, a_mail
from tracker.clock import utc_now
from tracker.model import AlertKind, Cause, MessageState
from tracker.sending import Order


async def test_a_native_send_is_armed_with_gmails_own_facts(desk: Desk) -> None:
    copy, draft_id = await desk.composed()
    sent = desk.gmail.press_send(desk.account.email, draft_id)

    await desk.follow()

    armed = await desk.copy(copy.id)
    assert (armed.gmail_id, armed.thread_id) == (sent.id, sent.thread_id)
    assert armed.sent_at
    assert abs(armed.sent_at - utc_now()) < timedelta(minutes=1)


async def test_it_is_addressed_to_whom_it_really_went(desk: Desk) -> None:
    copy, draft_id = await desk.composed(to=f"{ADA}, bob@other.example")
    desk.gmail.press_send(desk.account.email, draft_id)

    await desk.follow()

    armed = await desk.copy(copy.id)
    assert [one.address for one in armed.recipients] == [ADA, "bob@other.example"]
    assert armed.recipient_mx == "mixed"


async def test_whose_mail_system_was_not_looked_up_while_composing_it_is_now(desk: Desk) -> None:
    copy, draft_id = await desk.composed(to=ADA)  # the compose window named somebody else of the same domain
    desk.gmail.press_send(desk.account.email, draft_id)

    await desk.follow()

    assert (await desk.copy(copy.id)).recipient_mx == "google"


async def test_its_message_is_finished_with_the_subject_it_went_out_with(desk: Desk) -> None:
    copy, draft_id = await desk.composed()
    desk.gmail.press_send(desk.account.email, draft_id)

    await desk.follow()

    message = await desk.store.messages.get(copy.message_id)
    assert message
    assert (message.state, message.subject) == (MessageState.SENT, "Q3 proposal")
    assert message.sent_at == (await desk.copy(copy.id)).sent_at


async def test_what_was_fetched_before_it_was_armed_is_judged_again(desk: Desk) -> None:
    copy, draft_id = await desk.composed()
    desk.gmail.press_send(desk.account.email, draft_id)
    await desk.office.looked_at(copy, utc_now() + timedelta(minutes=5))

    await desk.follow()

    assert [one.verdict.cause for one in await desk.store.hits.timeline(copy.id)] == [Cause.HUMAN]
    assert await desk.told() == [AlertKind.FIRST_OPEN]


async def test_a_draft_that_is_not_sent_stays_unarmed(desk: Desk) -> None:
    copy, _ = await desk.composed()

    await desk.follow()

    assert not (await desk.copy(copy.id)).armed


async def test_a_pixel_of_another_account_arms_nothing(desk: Desk) -> None:
    other = await desk.store.accounts.add(an_account(), "grant")
    copy, draft_id = await desk.composed(account=other)
    await desk.composed("w2")
    desk.gmail.press_send(desk.account.email, draft_id)

    await desk.follow()

    found = await desk.store.following.copy(other.id, copy.id)
    assert found
    assert not found[1].armed


async def test_a_mail_that_its_sender_stopped_before_sending_is_let_be(desk: Desk) -> None:
    copy, draft_id = await desk.composed()
    await desk.store.messages.stop(copy.message_id, utc_now())
    desk.gmail.press_send(desk.account.email, draft_id)

    await desk.follow()

    assert not (await desk.copy(copy.id)).armed


async def test_of_two_mails_with_one_pixel_the_first_is_it(desk: Desk) -> None:
    copy, draft_id = await desk.composed()
    first = desk.gmail.press_send(desk.account.email, draft_id)
    desk.gmail.send(desk.account.email, first.raw)

    await desk.follow()

    assert (await desk.copy(copy.id)).gmail_id == first.id


async def test_a_sending_that_died_after_gmail_sent_is_armed(desk: Desk) -> None:
    order = Order(raw=a_mail())
    for steps in range(100):
        if len(desk.office.sent()) == 1:
            break
        try:
            await desk.office.send(order, Fuse(steps))
        except Killed:
            continue

    await desk.follow()

    message = await desk.store.messages.by_source(desk.account.id, order.source)
    assert message
    assert message.state is MessageState.SENT


async def test_while_nothing_awaits_sending_sent_mail_is_not_read(desk: Desk) -> None:
    desk.gmail.send(desk.account.email, a_mail())
    desk.gmail.calls.clear()

    await desk.follow()

    assert [name for name, _ in desk.gmail.calls if name.startswith("gmail")] == ["gmail.users.history.list"]
