"""The Gmail stand-in's consent page and token endpoint: what Google checks, and how it says no."""

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from google.auth import jwt

from tests.makers import NOON
from tests.standins.gmail import GmailStandin, start_gmail
from tests.standins.gmail_caller import SENDER, calling, grant_form
from tests.standins.gmail_consent import WrongLink

BACK = "http://127.0.0.1:8080/connect/google"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
LABELS, SEND = (f"https://www.googleapis.com/auth/gmail.{name}" for name in ("labels", "send"))


def _standin(times: list[datetime] | None = None) -> GmailStandin:
    standin = GmailStandin(clock=lambda: times[-1] if times else NOON)
    standin.add_mailbox(SENDER)
    standin.revoke(SENDER)
    standin.register_redirect(BACK)
    return standin


def _link(standin: GmailStandin, **changes: str) -> str:
    asked = {
        "client_id": standin.client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": f"openid email {LABELS} {SEND}",
        "state": "abc",
        "access_type": "offline",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return "http://here/o/oauth2/v2/auth?" + urlencode({name: value for name, value in asked.items() if value})


async def _trade(standin: GmailStandin, url: str, **changes: str) -> tuple[int, dict[str, Any]]:
    code = parse_qs(urlsplit(url).query)["code"][0]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        **changes,
    }
    return await _token(standin, form)


async def _token(standin: GmailStandin, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
    form = {"client_id": standin.client_id, "client_secret": standin.client_secret, **form}
    async with (
        start_gmail(standin) as served,
        aiohttp.ClientSession() as session,
        session.post(served.token_url, data={name: value for name, value in form.items() if value}) as answer,
    ):
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "somebody"},
        {"redirect_uri": BACK + "/"},
        {"response_type": "token"},
        {"scope": ""},
        {"scope": "openid everything"},
        {"access_type": "forever"},
        {"prompt": "please"},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": ""},
        {"code_challenge": "short"},
        {"colour": "red"},
    ],
)
def test_a_link_with_one_flaw_leads_nowhere(change: dict[str, str]):
    standin = _standin()

    with pytest.raises(WrongLink):
        standin.consent(SENDER, _link(standin, **change))


@pytest.mark.parametrize("uri", ["http://track.example.com/back", "https://track.example.com/#back", "here"])
def test_an_address_that_googles_console_refuses_cannot_be_registered(uri: str):
    with pytest.raises(ValueError, match="redirect"):
        GmailStandin().register_redirect(uri)


async def test_a_code_becomes_tokens_and_a_word_on_who_it_is():
    standin = _standin()

    status, said = await _trade(standin, standin.consent(SENDER, _link(standin, nonce="n1")))

    assert (status, set(said["scope"].split()) >= {LABELS, SEND}) == (200, True)
    claims = jwt.decode(said["id_token"], verify=False)
    assert (claims["aud"], claims["email"], claims["nonce"]) == (standin.client_id, SENDER, "n1")
    assert said["refresh_token"] in standin.grants.refresh_tokens


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_verifier": "w" * 50}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:8080/"}, "invalid_grant"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"code": "4/0guess"}, "invalid_grant"),
        ({"client_secret": "guess"}, "invalid_client"),
    ],
)
async def test_a_trade_with_one_flaw_is_refused(change: dict[str, str], error: str):
    standin = _standin()

    status, said = await _trade(standin, standin.consent(SENDER, _link(standin)), **change)

    assert (status in (400, 401), said["error"]) == (True, error)


async def test_a_verifier_without_a_challenge_is_refused():
    standin = _standin()
    url = standin.consent(SENDER, _link(standin, code_challenge="", code_challenge_method=""))

    assert (await _trade(standin, url))[1]["error"] == "invalid_grant"


async def test_a_code_is_good_once():
    standin = _standin()
    url = standin.consent(SENDER, _link(standin))
    await _trade(standin, url)

    assert (await _trade(standin, url))[1]["error"] == "invalid_grant"


