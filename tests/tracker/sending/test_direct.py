"""Where we may only send, mails go out by themselves, once; what is in doubt is said, and never sent again."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fuses import Fuse, Killed
from tests.standins.gmail_scopes import SIGN_IN
from tests.tracker.sending.conftest import Office, a_mail, pixels_in
from tracker.clock import utc_now
from tracker.model import MessageState, Profile
from tracker.ports import InDoubt, Mailer, NotAuthorized, Refused
from tracker.sending import Order

SEND = "gmail.users.messages.send"
MAIL = a_mail()
SCOPES = ("https://www.googleapis.com/auth/gmail.send", *sorted(SIGN_IN))


@pytest.fixture
async def sender(office: Office) -> Office:
    """An office whose mailbox lets us send, and nothing else: Gmail refuses all the rest."""
    office.gmail.revoke(office.account.email)
    grant = office.gmail.add_mailbox(office.account.email, scopes=SCOPES)
    account = await office.store.accounts.add(replace(office.account, profile=Profile.SEND), grant)
    return replace(office, account=account)


async def _allowed_more(office: Office) -> Office:
    """Its owner connected the mailbox again, with more."""
    grant = office.gmail.add_mailbox(office.account.email)
    account = await office.store.accounts.add(replace(office.account, profile=Profile.STANDARD), grant)
    return replace(office, account=account)


def _asked(office: Office) -> int:
    return [called for called, _ in office.gmail.calls].count(SEND)


async def test_a_file_goes_out_tagged_and_its_token_is_armed(sender: Office) -> None:
    outcome = await sender.send(Order(raw=MAIL))

    [mail] = sender.sent()
    [copy] = await sender.store.messages.copies(outcome.message.id)
    assert pixels_in(mail) == [copy.id]
    assert (copy.gmail_id, copy.thread_id) == (mail.id, mail.thread_id)
    assert copy.armed
    assert outcome.message.state is MessageState.SENT


async def test_a_file_that_was_sent_is_not_sent_again(sender: Office) -> None:
    await sender.send(Order(raw=MAIL))

    assert (await sender.send(Order(raw=MAIL))).repeated
    assert len(sender.sent()) == 1


async def test_each_recipient_gets_a_mail_of_their_own(sender: Office) -> None:
    order = Order(raw=a_mail("ada@acme.example, bob@acme.example"), per_recipient=True)

    await sender.send(order)

    assert len({pixel for mail in sender.sent() for pixel in pixels_in(mail)}) == 2


async def test_a_big_mail_takes_the_upload_road(sender: Office) -> None:
    text = "x" * 60 + "\r\n"
    big = b"To: ada@acme.example\r\nSubject: Big\r\n\r\n" + text.encode() * 60_000

    await sender.send(Order(raw=big))

    assert [mail.raw.count(text.encode()) for mail in sender.sent()] == [60_000]


async def test_a_draft_is_refused_with_the_way_to_change_that(sender: Office) -> None:
    draft_id = sender.saved(a_mail())

    with pytest.raises(Refused, match="type /opens connect in Slack"):
        await sender.send(Order(draft_id=draft_id))


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "garble"])
async def test_an_answer_that_never_came_is_told_as_doubt_and_not_asked_for_again(sender: Office, fault: str) -> None:
    getattr(sender.gmail.faults, fault)(SEND)

    with pytest.raises(InDoubt, match="may or may not be out"):
        await sender.send(Order(raw=MAIL))
    with pytest.raises(InDoubt, match="Sent folder"):
        await sender.send(Order(raw=MAIL))

    assert _asked(sender) == 1


async def test_trouble_at_gmail_is_a_doubt_too(sender: Office) -> None:
    sender.gmail.faults.fail(SEND, 503)

    with pytest.raises(InDoubt):
        await sender.send(Order(raw=MAIL))

    assert _asked(sender) == 1


async def test_a_refusal_leaves_no_doubt_and_can_be_repeated(sender: Office) -> None:
    sender.gmail.faults.fail(SEND, 400)
    with pytest.raises(Refused) as refused:
        await sender.send(Order(raw=MAIL))

    await sender.send(Order(raw=MAIL))

    assert not isinstance(refused.value, InDoubt)
    assert len(sender.sent()) == 1


async def test_a_grant_that_ended_leaves_no_doubt(sender: Office) -> None:
    sender.gmail.revoke(sender.account.email)
    with pytest.raises(NotAuthorized):
        await sender.send(Order(raw=MAIL))
    grant = sender.gmail.add_mailbox(sender.account.email, scopes=SCOPES)
    await sender.store.accounts.add(sender.account, grant)

    await sender.send(Order(raw=MAIL))

    assert len(sender.sent()) == 1


async def test_killed_anywhere_and_repeated_it_never_sends_twice(sender: Office) -> None:
    for steps in range(60):
        order = Order(raw=a_mail(subject=f"Proposal {steps}"))
        before = len(sender.sent())
        killed = await _killed(sender, order, steps)
        try:
            await sender.send(order)
            said = "sent"
        except InDoubt:
            said = "in doubt"

        assert len(sender.sent()) - before == 1 or said == "in doubt", f"after {steps} steps"
        assert len(sender.sent()) - before <= 1, f"twice after {steps} steps"
        if not killed:
            return
    pytest.fail("sending never came to its end")


async def _killed(office: Office, order: Order, steps: int) -> bool:
    try:
        await office.send(order, Fuse(steps))
    except Killed:
        return True
    return False


async def test_two_who_send_a_file_at_once_send_it_once(sender: Office) -> None:
    said = await asyncio.gather(*(sender.send(Order(raw=MAIL)) for _ in range(3)), return_exceptions=True)

    assert len(sender.sent()) == 1
    assert all(isinstance(one, InDoubt) or not isinstance(one, BaseException) for one in said)


async def test_with_several_copies_those_in_doubt_are_named_apart(sender: Office) -> None:
    sender.gmail.faults.drop_before(SEND)

    with pytest.raises(Refused, match=r"^Sent to 1 of 2\. The mail to ada@acme\.example may or may not be out"):
        await sender.send(Order(raw=a_mail("ada@acme.example, bob@acme.example"), per_recipient=True))


async def test_what_was_in_doubt_is_found_once_we_may_look(sender: Office) -> None:
    sender.gmail.faults.drop_after(SEND)
    with pytest.raises(InDoubt):
        await sender.send(Order(raw=MAIL))

    outcome = await (await _allowed_more(sender)).send(Order(raw=MAIL))

    assert outcome.message.state is MessageState.SENT
    assert len(sender.sent()) == 1


async def test_what_was_in_doubt_and_is_not_found_stays_in_doubt(sender: Office) -> None:
    sender.gmail.faults.drop_before(SEND)
    with pytest.raises(InDoubt):
        await sender.send(Order(raw=MAIL))

    with pytest.raises(InDoubt):
        await (await _allowed_more(sender)).send(Order(raw=MAIL))

    assert sender.sent() == []


async def test_a_doubt_that_nobody_can_end_is_given_up_after_a_day(sender: Office) -> None:
    sender.gmail.faults.drop_before(SEND)
    with pytest.raises(InDoubt):
        await sender.send(Order(raw=MAIL))

    await sender.recover()
    still = await sender.store.messages.by_source(sender.account.id, Order(raw=MAIL).source)
    await sender.recover(lambda: utc_now() + timedelta(days=2))
    given_up = await sender.store.messages.by_source(sender.account.id, Order(raw=MAIL).source)

    assert still
    assert given_up
    assert (still.state, given_up.state) == (MessageState.TAGGED, MessageState.FAILED)


async def test_gmail_takes_nothing_but_whole_mails_from_such_a_mailbox(sender: Office) -> None:
    mailer: Mailer = await sender.mailers.of(sender.account)

    for attempt in (mailer.drafts(1), mailer.create_draft(a_mail(), None), mailer.sent_facts("1"), _search(mailer)):
        with pytest.raises(Refused, match="was not given the permission"):
            await attempt


async def _search(mailer: Mailer) -> None:
    await mailer.find_sent(utc_now(), ["x"])


async def test_a_limit_that_passes_is_waited_for_and_sends_once(sender: Office) -> None:
    sender.gmail.faults.fail(SEND, 429)

    await sender.send(Order(raw=MAIL))

    assert (len(sender.sent()), _asked(sender)) == (1, 2)
