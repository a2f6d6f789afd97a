"""What the Gmail stand-in refuses: everything that Gmail's own description does not allow."""

import io
import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.makers import NOON
from tests.standins.gmail import GmailStandin, start_gmail
from tests.standins.gmail_caller import SENDER, a_mail, as_raw, calling, grant_form

GOOD = as_raw(a_mail())


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"message": {"raw": GOOD}, "to": "x"}, 'Unknown name "to"'),
        ({"message": {"raw": GOOD, "thread_id": "x"}}, 'Unknown name "thread_id"'),
        ({"message": {"raw": GOOD, "labelIds": "INBOX"}}, "expected a list"),
        ({"message": {"raw": GOOD, "sizeEstimate": "big"}}, "TYPE_INTEGER"),
        ({"message": {"raw": GOOD, "internalDate": "noon"}}, "TYPE_INT64"),
        ({"message": {"raw": "++//"}}, "Base64"),
        ({"message": {"raw": 5}}, "TYPE_STRING"),
        ({"message": GOOD}, "expected an object"),
        ({"message": {}}, "'raw' RFC822 payload"),
        ([], "expected an object"),
    ],
)
async def test_a_body_that_does_not_fit_the_schema_is_refused(body: Any, complaint: str):
    async with calling(GmailStandin()) as gmail:
        said = await gmail.post("drafts", body)

    assert (said.status, said.reason) == (400, "invalidArgument")
    assert complaint in said.message


async def test_sending_without_naming_the_draft_is_refused():
    async with calling(GmailStandin()) as gmail:
        said = await gmail.post("drafts/send", {"message": {"raw": GOOD}})

    assert "draft.id" in said.message


@pytest.mark.parametrize(
    "params", [{"colour": "red"}, {"maxResults": "many"}, {"maxResults": "-1"}, {"pageToken": "next"}, {"alt": "media"}]
)
async def test_a_query_beyond_the_discovery_document_is_refused(params: dict[str, str]):
    async with calling(GmailStandin()) as gmail:
        said = await gmail.get("messages", **params)

    assert said.status in (400, 501)


async def test_a_path_beyond_the_discovery_document_is_not_found():
    async with calling(GmailStandin()) as gmail:
        said = await gmail.get("outbox")

    assert said.status == 404


async def test_a_method_that_the_stand_in_lacks_says_so():
    async with calling(GmailStandin()) as gmail:
        said = await gmail.get("settings/language")

    assert said.status == 501
    assert "gmail.users.settings.getLanguage" in said.message


async def test_json_beyond_five_megabytes_is_refused_as_by_googles_front_end():
    async with calling(GmailStandin()) as gmail:
        body = json.dumps({"message": {"raw": as_raw(a_mail("x" * 4_000_000))}}).encode()
        headers = {"Content-Type": "application/json"}
        said = await gmail.request("POST", "drafts", data=io.BytesIO(body), headers=headers)

    assert said.status == 413


async def test_another_mailbox_is_closed():
    standin = GmailStandin()
    standin.add_mailbox("bob@sender.example")
    async with calling(standin) as gmail:
        said = await gmail.request("GET", "profile", user="bob@sender.example")

    assert (said.status, said.reason) == (403, "forbidden")


@pytest.mark.parametrize("authorization", ["", "Bearer ya29.guess", "Basic abc"])
async def test_an_unknown_access_token_is_refused(authorization: str):
    async with calling(GmailStandin()) as gmail:
        said = await gmail.request("GET", "profile", headers={"Authorization": authorization})

    assert (said.status, said.reason) == (401, "authError")


async def test_an_access_token_ends_after_an_hour():
    times = [NOON]
    async with calling(GmailStandin(clock=lambda: times[-1])) as gmail:
        times.append(NOON + timedelta(hours=1))
        said = await gmail.get("profile")

    assert said.status == 401


async def test_a_revoked_grant_ends_its_access_token_too():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        standin.revoke(SENDER)
        said = await gmail.get("profile")

    assert said.status == 401


@pytest.mark.parametrize(
    ("wrong", "status", "error"),
    [
        ({"client_id": "somebody"}, 401, "invalid_client"),
        ({"client_secret": "guess"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"refresh_token": ""}, 400, "invalid_request"),
        ({"refresh_token": "1//guess"}, 400, "invalid_grant"),
    ],
)
async def test_the_token_endpoint_checks_client_and_grant(wrong: dict[str, str], status: int, error: str):
    standin = GmailStandin()
    form = {**grant_form(standin, standin.add_mailbox(SENDER)), **wrong}
    async with (
        start_gmail(standin) as served,
        aiohttp.ClientSession() as session,
        session.post(served.token_url, data=form) as answer,
    ):
        said = await answer.json()

    assert (answer.status, said["error"]) == (status, error)
