"""Sending: what goes out, and what is written down about it."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from tests.tracker.sending.conftest import Office, a_mail, pixels_in
from tracker.clock import utc_now
from tracker.model import AccountState, AlertKind, Cause, MessageState
from tracker.ports import Missing, NotAuthorized, Refused, TryLater
from tracker.sending import Edited, Order

THREE = "Ada <ada@acme.example>, bob@acme.example, Zoë <zoe@else.example>"


async def test_a_draft_goes_out_once_with_one_armed_pixel(office: Office) -> None:
    outcome = await office.send(Order(draft_id=office.saved(a_mail())))

    (mail,) = office.sent()
    (copy,) = outcome.copies
    assert pixels_in(mail) == [copy.id]
    assert copy.armed
    assert (copy.gmail_id, copy.thread_id) == (mail.id, mail.thread_id)
    assert outcome.message.state is MessageState.SENT
    assert office.drafts() == []


async def test_what_we_know_is_what_gmail_made_of_it(office: Office) -> None:
    office.gmail.keeps_message_ids = False

    outcome = await office.send(Order(draft_id=office.saved(a_mail())))

    (mail,) = office.sent()
    assert outcome.copies[0].rfc_message_id == message_from_bytes(mail.raw, policy=policy.default)["Message-ID"]


async def test_a_file_goes_out_as_a_draft_that_is_gone_afterwards(office: Office) -> None:
    outcome = await office.send(Order(raw=a_mail(), links=True))

    (mail,) = office.sent()
    assert pixels_in(mail) == [outcome.copies[0].id]
    assert b"/c/" in mail.raw
    assert office.drafts() == []


async def test_repeating_an_order_tells_what_was_sent_and_sends_nothing(office: Office) -> None:
    order = Order(raw=a_mail())
    first = await office.send(order)

    again = await office.send(order)

    assert again.repeated
    assert again.message.id == first.message.id
    assert len(office.sent()) == 1


async def test_each_recipient_gets_a_mail_of_their_own_when_asked_for(office: Office) -> None:
    outcome = await office.send(Order(draft_id=office.saved(a_mail(THREE)), per_recipient=True))

    by_person = {message_from_bytes(m.raw, policy=policy.default)["To"]: pixels_in(m) for m in office.sent()}
    assert len(by_person) == 3
    assert sorted(by_person.values()) == sorted([copy.id] for copy in outcome.copies)
    assert len({message_from_bytes(m.raw)["Message-ID"] for m in office.sent()}) == 3
    assert office.drafts() == []


async def test_a_group_mail_is_one_copy_for_all(office: Office) -> None:
    outcome = await office.send(Order(draft_id=office.saved(a_mail(THREE))))

    (copy,) = outcome.copies
    assert [one.address for one in copy.recipients] == ["ada@acme.example", "bob@acme.example", "zoe@else.example"]


async def test_a_mail_that_cannot_be_tracked_is_not_split_for_nothing(office: Office) -> None:
    raw = b"To: ada@acme.example, bob@acme.example\r\nMessage-ID: <a@b.example>\r\n\r\nJust text.\r\n"

    outcome = await office.send(Order(raw=raw, per_recipient=True))

    assert (len(office.sent()), len(outcome.copies)) == (1, 1)
    assert not outcome.message.per_recipient


async def test_a_plain_text_mail_goes_out_untouched_and_says_why(office: Office) -> None:
    raw = b"To: ada@acme.example\r\nSubject: plain\r\nMessage-ID: <a@b.example>\r\n\r\nJust text.\r\n"

    outcome = await office.send(Order(raw=raw))

    assert outcome.message.untracked
    assert "plain text" in outcome.message.untracked.lower()
    assert office.sent()[0].raw.endswith(b"\r\n\r\nJust text.\r\n")


async def test_a_draft_deleted_before_sending_is_said_and_nothing_is_remembered(office: Office) -> None:
    draft_id = office.saved(a_mail())
    office.gmail.delete_draft(office.account.email, draft_id)

    with pytest.raises(Missing, match="no longer in Gmail"):
        await office.send(Order(draft_id=draft_id))

    assert await office.store.messages.by_source(office.account.id, f"draft:{draft_id}") is None


async def test_a_mail_to_nobody_is_refused_before_anything_is_written(office: Office) -> None:
    with pytest.raises(Refused, match="no recipient"):
        await office.send(Order(raw=b"Subject: x\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n"))


async def test_a_revoked_grant_marks_the_account_and_tells_its_owner_once(office: Office) -> None:
    office.gmail.revoke(office.account.email)

    for _ in range(2):
        with pytest.raises(NotAuthorized):
            await office.send(Order(raw=a_mail()))

    account = await office.store.accounts.by_id(office.account.id)
    now = utc_now()
    leased = await office.store.alerts.lease(now, now + timedelta(minutes=1), 10)
    assert account
    assert account.state is AccountState.RECONNECT
    assert [alert.kind for one in leased for alert in one.alerts] == [AlertKind.RECONNECT]


async def test_a_look_before_the_token_was_armed_is_judged_again(office: Office) -> None:
    """A crash between sending and arming must not make the recipient's first look the sender's own."""
    office.gmail.faults.drop_after("gmail.users.drafts.send")
    order = Order(draft_id=office.saved(a_mail()))
    with pytest.raises(Exception, match=r".+"):
        await office.send(order)
    message = await office.store.messages.by_source(office.account.id, order.source)
    assert message
    (copy,) = await office.store.messages.copies(message.id)
    await office.looked_at(copy, utc_now() + timedelta(minutes=5))
    (before,) = await office.store.hits.timeline(copy.id)

    await office.recover()

    (after,) = await office.store.hits.timeline(copy.id)
    assert (before.verdict.cause, after.verdict.cause) == (Cause.SELF, Cause.HUMAN)


@pytest.mark.parametrize("edited", ["Ada <ada@acme.example>, zoe@else.example", THREE + ", dave@acme.example"])
async def test_a_draft_whose_recipients_changed_after_an_interruption_goes_to_nobody_more(
    office: Office, edited: str
) -> None:
    draft_id = office.saved(a_mail(THREE))
    order = Order(draft_id=draft_id, per_recipient=True)
    office.gmail.faults.fail("gmail.users.drafts.send", 403, "quotaExceeded")
    with pytest.raises(TryLater):
        await office.send(order)
    box = office.gmail.mailboxes[office.account.email]
    box.put_draft(draft_id, a_mail(edited), None, office.gmail.now_ms())

    with pytest.raises(Refused, match="recipients of this draft changed"):
        await office.send(order)

    assert office.sent() == []


class _EditedOnce:
    """Every account's Gmail, where the owner's open window saves the draft once, right after it was read."""

    def __init__(self, inner: Any, edit: Any) -> None:
        self._inner, self._edit = inner, edit

    async def of(self, account: Any) -> Any:
        self._mailer = await self._inner.of(account)
        return self

    async def draft(self, draft_id: str) -> Any:
        draft = await self._mailer.draft(draft_id)
        edit, self._edit = self._edit, lambda: None
        edit()
        return draft

    def __getattr__(self, name: str) -> Any:
        return getattr(self._mailer, name)


async def test_a_draft_that_is_edited_while_it_is_sent_goes_out_as_edited(office: Office) -> None:
    draft_id = office.saved(a_mail(subject="As it was"))
    edited = replace(
        office,
        mailers=_EditedOnce(
            office.mailers,
            lambda: office.gmail.edit_draft(office.account.email, draft_id, a_mail(subject="As it is")),
        ),
    )

    with pytest.raises(Edited, match="Send it again"):
        await edited.send(Order(draft_id=draft_id))
    early = len(office.sent())
    outcome = await edited.send(Order(draft_id=draft_id))

    assert early == 0
    assert outcome.message.subject == "As it is"
    assert [mail.subject for mail in office.sent()] == ["As it is"]


async def test_a_version_that_is_no_more_is_not_sent(office: Office) -> None:
    draft_id = office.saved(a_mail())

    with pytest.raises(Edited):
        await office.send(Order(draft_id=draft_id, version="what it was"))

    assert office.sent() == []
