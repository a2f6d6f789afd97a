"""A nudge is one draft in Gmail's conversation, however often it is asked for and wherever that was interrupted."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.fuses import Fuse, Fused, Killed
from tests.standins.gmail import StoredMessage
from tests.standins.gmail_mime import field_of
from tests.tracker.sending.conftest import FusedMailers, Office, a_mail, office
from tracker.clock import utc_now
from tracker.granting import Granting
from tracker.model import Account, AccountState, Message
from tracker.nudging import Nudging
from tracker.ports import NotAuthorized, Refused, Report, TryLater
from tracker.reminders import ReminderKind
from tracker.sending import Order

__all__ = ["office"]


def nudging(office: Office, fuse: Fuse | None = None) -> Nudging:
    """In a process that dies when the fuse is gone."""
    fuse = fuse or Fuse()
    granting = Granting(office.store.accounts, utc_now)
    return Nudging(Fused(office.store.nudges, fuse), FusedMailers(office.mailers, fuse), granting)


async def sent(office: Office, to: str = "ada@acme.example", *, each: bool = False, **headers: str) -> Message:
    return (await office.send(Order(raw=a_mail(to, **headers), per_recipient=each))).message


async def report(office: Office, message: Message) -> Report:
    found = await office.store.messages.report(message.id)
    assert found
    return found


async def nudge(office: Office, message: Message, fuse: Fuse | None = None) -> None:
    await nudging(office, fuse).draft(await report(office, message))


def head(mail: StoredMessage, name: str) -> str | None:
    return field_of(mail.raw, name)


async def test_the_draft_lies_in_the_conversation_of_the_sent_mail(office: Office) -> None:
    message = await sent(office, subject="Größe & Q3 – 提案 " * 6)

    await nudge(office, message)

    [draft], [mail] = office.drafts(), office.sent()
    assert draft.thread_id == mail.thread_id
    assert head(draft, "In-Reply-To") == head(mail, "Message-ID")
    assert draft.subject == f"Re: {mail.subject}"
    assert head(draft, "To") == "ada@acme.example"


async def test_also_where_gmail_replaced_the_message_id_of_what_we_sent(office: Office) -> None:
    office.gmail.keeps_message_ids = False

    await nudge(office, await sent(office))

    assert office.drafts()[0].thread_id == office.sent()[0].thread_id


async def test_pressed_twice_it_is_one_draft(office: Office) -> None:
    message = await sent(office)

    await nudge(office, message)
    await nudge(office, message)

    assert len(office.drafts()) == 1


async def test_pressed_by_several_at_once_it_is_one_draft(office: Office) -> None:
    message = await sent(office)

    await asyncio.gather(*(nudge(office, message) for _ in range(3)))
    await nudge(office, message)

    assert len(office.drafts()) == 1


class Overtaken:
    """A mailbox in which somebody else presses, and is done, while our draft is on its way."""

    def __init__(self, inner: Any, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._inner = inner
        self._meanwhile = meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def of(self, account: Account) -> Any:
        return Overtaken(await self._inner.of(account), self._meanwhile)

    async def create_draft(self, raw: bytes, thread_id: str | None) -> str:
        await self._meanwhile()
        return str(await self._inner.create_draft(raw, thread_id))


async def test_who_is_overtaken_takes_their_own_draft_away_again(office: Office) -> None:
    message = await sent(office)
    overtaken = Overtaken(office.mailers, lambda: nudge(office, message))
    granting = Granting(office.store.accounts, utc_now)

    await Nudging(office.store.nudges, overtaken, granting).draft(await report(office, message))

    [draft_id] = office.gmail.mailboxes[office.account.email].drafts
    note = await office.store.nudges.begin((await report(office, message)).copies[0].id)
    assert note
    assert note.draft_id == draft_id


async def test_a_draft_too_much_that_gmail_does_not_delete_is_deleted_by_the_next_press(office: Office) -> None:
    message = await sent(office)
    pressed = Nudging(
        office.store.nudges,
        Overtaken(office.mailers, lambda: nudge(office, message)),
        Granting(office.store.accounts, utc_now),
    )
    office.gmail.faults.fail("gmail.users.drafts.delete", 403, "dailyLimitExceeded")
    with pytest.raises(TryLater):
        await pressed.draft(await report(office, message))
    left = len(office.drafts())

    await pressed.draft(await report(office, message))

    assert (left, len(office.drafts())) == (2, 1)


async def test_interrupted_at_any_step_it_is_one_draft_in_the_end(office: Office) -> None:
    for steps in range(14):
        message = await sent(office, subject=f"Proposal {steps}")
        try:
            await nudge(office, message, Fuse(steps))
        except Killed:
            await nudge(office, message)
        assert len(office.drafts()) == steps + 1


async def test_an_answer_of_gmails_that_was_lost_makes_no_second_draft(office: Office) -> None:
    message = await sent(office)
    office.gmail.faults.drop_after("gmail.users.drafts.create")

    with pytest.raises(TryLater):
        await nudge(office, message)
    await nudge(office, message)

    assert len(office.drafts()) == 1


async def test_what_was_edited_meanwhile_is_left_as_it_is(office: Office) -> None:
    message = await sent(office)
    await nudge(office, message)
    [draft_id] = office.gmail.mailboxes[office.account.email].drafts
    office.gmail.edit_draft(office.account.email, draft_id, a_mail(subject="Re: Q3 proposal", X_Edited="yes"))

    await nudge(office, message)

    [draft] = office.drafts()
    assert head(draft, "X-Edited") == "yes"


async def test_after_the_draft_was_thrown_away_there_is_a_new_one(office: Office) -> None:
    message = await sent(office)
    await nudge(office, message)
    [draft_id] = office.gmail.mailboxes[office.account.email].drafts
    office.gmail.delete_draft(office.account.email, draft_id)

    await nudge(office, message)
    await nudge(office, message)

    assert len(office.drafts()) == 1


async def test_it_goes_out_from_the_alias_that_the_mail_was_sent_from(office: Office) -> None:
    office.gmail.add_alias(office.account.email, "mara@alias.example", "Mara")

    await nudge(office, await sent(office, From="Mara <mara@alias.example>"))

    assert head(office.drafts()[0], "From") == "Mara <mara@alias.example>"


async def test_where_each_has_a_copy_only_who_did_not_open_gets_a_draft(office: Office) -> None:
    message = await sent(office, "ada@acme.example, bob@acme.example, cy@acme.example", each=True)
    for copy, at in zip((await report(office, message)).copies, (None, utc_now(), None), strict=True):
        if at:
            await office.store.hits.note_reply(copy.id, at)

    await nudge(office, message)

    assert sorted(str(head(draft, "To")) for draft in office.drafts()) == ["ada@acme.example", "cy@acme.example"]


async def test_who_waits_for_answers_nudges_nobody_who_did_not_open(office: Office) -> None:
    message = await sent(office)

    with pytest.raises(Refused, match="Nobody is left"):
        await nudging(office).draft(await report(office, message), ReminderKind.UNANSWERED)
    assert office.drafts() == []


async def test_nothing_is_sent(office: Office) -> None:
    message = await sent(office)

    await nudge(office, message)

    assert len(office.sent()) == 1


async def test_an_answered_mail_is_nudged_no_more(office: Office) -> None:
    message = await sent(office)
    for copy in (await report(office, message)).copies:
        await office.store.hits.note_reply(copy.id, utc_now())

    with pytest.raises(Refused, match="answered"):
        await nudge(office, message)
    assert office.drafts() == []


async def test_a_mail_that_is_gone_from_gmail_is_refused_in_words(office: Office) -> None:
    message = await sent(office)
    office.gmail.delete(office.account.email, office.sent()[0].id)

    with pytest.raises(Refused, match="no longer has this message"):
        await nudge(office, message)


async def test_a_withdrawn_grant_asks_the_owner_to_connect_again(office: Office) -> None:
    message = await sent(office)
    office.gmail.revoke(office.account.email)
    office.gmail.forget_access(office.account.email)

    with pytest.raises(NotAuthorized):
        await nudge(office, message)

    account = await office.store.accounts.by_id(office.account.id)
    assert account
    assert account.state is AccountState.RECONNECT
