"""Who may call the add-on: Google, for this add-on, on behalf of one person."""

import asyncio
import logging
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.tracker.web.addon.gmail_page import DEPLOYMENT, GmailPage, gmail_page
from tests.tracker.web.addon.identities import SleepingIdentities
from tracker.ports import Store
from tracker.web.addon import paths

JSON = {"Content-Type": "application/json"}
HOUR = 3600


async def test_google_s_own_call_is_answered(page: GmailPage) -> None:
    said = await page.opens(paths.HOME)

    assert (said.status, said.card["header"]["subtitle"]) == (200, page.account.email)


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"aud": f"{DEPLOYMENT.public_url}{paths.SEND}"}, 401),
        ({"aud": DEPLOYMENT.public_url}, 401),
        ({"aud": f"https://evil.example{paths.HOME}"}, 401),
        ({"exp": int(time.time()) - HOUR, "iat": int(time.time()) - 2 * HOUR}, 401),
        ({"iat": int(time.time()) + 2 * HOUR, "exp": int(time.time()) + 3 * HOUR}, 401),
        ({"email_verified": False}, 401),
        ({"email": "somebody@else.iam.gserviceaccount.com"}, 403),
    ],
)
async def test_a_token_that_is_not_google_s_for_this_very_address_is_turned_away(
    page: GmailPage, claims: dict[str, Any], status: int
) -> None:
    page.system = claims

    said = await page.opens(paths.HOME)

    assert (said.status, said.text) == (status, "")


async def test_a_token_signed_by_somebody_else_is_turned_away(page: GmailPage) -> None:
    page.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    assert (await page.opens(paths.HOME)).status == 401


async def test_a_token_for_one_action_cannot_be_replayed_on_another(page: GmailPage) -> None:
    overheard = {"Authorization": f"Bearer {page.system_token(paths.HOME)}"}

    assert (await page.opens(paths.STOP, headers=overheard)).status == 401


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer x.y.z", "Basic eDp5", "Bearer " + "x" * 7000])
async def test_a_call_without_a_readable_token_is_turned_away(page: GmailPage, authorization: str) -> None:
    assert (await page.opens(paths.HOME, headers={"Authorization": authorization})).status == 401


async def test_a_body_that_is_too_big_is_turned_away_unread(page: GmailPage) -> None:
    said = await page.posts(paths.HOME, b" " * 300_000, JSON)

    assert said.status == 413


async def test_a_body_without_a_length_is_read_no_further_than_the_limit(page: GmailPage) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b" " * 10_000

    headers = {**JSON, "Authorization": f"Bearer {page.system_token(paths.HOME)}"}
    async with page.site.http.post(page.site.url(paths.HOME), data=endless(), headers=headers) as answer:
        assert answer.status == 413


async def test_another_content_type_is_turned_away(page: GmailPage) -> None:
    assert (await page.opens(paths.HOME, headers={"Content-Type": "text/plain"})).status == 415


async def test_only_posts_are_answered(page: GmailPage) -> None:
    async with page.site.http.get(page.site.url(paths.HOME)) as answer:
        assert answer.status == 405


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client.apps.example"},
        {"exp": int(time.time()) - HOUR, "iat": int(time.time()) - 2 * HOUR},
        {"email_verified": False},
    ],
)
async def test_a_person_without_a_good_token_of_their_own_sees_nobody_s_mail(
    page: GmailPage, claims: dict[str, Any]
) -> None:
    page.user = claims

    said = await page.opens(paths.HOME)

    assert (said.status, said.card["sections"][0]["header"]) == (200, "Who are you?")
    assert page.account.email not in said.text


async def test_the_system_s_token_does_not_stand_for_a_person(page: GmailPage) -> None:
    event = page.event()
    event["authorizationEventObject"]["userIdToken"] = page.system_token(paths.HOME)

    said = await page.opens(paths.HOME, event=event)

    assert said.card["sections"][0]["header"] == "Who are you?"


async def test_a_mailbox_that_nobody_connected_is_told_how(page: GmailPage) -> None:
    page.user = {"email": "new@twotick.example"}

    said = await page.opens(paths.HOME)

    assert "twotick accounts add --email new@twotick.example" in said.text


@pytest.mark.parametrize(
    "event",
    [
        [],
        "text",
        7,
        {"authorizationEventObject": []},
        {"authorizationEventObject": {"userIdToken": {"a": 1}}},
        {"authorizationEventObject": {"userIdToken": "x" * 20_000}},
    ],
)
async def test_an_event_of_another_shape_gets_a_card(page: GmailPage, event: Any) -> None:
    said = await page.opens(paths.HOME, event=event)

    assert (said.status, bool(said.card)) == (200, True)


@pytest.mark.parametrize("path", [*paths.TRIGGERS, *paths.PRESSES])
@pytest.mark.parametrize(
    "wrong",
    [
        {"commonEventObject": [], "gmail": []},
        {"commonEventObject": {"parameters": [], "formInputs": [], "timeZone": 7}, "gmail": {"messageId": 7}},
        {
            "commonEventObject": {
                "parameters": {"window": 7, "order": "../x", "message": "a" * 999, "setting": "x"},
                "formInputs": {"track": {"stringInputs": {"value": "on"}}, "links": [], "undo_seconds": {}},
                "timeZone": {"id": "../../etc/passwd"},
            },
            "gmail": {
                "messageId": "msg-f:" + "9" * 99,
                "threadId": "msg-a:r-1",
                "toRecipients": [7, "a" * 9999, "\r\nBcc: x@y.example", "ü@ü.example", "undisclosed-recipients:;"],
                "ccRecipients": "nobody",
            },
        },
        {"gmail": {"toRecipients": ["a@b.example"] * 5000}},
        {"commonEventObject": {"timeZone": {"id": "Nowhere/Land"}}},
    ],
)
async def test_whatever_else_an_event_holds_its_sender_gets_words(page: GmailPage, path: str, wrong: Any) -> None:
    authorization = {"authorizationEventObject": {"userIdToken": page.user_token()}}

    said = await page.opens(path, event={**authorization, **wrong})

    assert said.status == 200
    assert said.card or said.word
    assert "Something went wrong" not in said.text


async def test_json_that_is_none_gets_a_card(page: GmailPage) -> None:
    headers = {**JSON, "Authorization": f"Bearer {page.system_token(paths.HOME)}"}

    for body in (b"", b"{", b"[" * 100_000, b"\xff\xfe"):
        assert (await page.posts(paths.HOME, body, headers)).status == 200


async def test_no_token_is_ever_logged(page: GmailPage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    page.user = {"aud": "another"}

    await page.opens(paths.HOME)
    await page.opens(paths.HOME, headers={"Authorization": "Bearer not-a-token-at-all"})

    assert not [secret for secret in ("ya29.secret", "eyJ", "not-a-token-at-all") if secret in caplog.text]


async def test_without_google_s_keys_nobody_is_let_in_and_the_answer_comes_in_time(
    books: Store, google_key: rsa.RSAPrivateKey, page: GmailPage
) -> None:
    async with gmail_page(books, page.account, google_key, SleepingIdentities(), patience_seconds=0.1) as blind:
        async with asyncio.timeout(2):
            said = await blind.opens(paths.HOME)

    assert (said.status, said.text) == (503, "")
