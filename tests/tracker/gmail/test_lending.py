"""Gmail through what Google lends us with a press: the open mail's head, and a draft, and nothing else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.standins.gmail import GmailStandin, StoredMessage, start_gmail
from tests.standins.gmail_caller import SENDER, a_mail
from tests.standins.gmail_lending import LENT_SCOPES
from tracker.gmail.lending import GoogleLending
from tracker.lending import Lent, NewDraft
from tracker.ports import Missing, Refused, TryLater
from tracker.tagging import ANSWERED_HEADERS, answered_by, reply_mail

CREATE, GET = "gmail.users.drafts.create", "gmail.users.messages.get"


@dataclass
class Desk:
    gmail: GmailStandin
    lending: GoogleLending
    sent: StoredMessage

    def lent(self, gmail_id: str = "", scopes: tuple[str, ...] = LENT_SCOPES) -> Lent:
        return Lent(self.gmail.lent_token(SENDER, scopes), self.gmail.mail_token(gmail_id or self.sent.id))

    async def reply(self) -> NewDraft:
        mail = await self.lending.mail(self.lent(), self.sent.id, ANSWERED_HEADERS)
        answered = answered_by(mail.headers, mail.thread_id, own="SENT" in mail.labels)
        return await self.lending.create_draft(self.lent(), reply_mail(answered, "", "<o@x.example>"), mail.thread_id)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    gmail = GmailStandin()
    gmail.add_mailbox(SENDER, "Sam", scopes=("https://www.googleapis.com/auth/gmail.readonly",))
    async with start_gmail(gmail) as served:
        lending = GoogleLending(served.api_url, seconds=0.5)
        yield Desk(gmail, lending, gmail.send(SENDER, a_mail()))
        await lending.close()


async def test_a_reply_is_made_of_what_is_lent_and_lands_in_the_conversation(desk: Desk) -> None:
    draft = await desk.reply()

    kept = desk.gmail.mailboxes[SENDER].draft(draft.id)
    assert (draft.thread_id, kept.thread_id) == (desk.sent.thread_id, desk.sent.thread_id)
    assert b"To: ada@acme.example" in kept.raw


async def test_gmail_s_own_send_takes_it(desk: Desk) -> None:
    draft = await desk.reply()

    assert desk.gmail.press_send(SENDER, draft.id).thread_id == desk.sent.thread_id


async def test_another_mail_than_the_open_one_is_not_opened(desk: Desk) -> None:
    other = desk.gmail.send(SENDER, a_mail())

    with pytest.raises(Refused):
        await desk.lending.mail(desk.lent(), other.id, ANSWERED_HEADERS)


@pytest.mark.parametrize("scopes", [(), LENT_SCOPES[:1]])
async def test_without_the_permission_the_person_is_told_what_to_allow(desk: Desk, scopes: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="allow what Google asks for"):
        await desk.lending.create_draft(desk.lent(scopes=scopes), a_mail(), desk.sent.thread_id)


async def test_without_a_token_gmail_is_not_asked(desk: Desk) -> None:
    with pytest.raises(Refused):
        await desk.lending.create_draft(Lent(), a_mail(), desk.sent.thread_id)

    assert not desk.gmail.calls


async def test_a_token_that_is_over_is_not_taken_for_a_mailbox_to_reconnect(desk: Desk) -> None:
    with pytest.raises(Refused, match="Open the mail anew"):
        await desk.lending.mail(Lent("ya29.old", "x"), desk.sent.id, ANSWERED_HEADERS)


async def test_a_name_that_gmail_does_not_know_is_missing(desk: Desk) -> None:
    with pytest.raises(Missing):
        await desk.lending.mail(desk.lent("msg-a:r1"), "msg-a:r1", ANSWERED_HEADERS)


@pytest.mark.parametrize("fault", ["hang", "drop_after", "garble"])
async def test_an_outcome_that_nobody_knows_is_asked_for_once(desk: Desk, fault: str) -> None:
    getattr(desk.gmail.faults, fault)(CREATE)

    with pytest.raises(TryLater):
        await desk.lending.create_draft(desk.lent(), a_mail(), desk.sent.thread_id)

    assert [method for method, _ in desk.gmail.calls] == [CREATE]


async def test_gmail_asking_to_slow_down_made_certainly_nothing(desk: Desk) -> None:
    desk.gmail.faults.fail(CREATE, 429, "rateLimitExceeded")

    with pytest.raises(Refused, match="slow down"):
        await desk.lending.create_draft(desk.lent(), a_mail(), desk.sent.thread_id)
