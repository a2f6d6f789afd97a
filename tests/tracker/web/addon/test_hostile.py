"""What strangers write, what bodies can hold, and what presses can be served twice, in every card and action."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.makers import a_hit, a_sent_copy, a_sent_message, a_summary, an_account, an_alert
from tests.tracker.web.addon.gmail_page import NOW, GmailPage, Said, gmail_page
from tests.tracker.web.addon.lending import LocalLending
from tracker.clock import new_id
from tracker.following import Followed
from tracker.judging import judge
from tracker.model import Recipient
from tracker.ports import Recorded, Store
from tracker.recording import Recording
from tracker.store.opening import open_store
from tracker.web.addon import paths
from tracker.wishes import OrderState, Preferences, SendOrder

JSON = {"Content-Type": "application/json"}
SENT = {"messageId": "msg-f:1789", "threadId": "thread-f:1700"}
EVIL = "\u202e\u2066<b>evil</b>\x00\x07\u200b&\r\n" + "ü" * 10_000
UNSEEN = ("\\u202e", "\\u2066", "\\u0000", "\\u0007", "\\u200b", "<b>evil")


@pytest.fixture
async def evil(page: GmailPage) -> str:
    """Everything a stranger can name is hostile; the message's id."""
    recipients = tuple(Recipient(f"a{number}@x.example", EVIL) for number in range(100))
    message = a_sent_message(account_id=page.account.id, sent_at=NOW - timedelta(hours=2), subject=EVIL)
    copy = a_sent_copy(message_id=message.id, sent_at=message.sent_at, gmail_id="6fd", thread_id="6a4")
    ids = {"rfc_message_id": "<m@x.example>", "recipients": recipients}
    await page.store.messages.begin(message, [a_sent_copy(**{**_facts(copy), **ids})])
    hit = a_hit(copy_id=copy.id, at=NOW - timedelta(hours=1), headers={"user-agent": EVIL[:200]})
    await Recording(page.store.hits, judge, timedelta(0), page.watch).record([hit])
    opened = a_summary(opens=1, first_open_at=NOW, last_open_at=NOW, last_client=EVIL[:200])
    await page.store.hits.record([Recorded(copy.id, 1, (), opened, ())])
    order = await page.store.orders.put(an_order(page))
    [leased] = await page.store.orders.lease(order.not_before, order.not_before + timedelta(hours=1), 1)
    alert = an_alert(account_id=page.account.id, message_id=None, order_id=order.id)
    await page.store.orders.fail(leased, EVIL, alert)
    return message.id


def _facts(copy: Any) -> dict[str, Any]:
    return {name: getattr(copy, name) for name in ("id", "message_id", "sent_at", "gmail_id", "thread_id")}


def an_order(page: GmailPage) -> SendOrder:
    return SendOrder(new_id(), page.account.id, f"compose:{new_id()}", asked_at=NOW, not_before=NOW)


async def cards(page: GmailPage, message_id: str) -> AsyncIterator[Said]:
    """Every card that shows something a stranger wrote."""
    yield await page.opens(paths.HOME)
    yield await page.opens(paths.SETTINGS)
    yield await page.opens(paths.MESSAGE, event=page.event(**SENT))
    yield await page.opens(paths.MESSAGE, event=page.event(messageId="msg-f:1", threadId="thread-f:1"))
    yield await page.opens(paths.MESSAGE, event=page.event(messageId="msg-a:r1", threadId="thread-a:r1"))
    yield await page.opens(paths.COMPOSE, event=page.event(toRecipients=[EVIL]))
    yield await page.opens(paths.SHOW, event=page.event(parameters={"message": message_id}))
    yield await page.opens(paths.STOP, event=page.event(parameters={"message": message_id, "stop": "yes"}))


async def test_what_strangers_wrote_can_neither_turn_nor_hide_nor_mark_up_anything(page: GmailPage, evil: str) -> None:
    shown = [said async for said in cards(page, evil)]

    assert sum("evil" in said.text for said in shown) >= 5
    assert not [unseen for said in shown for unseen in UNSEEN if unseen in said.text]
    assert max(len(said.text) for said in shown) < 60_000


async def test_a_refusal_in_gmail_s_words_is_shown_as_words(page: GmailPage, evil: str, lending: LocalLending) -> None:
    said = await page.presses(await page.opens(paths.MESSAGE, event=page.event(**SENT)), "Tracked reply")

    assert "Open the mail" in said.text
    assert lending.drafts == []


@pytest.mark.parametrize("path", [*paths.TRIGGERS, *paths.PRESSES])
async def test_a_body_of_another_make_gets_a_card(page: GmailPage, path: str) -> None:
    headers = {**JSON, "Authorization": f"Bearer {page.system_token(path)}"}
    person = json.dumps(page.user_token())
    bodies = (
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        f'{{"authorizationEventObject":{{"userIdToken":{person}}}}}'.encode(),
        f'{{"gmail":1,"gmail":{{}},"authorizationEventObject":{{"userIdToken":{person},"userIdToken":7}}}}'.encode(),
        f'{{"commonEventObject":null,"gmail":null,"authorizationEventObject":{{"userIdToken":{person}}}}}'.encode(),
        b'{"authorizationEventObject":{"userIdToken":"\\ud800"}}',
        b'{"n":' + b"9" * 5_000 + b"}",
        b'{"n":NaN}',
    )

    for body in bodies:
        said = await page.posts(path, body, headers)
        assert (said.status, bool(said.card or said.word)) == (200, True)


