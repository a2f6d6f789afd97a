"""Tracked reply: a draft with our pixel, opened in Gmail, made once however often it is asked for."""

import asyncio
import json
import logging
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.makers import a_sent_copy, a_sent_message, an_account
from tests.tracker.web.addon.gmail_page import NOW, TOKENS, GmailPage, Said, gmail_page
from tests.tracker.web.addon.lending import LocalLending, mail_facts
from tracker.following import Followed
from tracker.model import AccountState, Copy, Message, MessageState, Recipient
from tracker.ports import Missing, Refused, Store, TryLater
from tracker.store.opening import open_store
from tracker.web.addon import paths

SHAPES = Path(__file__).parents[5] / "shared" / "platform" / "shapes.json"
REPLY = "Tracked reply"
SENT = {"messageId": "msg-f:1789", "threadId": "thread-f:1700"}  # as Gmail's page spells 6fd and 6a4
RECEIVED = {"messageId": "msg-f:2000", "threadId": "thread-f:1700", "accessToken": "of-this-mail"}
ADA, ZOE = Recipient("ada@acme.example", "Ada Lovelace"), Recipient("zoe@acme.example", "Zoë")
HEAD = {
    "from": "Ada Lovelace <ada@acme.example>",
    "to": "You <you@twotick.example>, Zoe <zoe@acme.example>",
    "subject": "=?utf-8?b?UmU6IFEzIFDDpGNrY2hlbg==?=",
    "message-id": "<answer@acme.example>",
    "references": "<first@x.example> <ours@twotick.example>",
}


async def given_sent(page: GmailPage, *recipients: Recipient, **facts: Any) -> Copy:
    message = a_sent_message(account_id=page.account.id, sent_at=NOW - timedelta(hours=2))
    ids = {"gmail_id": "6fd", "thread_id": "6a4", "rfc_message_id": "<ours@twotick.example>"}
    copy = a_sent_copy(message_id=message.id, sent_at=message.sent_at, **{**ids, **facts})
    await page.store.messages.begin(message, [replace(copy, recipients=recipients or (ADA,))])
    return copy


def given_received(lending: LocalLending, *labels: str, **headers: str) -> None:
    lending.mails["7d0"] = mail_facts("7d0", "6a4", {**HEAD, **headers}, *(labels or ("INBOX",)))


async def pressed(page: GmailPage, shown: Said, text: str = REPLY, **gmail: Any) -> Said:
    return await page.presses(shown, text, **(gmail or SENT))


def drafted(lending: LocalLending) -> Any:
    [(raw, _)] = lending.drafts
    return message_from_bytes(raw)


def pixel_of(raw: bytes) -> str:
    """The copy whose pixel a draft carries."""
    return TOKENS.read_pixel(raw.decode().partition("/o/")[2].partition(".gif")[0]) or ""


async def message_of(page: GmailPage, raw: bytes) -> tuple[Message, Copy]:
    found = await page.store.following.copy(page.account.id, pixel_of(raw))
    assert found is not None
    return found


async def test_beside_a_sent_mail_it_opens_a_draft_to_the_same_person_in_the_same_conversation(
    page: GmailPage, lending: LocalLending
) -> None:
    await given_sent(page)

    said = await pressed(page, await page.opens(paths.MESSAGE, event=page.event(**SENT)))

    mail = drafted(lending)
    assert said.draft == {"draftId": "r1", "draftThreadId": "6a4"}
    assert (mail["To"], mail["Subject"]) == ("Ada Lovelace <ada@acme.example>", "Re: Q3 proposal")
    assert (mail["In-Reply-To"], mail["References"]) == ("<ours@twotick.example>", "<ours@twotick.example>")
    assert lending.drafts[0][1] == "6a4"


@pytest.mark.skipif(not SHAPES.exists(), reason="the platform's example shapes are not on this machine")
async def test_the_answer_has_the_shape_of_the_platform_s_example(page: GmailPage) -> None:
    await given_sent(page)

    said = await pressed(page, await page.opens(paths.MESSAGE, event=page.event(**SENT)))

    example = json.loads(SHAPES.read_text())["answer_open_created_draft"]["renderActions"]["hostAppAction"]
    opened = {"gmailAction": {"openCreatedDraftActionMarkup": {"draftId": "r-42", "draftThreadId": "18c2aa"}}}
    assert example == opened
    ours = said.json["renderActions"]["hostAppAction"]
    assert set(ours["gmailAction"]["openCreatedDraftActionMarkup"]) == set(
        example["gmailAction"]["openCreatedDraftActionMarkup"]
    )


async def test_its_pixel_is_not_armed_before_gmail_sends_it(page: GmailPage, lending: LocalLending) -> None:
    await given_sent(page)

    await pressed(page, await page.opens(paths.MESSAGE, event=page.event(**SENT)))

    message, copy = await message_of(page, lending.drafts[0][0])
    assert (copy.armed, copy.draft_id, copy.recipients) == (False, "r1", (ADA,))
    assert (message.state, message.source.partition(":")[0]) == (MessageState.TAGGED, "compose")


