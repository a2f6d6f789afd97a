"""To Google's consent page and back, in a browser: what connects a mailbox, and everything that must not."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar

from tests.makers import an_account
from tests.standins.gmail import GmailStandin, start_gmail
from tests.standins.gmail_caller import SENDER
from tests.tracker.web.site import TOKENS, running_site
from tracker.clock import utc_now
from tracker.connecting import Connecting
from tracker.gmail.auth import OAuthClient
from tracker.gmail.consent import GoogleConsent
from tracker.gmail.identity import GoogleIdentities
from tracker.model import AccountState, Profile
from tracker.ports import Store
from tracker.sealing import Sealer
from tracker.store.opening import open_store
from tracker.tokens import Tokens
from tracker.web.google import COOKIE, google_routes
from tracker.web.turnstile import Turnstile

GMAIL = "https://www.googleapis.com/auth/gmail."
TOKEN, REVOKE = "oauth2.token", "oauth2.revoke"
SLACK = ("T1", "U1")
PUBLIC_URL = "https://track.example.com"


class MovingClock:
    def __init__(self) -> None:
        self.later = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.later


@dataclass
class Seen:
    """What a browser got."""

    status: int
    headers: Any
    text: str

    @property
    def leads_to(self) -> str:
        return str(self.headers["Location"])


class Browser:
    """Follows no redirect by itself, and keeps one cookie."""

    def __init__(self, url: str, session: ClientSession) -> None:
        self.url = url
        self.cookie = ""
        self._session = session

    async def sees(self, address: str, method: str = "GET", data: dict[str, str] | None = None) -> Seen:
        # PUBLIC_URL names the host that people know; here the site listens on a port of its own.
        path = re.sub(r"^https?://[^/]*(/track)?", "", address)
        headers = {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        request = self._session.request(method, self.url + path, headers=headers, data=data, allow_redirects=False)
        async with request as answer:
            if "Set-Cookie" in answer.headers:
                self.cookie = SimpleCookie(answer.headers["Set-Cookie"])[COOKIE].value
            return Seen(answer.status, answer.headers.copy(), await answer.text())


@dataclass
class Town:
    """Google, our site, and the use between them."""

    gmail: GmailStandin
    store: Store
    connecting: Connecting
    clock: MovingClock
    url: str
    session: ClientSession

    def browser(self) -> Browser:
        return Browser(self.url, self.session)

    def invited(self, profile: Profile = Profile.STANDARD, who: tuple[str, str] = SLACK) -> str:
        return self.connecting.invitation(*who, profile)

    async def returned(self, browser: Browser, link: str = "", **decision: Any) -> str:
        """Where the consent page sends a browser whose owner decides so."""
        left = await browser.sees(link or self.invited())
        return self.gmail.consent(SENDER, left.leads_to, **decision)

    async def connected(self, browser: Browser, link: str = "", **decision: Any) -> Seen:
        return await browser.sees(await self.returned(browser, link, **decision))


@asynccontextmanager
async def a_town(
    store: Store, public_url: str = "https://track.example.com", burst: int = 100, domains: tuple[str, ...] = ()
) -> AsyncIterator[Town]:
    gmail, clock = GmailStandin(), MovingClock()
    gmail.add_mailbox(SENDER)
    gmail.revoke(SENDER)
    gmail.register_redirect(f"{public_url}/google/callback")
    async with start_gmail(gmail) as served, ClientSession(cookie_jar=DummyCookieJar()) as session:
        identities = GoogleIdentities(served.certs_url)
        client = OAuthClient(gmail.client_id, gmail.client_secret, served.token_url)
        desk = GoogleConsent(client, served.auth_url, f"{public_url}/google/callback", identities)
        connecting = Connecting(
            store.accounts, store.invitations, desk, TOKENS, Sealer([bytes(32)]), public_url, clock, domains
        )
        doors = google_routes(connecting, public_url, turnstile=Turnstile(burst))
        async with running_site(doors=doors) as site:
            yield Town(gmail, store, connecting, clock, site.url(""), session)
        await desk.close()
        await identities.close()


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Store]:
    async with await open_store(sqlite_url, [bytes(32)]) as store:
        yield store


@pytest.fixture
async def town(sqlite_store: Store) -> AsyncIterator[Town]:
    async with a_town(sqlite_store) as town:
        yield town


async def test_who_consents_is_connected_to_the_slack_member_who_asked(town: Town) -> None:
    seen = await town.connected(town.browser())

    account = await town.store.accounts.by_email(SENDER)
    assert seen.status == 200
    assert SENDER in seen.text
    assert "U1" in seen.text
    assert account
    assert (account.slack_team, account.slack_user, account.state) == (*SLACK, AccountState.CONNECTED)


async def test_the_stored_grant_is_the_one_that_google_gave(town: Town) -> None:
    await town.connected(town.browser())

    account = await town.store.accounts.by_email(SENDER)
    assert account
    assert await town.store.accounts.refresh_token(account.id) in town.gmail.grants.refresh_tokens


@pytest.mark.parametrize(("profile", "scope"), [(Profile.SEND, "send"), (Profile.FULL, "modify")])
async def test_google_is_asked_for_what_the_invitation_is_for(town: Town, profile: Profile, scope: str) -> None:
    await town.connected(town.browser(), town.invited(profile))

    [grant] = town.gmail.grants.refresh_tokens.values()
    assert {one for one in grant.scopes if one.startswith(GMAIL)} == {GMAIL + scope}


async def test_the_page_holds_no_secret_and_tells_nobody_where_its_reader_came_from(town: Town) -> None:
    browser = town.browser()
    back = await town.returned(browser)

    seen = await browser.sees(back)

    [token] = town.gmail.grants.refresh_tokens
    state, code = re.findall(r"(?:state|code)=([^&]+)", back)
    assert not [secret for secret in (token, state, code, browser.cookie) if secret in seen.text]
    assert seen.headers["Referrer-Policy"] == "no-referrer"
    assert seen.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert seen.headers["Cache-Control"] == "no-store"


async def test_the_address_of_the_consent_page_does_not_tell_the_verifier_or_who_asked(town: Town) -> None:
    left = await town.browser().sees(town.invited(who=("T1", "U7SECRET")))

    assert "U7SECRET" not in left.leads_to
    assert "verifier" not in left.leads_to


@pytest.mark.parametrize(
    ("public_url", "secure", "path"),
    [
        ("https://track.example.com", True, "/google"),
        ("https://example.com/track", True, "/track/google"),
        ("http://localhost:8080", False, "/google"),
    ],
)
async def test_the_browsers_mark_goes_nowhere_but_back(
    sqlite_store: Store, public_url: str, secure: bool, path: str
) -> None:
    async with a_town(sqlite_store, public_url) as town:
        left = await town.browser().sees(town.invited())

    mark = SimpleCookie(left.headers["Set-Cookie"])[COOKIE]
    assert (bool(mark["secure"]), mark["httponly"], mark["samesite"]) == (secure, True, "Lax")
    assert mark["path"] == path


async def test_a_link_opened_in_two_tabs_works_in_both(town: Town) -> None:
    browser = town.browser()
    first = await town.returned(browser)
    await town.returned(browser)

    assert (await browser.sees(first)).status == 200


async def test_a_mark_that_is_none_of_ours_is_replaced(town: Town) -> None:
    browser = town.browser()
    browser.cookie = "chosen-by-somebody-else"

    await browser.sees(town.invited())

    assert browser.cookie != "chosen-by-somebody-else"


async def _nothing_happened(town: Town, seen: Seen, words: str, status: int = 400) -> None:
    assert words in seen.text
    assert seen.status == status
    assert await town.store.accounts.all() == []


async def test_an_owner_who_declines_is_told_that_nothing_happened(town: Town) -> None:
    await _nothing_happened(town, await town.connected(town.browser(), deny=True), "You did not agree")


async def test_an_unticked_box_connects_nothing_and_leaves_no_grant(town: Town) -> None:
    seen = await town.connected(town.browser(), untick=(GMAIL + "readonly",))

    await _nothing_happened(town, seen, "was not ticked")
    assert town.gmail.grants.refresh_tokens == {}


async def test_an_unticked_box_does_not_end_the_grant_that_is_there(town: Town) -> None:
    await town.connected(town.browser())

    seen = await town.connected(town.browser(), town.invited(Profile.FULL), untick=(GMAIL + "modify",))

    assert "was not ticked" in seen.text
    assert REVOKE not in [called for called, _ in town.gmail.calls]


async def test_an_answer_in_another_browser_is_refused(town: Town) -> None:
    back = await town.returned(town.browser())
    other = town.browser()
    await other.sees(town.invited())

    await _nothing_happened(town, await other.sees(back), "another browser")


async def test_an_answer_in_a_browser_without_a_mark_is_refused(town: Town) -> None:
    back = await town.returned(town.browser())

    await _nothing_happened(town, await town.browser().sees(back), "another browser")


async def test_an_answer_that_comes_too_late_is_refused(town: Town) -> None:
    browser = town.browser()
    back = await town.returned(browser)
    town.clock.later = timedelta(minutes=10)

    await _nothing_happened(town, await browser.sees(back), "took too long")


async def test_a_link_that_is_too_old_leads_nowhere(town: Town) -> None:
    link = town.invited()
    town.clock.later = timedelta(minutes=10)

    await _nothing_happened(town, await town.browser().sees(link), "too old")


async def test_a_link_just_within_its_time_leads_on(town: Town) -> None:
    link = town.invited()
    town.clock.later = timedelta(minutes=9, seconds=50)

    assert (await town.browser().sees(link)).status == 302


@pytest.mark.parametrize(
    "token", ["", "x", "%ff%fe", "t&t=u", "A" * 5000, Tokens(["another key, of others"]).invitation("{}")]
)
async def test_a_link_that_we_did_not_sign_leads_nowhere(town: Town, token: str) -> None:
    await _nothing_happened(town, await town.browser().sees(f"/google/connect?t={token}"), "changed on its way")


@pytest.mark.parametrize("state", ["", "v1", "v1.00000000.AAAA", "..", "v1.é.x", "%00", "A" * 5000])
async def test_a_state_that_is_not_ours_is_refused(town: Town, state: str) -> None:
    browser = town.browser()
    await browser.sees(town.invited())

    await _nothing_happened(town, await browser.sees(f"/google/callback?state={state}&code=4/0x"), "another browser")


async def test_the_words_of_an_unknown_error_are_not_repeated(town: Town) -> None:
    browser = town.browser()
    back = await town.returned(browser, deny=True)

    seen = await browser.sees(back.replace("access_denied", "%3Cscript%3Ehello"))

    await _nothing_happened(town, seen, "Google did not let us in")
    assert "hello" not in seen.text


async def test_a_code_is_good_once(town: Town) -> None:
    browser = town.browser()
    back = await town.returned(browser)
    await browser.sees(back)

    again = await browser.sees(back)

    assert again.status == 400
    assert "used already" in again.text


async def test_a_head_request_uses_up_no_code(town: Town) -> None:
    browser = town.browser()
    back = await town.returned(browser)
    await browser.sees(back, "HEAD")

    assert (await browser.sees(back)).status == 200


async def test_a_google_that_is_away_connects_nothing(town: Town) -> None:
    browser = town.browser()
    back = await town.returned(browser)
    town.gmail.faults.fail(TOKEN, 503)

    await _nothing_happened(town, await browser.sees(back), "In a minute", 503)


async def test_somebody_elses_mailbox_stays_theirs_and_their_grant_lives(town: Town) -> None:
    await town.connected(town.browser())

    seen = await town.connected(town.browser(), town.invited(who=("T1", "U2")))

    account = await town.store.accounts.by_email(SENDER)
    assert seen.status == 400
    assert "another member" in seen.text
    assert account
    assert account.slack_user == "U1"
    assert await town.store.accounts.refresh_token(account.id) in town.gmail.grants.refresh_tokens


async def test_the_same_user_id_in_another_workspace_is_somebody_else(town: Town) -> None:
    await town.connected(town.browser())

    assert "another member" in (await town.connected(town.browser(), town.invited(who=("T2", "U1")))).text


async def test_connecting_again_keeps_the_account_and_makes_it_work(town: Town) -> None:
    kept = await town.store.accounts.add(
        an_account(email=SENDER, slack_user="U1", state=AccountState.RECONNECT), "a grant that is over"
    )

    await town.connected(town.browser())

    account = await town.store.accounts.by_email(SENDER)
    assert account
    assert (account.id, account.state, account.slack_team) == (kept.id, AccountState.CONNECTED, "T1")


async def test_a_second_mailbox_of_the_same_member_is_another_account(town: Town) -> None:
    await town.store.accounts.add(an_account(email="other@twotick.example", slack_user="U1"), "grant")

    await town.connected(town.browser())

    assert len(await town.store.accounts.of_slack_user(*SLACK)) == 2


async def test_too_many_visits_are_turned_away(sqlite_store: Store) -> None:
    async with a_town(sqlite_store, burst=2) as town:
        seen = [
            await town.browser().sees(path) for path in ("/google/connect?t=x", "/google/callback", "/google/connect")
        ]

    assert [one.status for one in seen] == [400, 400, 429]


async def test_disconnecting_ends_the_grant_and_forgets_the_account(town: Town) -> None:
    await town.connected(town.browser())
    account = await town.store.accounts.by_email(SENDER)
    assert account

    revoked = await town.connecting.disconnect(account)

    assert revoked
    assert town.gmail.grants.refresh_tokens == {}
    assert await town.store.accounts.all() == []


async def test_a_google_that_cannot_be_told_is_no_reason_to_remember(town: Town) -> None:
    await town.connected(town.browser())
    account = await town.store.accounts.by_email(SENDER)
    assert account
    town.gmail.faults.fail(REVOKE, 503)

    revoked = await town.connecting.disconnect(account)

    assert not revoked
    assert await town.store.accounts.all() == []
