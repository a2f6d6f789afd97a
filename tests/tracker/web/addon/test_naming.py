"""Which mail is open: Gmail's page has names of its own for mail that was written on it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.makers import a_sent_copy, a_sent_message
from tests.tracker.web.addon.gmail_page import NOW, GmailPage, gmail_page
from tests.tracker.web.addon.lending import LocalLending, SleepingLending, mail_facts
from tracker.ports import Store
from tracker.web.addon import paths
from tracker.web.addon.events import read_event

PLATFORM = Path(__file__).parents[5] / "shared" / "platform"
LOCAL = {"messageId": "msg-a:r-123", "threadId": "thread-a:r-124", "accessToken": "of-this-mail"}


async def given_sent(page: GmailPage, minutes_ago: int = 1) -> None:
    sent_at = NOW - timedelta(minutes=minutes_ago)
    message = a_sent_message(account_id=page.account.id, sent_at=sent_at)
    copy = a_sent_copy(message_id=message.id, sent_at=sent_at, gmail_id="6fd", thread_id="6a4")
    await page.store.messages.begin(message, [copy])


def title(said: Any) -> str:
    return str(said.card["header"]["title"])


async def test_a_name_of_the_page_s_own_is_translated_by_gmail(page: GmailPage, lending: LocalLending) -> None:
    await given_sent(page)
    lending.mails["msg-a:r-123"] = mail_facts("6fd", "6a4", {}, "SENT")

    assert title(await page.opens(paths.MESSAGE, event=page.event(**LOCAL))) == "✓ not opened"


async def test_where_the_conversation_s_name_is_enough_gmail_is_not_asked(page: GmailPage) -> None:
    await given_sent(page)

    said = await page.opens(paths.MESSAGE, event=page.event(messageId="msg-a:r-123", threadId="thread-f:1700"))

    assert title(said) == "✓ not opened"


async def test_a_mail_that_gmail_does_not_name_yet_is_looked_for_again(page: GmailPage, lending: LocalLending) -> None:
    await given_sent(page)
    early = await page.opens(paths.MESSAGE, event=page.event(**LOCAL))
    lending.mails["msg-a:r-123"] = mail_facts("6fd", "6a4", {}, "SENT")

    later = await page.presses(early, "Look again", **LOCAL)

    assert (title(early), title(later)) == ("Not synced yet", "✓ not opened")
    assert "Q3 proposal" in early.text


async def test_what_is_just_sent_can_be_shown_from_the_card_that_does_not_know_the_open_mail(page: GmailPage) -> None:
    await given_sent(page)

    said = await page.presses(await page.opens(paths.MESSAGE, event=page.event(**LOCAL)), "Show", **LOCAL)

    assert said.card["header"] == {"title": "✓ not opened", "subtitle": "Q3 proposal"}


async def test_while_gmail_sleeps_the_card_comes_all_the_same(
    books: Store, google_key: rsa.RSAPrivateKey, page: GmailPage
) -> None:
    await given_sent(page)

    async with gmail_page(books, page.account, google_key, lending=SleepingLending(), answer_seconds=0.1) as sleepy:
        said = await sleepy.opens(paths.MESSAGE, event=sleepy.event(**LOCAL))

    assert title(said) == "Not synced yet"


async def test_a_mail_that_gmail_names_and_that_is_not_tracked_is_said_not_to_be(
    page: GmailPage, lending: LocalLending
) -> None:
    lending.mails["msg-a:r-123"] = mail_facts("abc", "abd", {}, "SENT")

    assert title(await page.opens(paths.MESSAGE, event=page.event(**LOCAL))) == "Not tracked"


@pytest.mark.parametrize(
    ("spelled", "gmail_id", "local"),
    [
        ("msg-f:1789", "6fd", ""),
        (f"msg-f:{0x19A9740C37B85B39}", "19a9740c37b85b39", ""),
        ("19a9740c37b85b39", "19a9740c37b85b39", ""),
        ("msg-a:r123", None, "msg-a:r123"),
        ("msg-a:r-6206843184126410000", None, "msg-a:r-6206843184126410000"),
        ("msg-a:../../drafts/1", None, ""),
        ("msg-a:" + "r" * 65, None, ""),
        ("msg-f:", None, ""),
        ("msg-f:" + "9" * 21, None, ""),
        ("", None, ""),
    ],
)
def test_names_are_read_as_the_api_spells_them_or_left_to_gmail(spelled: str, gmail_id: str | None, local: str) -> None:
    event = read_event(json.dumps({"gmail": {"messageId": spelled}}).encode())

    assert event is not None
    assert (event.gmail_id, event.local_name) == (gmail_id, local)


@pytest.mark.skipif(not PLATFORM.exists(), reason="the platform's example events are not on this machine")
def test_google_s_own_example_of_an_event_is_read() -> None:
    event = read_event((PLATFORM / "06_event_gmail_contextual.json").read_bytes())

    assert event is not None
    assert (event.gmail_id, event.thread_id) == (f"{1234567:x}", f"{2345678:x}")
    assert (event.lent.user, event.lent.mail, event.user_id_token) == ("ya29...", "xedf241...", "jaaa45...")


@pytest.mark.skipif(not PLATFORM.exists(), reason="the platform's example events are not on this machine")
def test_the_example_of_a_switch_is_read() -> None:
    said = json.loads((PLATFORM / "shapes.json").read_text())["event_from_a_switch"]
    event = read_event(json.dumps(said).encode())

    assert event is not None
    assert (event.switched_on("track"), event.parameters["setting"]) == (True, "default_tracking")
    assert (event.gmail_id, str(event.zone)) == ("6fd", "Europe/London")


def test_no_token_shows_when_an_event_is_printed() -> None:
    authorization = {"userOAuthToken": "secret-1", "userIdToken": "secret-2"}
    said = {"authorizationEventObject": authorization, "gmail": {"accessToken": "secret-3", "messageId": "6fd"}}

    printed = repr(read_event(json.dumps(said).encode()))

    assert "6fd" in printed
    assert "secret" not in printed