async def test_beside_a_received_mail_it_answers_its_author(page: GmailPage, lending: LocalLending) -> None:
    given_received(lending)

    said = await pressed(page, await page.opens(paths.MESSAGE, event=page.event(**RECEIVED)), **RECEIVED)

    mail = drafted(lending)
    assert (mail["To"], mail["In-Reply-To"]) == ("Ada Lovelace <ada@acme.example>", "<answer@acme.example>")
    assert mail["References"].split() == ["<first@x.example>", "<ours@twotick.example>", "<answer@acme.example>"]
    assert (await message_of(page, lending.drafts[0][0]))[0].subject == "Re: Q3 Päckchen"
    assert said.draft["draftThreadId"] == "6a4"


async def test_beside_the_answer_to_a_tracked_mail_it_answers_the_answer(
    page: GmailPage, lending: LocalLending
) -> None:
    await given_sent(page)
    given_received(lending)

    await pressed(page, await page.opens(paths.MESSAGE, event=page.event(**RECEIVED)), **RECEIVED)

    assert drafted(lending)["In-Reply-To"] == "<answer@acme.example>"


async def test_of_several_recipients_only_those_who_stood_in_to_are_written_to(
    page: GmailPage, lending: LocalLending
) -> None:
    await given_sent(page, ADA, ZOE, Recipient("secret@bcc.example"))
    lending.mails["6fd"] = mail_facts("6fd", "6a4", {**HEAD, "bcc": "secret@bcc.example"}, "SENT")
    sent = {**SENT, "accessToken": "of-this-mail"}

    await pressed(page, await page.opens(paths.MESSAGE, event=page.event(**sent)), **sent)

    assert "zoe@acme.example" in drafted(lending)["To"]
    assert b"bcc.example" not in lending.drafts[0][0]


async def test_a_card_beside_a_mail_of_another_conversation_answers_the_card_s_own(
    page: GmailPage, lending: LocalLending
) -> None:
    await given_sent(page)
    lending.mails["7d0"] = mail_facts("7d0", "999", HEAD, "INBOX")
    shown = await page.opens(paths.MESSAGE, event=page.event(**SENT))

    said = await pressed(page, shown, messageId="msg-f:2000", threadId="thread-f:2457", accessToken="x")

    assert drafted(lending)["In-Reply-To"] == "<ours@twotick.example>"
    assert said.draft["draftThreadId"] == "6a4"


async def test_a_group_s_card_beside_another_mail_asks_for_its_own_to_be_opened(
    page: GmailPage, lending: LocalLending
) -> None:
    await given_sent(page, ADA, ZOE)
    lending.mails["7d0"] = mail_facts("7d0", "999", HEAD, "INBOX")
    shown = await page.opens(paths.MESSAGE, event=page.event(**SENT))

    said = await pressed(page, shown, messageId="msg-f:2000", threadId="thread-f:2457", accessToken="x")

    assert "Open the mail that you want to answer" in said.text
    assert lending.drafts == []


async def test_pressed_again_it_opens_the_same_draft(page: GmailPage, lending: LocalLending) -> None:
    await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**SENT))

    answers = [await pressed(page, shown) for _ in range(3)]

    assert [said.draft for said in answers] == [{"draftId": "r1", "draftThreadId": "6a4"}] * 3
    assert len(lending.drafts) == 1


async def test_pressed_many_times_at_once_it_makes_one_draft(page: GmailPage, lending: LocalLending) -> None:
    await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**SENT))

    answers = await asyncio.gather(*(pressed(page, shown) for _ in range(8)))

    assert {said.draft["draftId"] for said in answers} == {"r1"}
    assert len(lending.drafts) == 1


async def test_pressed_in_two_processes_at_once_it_makes_one_draft(
    page: GmailPage, lending: LocalLending, google_key: rsa.RSAPrivateKey, sqlite_url: str, encryption_key: bytes
) -> None:
    await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**SENT))
    async with (
        await open_store(sqlite_url, [encryption_key]) as other,
        gmail_page(other, page.account, google_key, lending=lending) as elsewhere,
    ):
        await asyncio.gather(*(pressed(where, shown) for where in (page, elsewhere) * 4))
        found = await pressed(elsewhere, shown)

    assert found.draft["draftId"] == "r1"
    assert len(lending.drafts) == 1


async def test_a_card_drawn_anew_makes_a_draft_of_its_own(page: GmailPage, lending: LocalLending) -> None:
    await given_sent(page)

    for _ in range(2):
        await pressed(page, await page.opens(paths.MESSAGE, event=page.event(**SENT)))

    assert len({pixel_of(raw) for raw, _ in lending.drafts}) == 2