@pytest.mark.parametrize(
    "inputs",
    [
        {"track": {"stringInputs": {"value": ["\ud800"]}}},
        {"track": {"stringInputs": {"value": [{"a": 1}]}}},
        {"track": {"dateInput": {"msSinceEpoch": "1"}}},
        {"track": {"stringInputs": {"value": []}}},
        {"\x00" * 500: {"stringInputs": {"value": ["on"]}}},
        {f"n{number}": {"stringInputs": {"value": ["on"]}} for number in range(500)},
    ],
)
@pytest.mark.parametrize("path", [paths.TRACK, paths.PREFER, paths.SEND])
async def test_inputs_of_a_foreign_shape_are_answered_in_words(page: GmailPage, path: str, inputs: Any) -> None:
    event = page.event(parameters={"window": "0" * 16, "setting": "track"}, toRecipients=["\ud800@x.example"])
    event["commonEventObject"]["formInputs"] = inputs

    said = await page.opens(path, event=event)

    assert (said.status, "Something went wrong" in said.text) == (200, False)


@pytest.mark.parametrize("path", [paths.SHOW, paths.STOP, paths.REPLY])
async def test_somebody_else_s_message_by_name_is_as_if_it_were_not(page: GmailPage, evil: str, path: str) -> None:
    stranger = await page.store.accounts.add(an_account(), "grant")
    await page.store.following.keep(stranger.id, Followed(), Followed("1", NOW))
    page.user = {"email": stranger.email}

    said = await page.opens(path, event=page.event(parameters={"message": evil, "press": "0" * 16, "stop": "yes"}))

    message = await page.store.messages.get(evil)
    assert message is not None
    assert message.stopped_at is None
    assert "evil" not in said.text


async def test_a_person_s_token_of_another_person_shows_that_other_person_s_things_only(
    page: GmailPage, evil: str
) -> None:
    stranger = await page.store.accounts.add(an_account(), "grant")
    page.user = {"email": stranger.email}

    said = await page.opens(paths.HOME)

    assert (said.card["header"]["subtitle"], "evil" in said.text) == (stranger.email, False)


@pytest.fixture
async def elsewhere(
    page: GmailPage, google_key: rsa.RSAPrivateKey, sqlite_url: str, encryption_key: bytes, lending: LocalLending
) -> AsyncIterator[GmailPage]:
    """The same add-on, served by another process with its own way to the database."""
    async with (
        await open_store(sqlite_url, [encryption_key]) as other,
        gmail_page(other, page.account, google_key, lending=lending) as opened,
    ):
        yield opened


async def at_once(page: GmailPage, elsewhere: GmailPage, shown: Said, text: str, **how: Any) -> list[Said]:
    """The same press, six times, in two processes."""
    return await asyncio.gather(*(where.presses(shown, text, **how) for where in (page, elsewhere) * 3))


async def test_tracking_switched_on_everywhere_at_once_is_one_picture(page: GmailPage, elsewhere: GmailPage) -> None:
    answers = await at_once(page, elsewhere, await page.opens(paths.COMPOSE), "Track this mail", on=["track"])

    assert len({said.inserted for said in answers}) == 1
    assert answers[0].inserted


async def test_send_tracked_now_pressed_everywhere_at_once_is_one_order(page: GmailPage, elsewhere: GmailPage) -> None:
    answers = await at_once(page, elsewhere, await page.opens(paths.COMPOSE), "Send tracked now")

    assert len(await page.store.orders.latest(page.account.id, NOW, 10)) == 1
    assert len({said.inserted for said in answers}) == 1


async def test_a_cancel_pressed_everywhere_at_once_cancels_once(page: GmailPage, elsewhere: GmailPage) -> None:
    sending = await page.presses(await page.opens(paths.COMPOSE), "Send tracked now")

    answers = await at_once(page, elsewhere, sending, "Cancel")

    [order] = await page.store.orders.latest(page.account.id, NOW, 10)
    assert order.state is OrderState.TAKEN_BACK
    assert {said.word for said in answers} == {"Cancelled. The draft is still in Gmail."}


async def test_stop_pressed_everywhere_at_once_stops_once(page: GmailPage, elsewhere: GmailPage, evil: str) -> None:
    shown = await page.opens(paths.MESSAGE, event=page.event(**SENT))

    answers = await at_once(page, elsewhere, shown, "Stop tracking", **SENT)

    assert {bool(said.card) for said in answers} == {True}
    assert all("Track again" in said.text for said in answers)


async def test_a_default_switched_on_everywhere_at_once_is_on(
    page: GmailPage, elsewhere: GmailPage, books: Store
) -> None:
    await at_once(page, elsewhere, await page.opens(paths.HOME), "Track my mail", on=["track"])

    assert await books.preferences.of(page.account.id) == Preferences(page.account.id, track=True)
