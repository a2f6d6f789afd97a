"""Letting Twotick in: the link, what comes back, and the end of it."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.standins.gmail import GmailStandin, start_gmail
from tests.standins.gmail_caller import SENDER
from tracker.gmail.auth import OAuthClient
from tracker.gmail.consent import GoogleConsent, profile_of
from tracker.gmail.identity import GoogleIdentities
from tracker.model import Profile
from tracker.ports import Refused, TryLater

BACK = "https://track.example.com/connect/google"
GMAIL = "https://www.googleapis.com/auth/gmail."
TOKEN, REVOKE = "oauth2.token", "oauth2.revoke"


@dataclass
class Link:
    url: str
    verifier: str


@dataclass
class Desk:
    gmail: GmailStandin
    google: GoogleConsent

    def link(self, profile: Profile, state: str) -> Link:
        """A link to the consent page with a verifier of its own."""
        verifier = secrets.token_urlsafe(48)
        return Link(self.google.link(profile, state, verifier), verifier)

    def agreed(self, url: str, *untick: str) -> str:
        """The code that the owner comes back with."""
        return _query(self.gmail.consent(SENDER, url, untick=untick))["code"]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    gmail = GmailStandin()
    gmail.add_mailbox(SENDER)
    gmail.revoke(SENDER)
    gmail.register_redirect(BACK)
    async with start_gmail(gmail) as served:
        identities = GoogleIdentities(served.certs_url, gmail.clock)
        client = OAuthClient(gmail.client_id, gmail.client_secret, served.token_url)
        google = GoogleConsent(client, served.auth_url, BACK, identities)
        yield Desk(gmail, google)
        await google.close()
        await identities.close()


@pytest.mark.parametrize("profile", Profile)
async def test_an_owner_who_agrees_lets_us_in_for_what_we_asked(desk: Desk, profile: Profile):
    link = desk.link(profile, "state-1")

    access = await desk.google.exchange(desk.agreed(link.url), link.verifier)

    assert (access.email, access.profile) == (SENDER, profile)
    assert desk.gmail.grants.refresh_tokens[access.refresh_token].email == SENDER


async def test_the_state_comes_back_with_the_answer(desk: Desk):
    back = desk.gmail.consent(SENDER, desk.link(Profile.SEND, "state & more").url)

    assert _query(back)["state"] == "state & more"


async def test_an_owner_who_declines_comes_back_with_an_error(desk: Desk):
    back = desk.gmail.consent(SENDER, desk.link(Profile.SEND, "s").url, deny=True)

    assert _query(back)["error"] == "access_denied"


@pytest.mark.parametrize(
    ("unticked", "left"), [("compose", None), ("readonly", Profile.SEND)], ids=["the writing", "the reading"]
)
async def test_an_unticked_box_is_told(desk: Desk, unticked: str, left: Profile | None):
    link = desk.link(Profile.STANDARD, "s")

    access = await desk.google.exchange(desk.agreed(link.url, GMAIL + unticked), link.verifier)

    assert access.profile is left


async def test_asking_for_more_keeps_what_was_granted(desk: Desk):
    first = desk.link(Profile.SEND, "s")
    await desk.google.exchange(desk.agreed(first.url), first.verifier)
    more = desk.link(Profile.STANDARD, "s")

    access = await desk.google.exchange(desk.agreed(more.url), more.verifier)

    assert {GMAIL + "send", GMAIL + "compose", GMAIL + "readonly"} <= access.scopes


async def test_a_code_works_once(desk: Desk):
    link = desk.link(Profile.SEND, "s")
    code = desk.agreed(link.url)
    await desk.google.exchange(code, link.verifier)

    with pytest.raises(Refused, match="used already"):
        await desk.google.exchange(code, link.verifier)


async def test_a_code_of_somebody_elses_link_does_not_work(desk: Desk):
    stolen = desk.agreed(desk.link(Profile.SEND, "s").url)
    own = desk.link(Profile.SEND, "s")

    with pytest.raises(Refused):
        await desk.google.exchange(stolen, own.verifier)


@pytest.mark.parametrize(("status", "reason"), [(500, ""), (503, ""), (429, "")])
async def test_a_token_endpoint_in_trouble_is_for_later(desk: Desk, status: int, reason: str):
    link = desk.link(Profile.SEND, "s")
    code = desk.agreed(link.url)
    desk.gmail.faults.fail(TOKEN, status, reason)

    with pytest.raises(TryLater):
        await desk.google.exchange(code, link.verifier)


@pytest.mark.parametrize("fault", ["garble", "drop_after"])
async def test_an_answer_that_is_none_is_no_access(desk: Desk, fault: str):
    link = desk.link(Profile.SEND, "s")
    code = desk.agreed(link.url)
    getattr(desk.gmail.faults, fault)(TOKEN)

    with pytest.raises((Refused, TryLater)):
        await desk.google.exchange(code, link.verifier)


async def test_a_token_of_a_key_that_is_not_googles_is_no_proof_of_the_owner(desk: Desk):
    link = desk.link(Profile.SEND, "s")
    first = await desk.google.exchange(desk.agreed(link.url), link.verifier)
    desk.gmail.rotate_keys()  # within the minute in which an unknown key is not worth another look
    link = desk.link(Profile.SEND, "s")

    with pytest.raises(Refused, match="verified"):
        await desk.google.exchange(desk.agreed(link.url), link.verifier)

    assert first.email == SENDER


async def test_a_revoked_grant_is_over(desk: Desk):
    link = desk.link(Profile.SEND, "s")
    access = await desk.google.exchange(desk.agreed(link.url), link.verifier)

    await desk.google.revoke(access.refresh_token)

    assert access.refresh_token not in desk.gmail.grants.refresh_tokens


async def test_revoking_what_is_over_is_fine(desk: Desk):
    await desk.google.revoke("1//gone")

    assert [called for called, _ in desk.gmail.calls] == [REVOKE]


@pytest.mark.parametrize("status", [400, 500, 503])
async def test_a_grant_that_was_not_ended_is_said(desk: Desk, status: int):
    desk.gmail.faults.fail(REVOKE, status)

    with pytest.raises(TryLater):
        await desk.google.revoke("1//token")


async def test_the_verifier_stays_with_us(desk: Desk):
    link = desk.link(Profile.SEND, "s")

    assert link.verifier not in link.url


@pytest.mark.parametrize(
    ("scopes", "profile"),
    [
        ((), None),
        (("metadata",), None),
        (("send",), Profile.SEND),
        (("readonly",), None),
        (("compose",), Profile.SEND),
        (("compose", "readonly"), Profile.STANDARD),
        (("modify",), Profile.FULL),
    ],
)
def test_the_fullest_profile_that_is_covered_is_named(scopes: tuple[str, ...], profile: Profile | None):
    assert profile_of(frozenset(GMAIL + scope for scope in scopes)) is profile


def _query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