async def test_a_card_that_stayed_open_makes_another_reply_when_the_first_is_sent_or_old(
    page: GmailPage, lending: LocalLending
) -> None:
    await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**SENT))
    await pressed(page, shown)
    message, _ = await message_of(page, lending.drafts[0][0])
    await page.store.messages.finish(replace(message, state=MessageState.SENT, sent_at=NOW))
    await pressed(page, shown)
    page.watch.pass_by(minutes=6)

    assert (await pressed(page, shown)).draft["draftId"] == "r3"


async def test_while_gmail_is_slow_the_answer_comes_in_time_and_the_next_press_opens_the_one_draft(
    page: GmailPage, lending: LocalLending
) -> None:
    await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**SENT))
    lending.awake.clear()
    async with asyncio.timeout(1.5):
        waiting = await pressed(page, shown)
    lending.awake.set()

    opened = await pressed(page, waiting, "Open the reply")

    assert "Gmail is slow to save your reply" in waiting.text
    assert opened.draft == {"draftId": "r1", "draftThreadId": "6a4"}
    assert len(lending.drafts) == 1


async def test_when_gmail_never_says_whether_it_saved_it_the_person_looks_before_another_is_made(
    page: GmailPage, lending: LocalLending
) -> None:
    await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**SENT))
    lending.fails = [TryLater("Google did not answer.")]
    await pressed(page, shown)
    page.watch.pass_by(seconds=90)

    unknown = await pressed(page, shown)
    made = len(lending.drafts)
    another = await pressed(page, unknown, "Make another")

    assert "Look among your drafts in Gmail first" in unknown.text
    assert (made, another.draft["draftId"]) == (0, "r1")


@pytest.mark.parametrize("refusal", [Refused("Gmail asks us to slow down."), Missing("The conversation is gone.")])
async def test_a_refusal_says_why_and_the_same_button_tries_again(
    page: GmailPage, lending: LocalLending, refusal: Refused
) -> None:
    await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**SENT))
    lending.fails = [refusal]

    refused = await pressed(page, shown)

    assert str(refusal) in refused.text
    assert (await pressed(page, refused, "Try again")).draft["draftId"] == "r1"


async def test_a_mailbox_that_is_not_followed_is_told_that_a_reply_would_not_be_tracked(
    books: Store, google_key: rsa.RSAPrivateKey, lending: LocalLending
) -> None:
    account = await books.accounts.add(an_account(), "grant")
    async with gmail_page(books, account, google_key, lending=lending) as page:
        await given_sent(page)
        said = await pressed(page, await page.opens(paths.MESSAGE, event=page.event(**SENT)))

    assert "would not be tracked" in said.text
    assert lending.drafts == []


async def test_a_mailbox_to_reconnect_is_told_so_before_a_reply_goes_out_untracked(
    page: GmailPage, lending: LocalLending
) -> None:
    await given_sent(page)
    await page.store.accounts.set_state(page.account.id, AccountState.RECONNECT, None)

    said = await pressed(page, await page.opens(paths.MESSAGE, event=page.event(**SENT)))

    assert "Connect it again with /opens connect" in said.text
    assert lending.drafts == []


async def test_somebody_else_s_mail_cannot_be_answered(page: GmailPage, lending: LocalLending) -> None:
    await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**SENT))
    stranger = await page.store.accounts.add(an_account(), "grant")
    await page.store.following.keep(stranger.id, Followed(), Followed("1", NOW))
    page.user = {"email": stranger.email}

    said = await pressed(page, shown)

    assert (said.draft, lending.drafts) == (None, [])
    assert "Q3 proposal" not in said.text


async def test_the_other_spelling_of_the_person_s_token_is_taken(page: GmailPage, lending: LocalLending) -> None:
    await given_sent(page)
    parameters = dict((await page.opens(paths.MESSAGE, event=page.event(**SENT))).press(REPLY))
    event = page.event(parameters=parameters, **SENT)
    event["authorizationEventObject"]["userOauthToken"] = event["authorizationEventObject"].pop("userOAuthToken")

    assert (await page.opens(paths.REPLY, event=event)).draft["draftId"] == "r1"


async def test_a_token_that_would_break_a_header_is_none(page: GmailPage, lending: LocalLending) -> None:
    await given_sent(page)
    parameters = dict((await page.opens(paths.MESSAGE, event=page.event(**SENT))).press(REPLY))
    event = page.event(parameters=parameters, **SENT)
    event["authorizationEventObject"]["userOAuthToken"] = "ya29.x\r\nX-Evil: 1"

    assert "not allowed" in (await page.opens(paths.REPLY, event=event)).text


def kept_in(folder: Path) -> bytes:
    """All that the database wrote."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_no_lent_token_is_ever_logged_or_kept(
    page: GmailPage, lending: LocalLending, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    await given_sent(page)
    lending.fails = [TryLater("no answer"), RuntimeError("a bug")]
    for _ in range(2):
        await pressed(page, await page.opens(paths.MESSAGE, event=page.event(**SENT, accessToken="mail-secret")))

    kept = kept_in(tmp_path)
    assert b"you@twotick.example" in kept
    assert not [secret for secret in ("ya29.secret", "mail-secret") if secret in caplog.text or secret.encode() in kept]