async def test_a_code_is_good_for_ten_minutes():
    times = [NOON]
    standin = _standin(times)
    url = standin.consent(SENDER, _link(standin))
    times.append(NOON + timedelta(minutes=10))

    assert (await _trade(standin, url))[1]["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("change", "lasting"),
    [({}, False), ({"prompt": "consent"}, True), ({"prompt": "consent", "access_type": "online"}, False)],
)
async def test_who_consented_before_gets_a_refresh_token_only_when_asked_anew(change: dict[str, str], lasting: bool):
    standin = _standin()
    await _trade(standin, standin.consent(SENDER, _link(standin)))

    _, said = await _trade(standin, standin.consent(SENDER, _link(standin, **change)))

    assert ("refresh_token" in said) is lasting


async def test_an_unticked_scope_is_not_granted():
    standin = _standin()

    _, said = await _trade(standin, standin.consent(SENDER, _link(standin), untick=(LABELS,)))

    assert SEND in said["scope"]
    assert LABELS not in said["scope"]


async def test_a_refreshed_token_has_the_granted_scopes_and_no_others():
    standin = _standin()
    token = standin.add_mailbox(SENDER, scopes=[LABELS])

    _, said = await _token(standin, {"grant_type": "refresh_token", "refresh_token": token})

    assert said["scope"] == LABELS
    assert "id_token" not in said


async def test_a_method_outside_the_granted_scopes_is_refused_by_google_s_own_words():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        form = grant_form(standin, standin.add_mailbox(SENDER, scopes=[LABELS]))
        async with gmail.session.post(f"{gmail.api_url}token", data=form) as answer:
            token = (await answer.json())["access_token"]
        narrow = {"Authorization": f"Bearer {token}"}
        allowed = await gmail.request("GET", "labels", headers=narrow)
        said = await gmail.request("GET", "messages", headers=narrow)

    assert allowed.status == 200
    assert (said.status, said.reason) == (403, "insufficientPermissions")
    assert said.json["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


async def test_revoking_one_token_ends_the_whole_grant():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        token = gmail.authorization.removeprefix("Bearer ")
        async with gmail.session.post(f"{gmail.api_url}revoke", data={"token": token}) as answer:
            status = answer.status
        said = await gmail.get("profile")

    assert (status, said.status, standin.grants.refresh_tokens) == (200, 401, {})


async def test_the_page_offers_boxes_and_its_form_leads_back():
    standin = _standin()
    async with start_gmail(standin) as served, aiohttp.ClientSession() as session:
        url = _link(standin).replace("http://here/o/oauth2/v2/auth", served.auth_url)
        async with session.get(url) as answer:
            page = await answer.text()
        form = {"email": SENDER, "scope": SEND, "decision": "allow"}
        async with session.post(url, data=form, allow_redirects=False) as answer:
            back = answer.headers["Location"]

    assert page.count('type="checkbox"') == 2
    assert back.startswith(BACK + "?")
    assert LABELS not in parse_qs(urlsplit(back).query)["scope"][0]


async def test_a_wrong_link_shows_an_error_and_sends_nobody_anywhere():
    standin = _standin()
    async with start_gmail(standin) as served, aiohttp.ClientSession() as session:
        url = _link(standin, redirect_uri="https://evil.example/<script>").replace(
            "http://here/o/oauth2/v2/auth", served.auth_url
        )
        async with session.get(url, allow_redirects=False) as answer:
            page = await answer.text()

    assert (answer.status, "<script>" in page) == (400, False)


async def test_certificates_are_shown_for_every_key_and_may_be_kept():
    standin = GmailStandin()
    async with (
        start_gmail(standin) as served,
        aiohttp.ClientSession() as session,
        session.get(served.certs_url) as answer,
    ):
        shown = await answer.json()

    assert "max-age=" in answer.headers["Cache-Control"]
    claims = jwt.decode(standin.addon_token("me"), certs=shown, verify=False)
    assert claims["email_verified"] is True
    assert set(shown) == {standin.keys[0].id}
