"""A workspace installs us in a browser: to Slack's consent page and back, whatever goes wrong on the way."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.door import routes
from bot.installing import installation_of
from tests.bot.books import HandClock, SmallBooks, SmallOutbox, a_store
from tests.makers import NOON, after
from tests.standins.slack import SlackStandin
from tests.standins.slack_faults import RateLimited, Says, ServerError
from tests.standins.slack_installs import WrongLink
from tracker.doors import Services
from tracker.ports import Refused, Store
from tracker.reporting import Reporting
from tracker.settings import Settings, load_settings
from tracker.slack_app import SLACK_SCOPES
from tracker.workspaces import Installation

PUBLIC = "https://track.example/twotick"


@dataclass
class Door:
    """Our pages, and browsers that bring their cookies along as real ones do over https."""

    slack: SlackStandin
    store: Store
    clock: HandClock
    url: str

    async def leave(self, browser: aiohttp.ClientSession) -> str:
        async with browser.get(f"{self.url}slack/install", allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            for cookie in answer.cookies.values():
                assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
                assert cookie["path"] == "/twotick/slack"
                browser.headers["Cookie"] = f"{cookie.key}={cookie.value}"
            return answer.headers["Location"]

    async def come_back(self, browser: aiohttp.ClientSession, address: str) -> tuple[int, str]:
        async with browser.get(self.url + address.removeprefix(PUBLIC + "/")) as page:
            return page.status, re.sub(
                r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", "", await page.text(), flags=re.S)
            )

    async def installed(self, browser: aiohttp.ClientSession, team: str = "T0ACME", **how: bool) -> tuple[int, str]:
        link = await self.leave(browser)
        back = self.slack.installs.consent(link, self.slack.others[team], "U0ADMIN", **how)
        return await self.come_back(browser, back)


@pytest.fixture
def settings(slack: SlackStandin, tmp_path: Path) -> Settings:
    environ = {
        "SLACK_CLIENT_ID": slack.installs.client_id,
        "SLACK_CLIENT_SECRET": slack.installs.client_secret,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.own_url + "api/",
        "PUBLIC_URL": PUBLIC,
    }
    return load_settings(environ, tmp_path)


@pytest.fixture
async def door(slack: SlackStandin, settings: Settings, store: Store, clock: HandClock) -> AsyncIterator[Door]:
    slack.installs.redirect_uris.add(f"{PUBLIC}/slack/oauth_redirect")
    for team in ("T0ACME", "T0BETA"):
        slack.add_workspace(team, team[2:].title())
    books = SmallBooks()
    services = Services(
        settings, replace(a_store(books, SmallOutbox()), installations=store.installations), Reporting(books, books)
    )
    app = web.Application()
    app.add_routes(routes(services, clock))
    async with TestServer(app, host="127.0.0.1") as server:
        yield Door(slack, store, clock, str(server.make_url("/")))


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def test_a_workspace_that_consents_is_installed(door: Door, browser: aiohttp.ClientSession) -> None:
    status, words = await door.installed(browser)

    kept = await door.store.installations.of("T0ACME")
    assert (status, "Twotick is installed" in words, "Acme" in words) == (200, True, True)
    assert kept
    assert (kept.bot_token, kept.name, kept.installed_by) == (
        door.slack.installs.token_of(door.slack.others["T0ACME"]),
        "Acme",
        "U0ADMIN",
    )
    assert set(kept.scopes) == set(SLACK_SCOPES)


async def test_two_workspaces_have_a_token_each(door: Door, browser: aiohttp.ClientSession) -> None:
    await door.installed(browser, "T0ACME")
    await door.installed(browser, "T0BETA")

    tokens = {installation.bot_token for installation in await door.store.installations.all()}
    assert len(tokens) == 2


async def test_who_declines_installs_nothing(door: Door, browser: aiohttp.ClientSession) -> None:
    status, words = await door.installed(browser, deny=True)

    assert status == 400
    assert "You did not allow it. Nothing was stored." in words
    assert await door.store.installations.all() == ()


async def test_an_answer_is_good_once(door: Door, browser: aiohttp.ClientSession) -> None:
    back = door.slack.installs.consent(await door.leave(browser), door.slack.others["T0ACME"], "U0ADMIN")
    await door.come_back(browser, back)

    status, words = await door.come_back(browser, back)

    assert status == 400
    assert "was used before" in words
    assert await door.store.installations.of("T0ACME")


async def test_an_answer_that_took_too_long_installs_nothing(door: Door, browser: aiohttp.ClientSession) -> None:
    back = door.slack.installs.consent(await door.leave(browser), door.slack.others["T0ACME"], "U0ADMIN")
    door.clock.forward(minutes=10)

    status, words = await door.come_back(browser, back)

    assert (status, "longer than ten minutes" in words) == (400, True)
    assert await door.store.installations.all() == ()


async def test_an_answer_in_another_browser_installs_nothing_and_uses_nothing_up(
    door: Door, browser: aiohttp.ClientSession
) -> None:
    back = door.slack.installs.consent(await door.leave(browser), door.slack.others["T0ACME"], "U0ADMIN")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as another:
        await door.leave(another)
        stolen, _ = await door.come_back(another, back)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as unknown:
        bare, _ = await door.come_back(unknown, back)

    own, _ = await door.come_back(browser, back)

    assert (stolen, bare, own) == (400, 400, 200)


@pytest.mark.parametrize("query", ["", "?code=1", "?state=1&code=1", "?error=access_denied", "?state=%00&code=%00"])
async def test_an_invented_answer_is_refused_in_words(door: Door, browser: aiohttp.ClientSession, query: str) -> None:
    await door.leave(browser)

    status, words = await door.come_back(browser, f"{PUBLIC}/slack/oauth_redirect{query}")

    assert (status, "Nothing was installed" in words) == (400, True)
    assert "Start again" in words


async def test_an_invented_code_is_refused_in_words(door: Door, browser: aiohttp.ClientSession) -> None:
    back = door.slack.installs.consent(await door.leave(browser), door.slack.others["T0ACME"], "U0ADMIN")

    status, words = await door.come_back(browser, re.sub(r"code=[^&]+", "code=invented", back))

    assert (status, "does not know this answer" in words) == (400, True)


@pytest.mark.parametrize("fault", [ServerError(503), Says("internal_error"), RateLimited(3)])
async def test_a_slack_that_does_not_answer_is_said_in_words(
    door: Door, browser: aiohttp.ClientSession, fault: object
) -> None:
    door.slack.faults.next("oauth.v2.access", fault)

    status, words = await door.installed(browser)

    assert (status, "did not answer" in words, "Start again" in words) == (503, True, True)
    assert await door.store.installations.all() == ()


async def test_a_wrong_client_secret_is_for_the_operator(
    door: Door, browser: aiohttp.ClientSession, capsys: pytest.CaptureFixture[str]
) -> None:
    door.slack.installs.client_secret = "rotated"

    status, words = await door.installed(browser)

    assert (status, "operator" in words) == (400, True)
    assert "SLACK_CLIENT_SECRET" in capsys.readouterr().out


async def test_a_workspaces_name_is_no_markup(door: Door, browser: aiohttp.ClientSession) -> None:
    door.slack.others["T0ACME"].name = "<b>Acme</b>"
    link = await door.leave(browser)
    back = door.slack.installs.consent(link, door.slack.others["T0ACME"], "U0ADMIN")

    async with browser.get(door.url + back.removeprefix(PUBLIC + "/")) as page:
        assert "&lt;b&gt;Acme&lt;/b&gt;" in await page.text()


async def test_strangers_knock_only_so_often(door: Door, browser: aiohttp.ClientSession) -> None:
    statuses = []
    for _ in range(25):
        async with browser.get(f"{door.url}slack/install", allow_redirects=False) as answer:
            statuses.append(answer.status)

    assert (statuses[0], statuses[-1]) == (302, 429)


async def test_a_new_consent_without_an_end_keeps_the_token(door: Door, browser: aiohttp.ClientSession) -> None:
    await door.installed(browser)
    first = await door.store.installations.of("T0ACME")
    await door.installed(browser)

    assert first
    assert await door.store.installations.of("T0ACME") == first


def test_the_standins_consent_page_is_as_strict_as_slacks(slack: SlackStandin) -> None:
    with pytest.raises(WrongLink):
        slack.installs.consent("https://x/oauth/v2/authorize?client_id=1", slack.workspace, "U0ADMIN")


GRANTED = {
    "ok": True,
    "app_id": "A1",
    "authed_user": {"id": "U1"},
    "scope": "chat:write,commands",
    "token_type": "bot",
    "access_token": "xoxb-1",
    "bot_user_id": "U2",
    "team": {"id": "T1", "name": "Acme"},
    "enterprise": None,
    "is_enterprise_install": False,
}


def test_an_organisations_installation_names_no_workspace() -> None:
    granted = {**GRANTED, "team": None, "enterprise": {"id": "E1", "name": "Acme Group"}, "is_enterprise_install": True}

    kept = installation_of(granted, NOON)

    assert (kept.id, kept.org_wide, kept.team_id, kept.enterprise_id, kept.name) == ("E1", True, "", "E1", "Acme Group")


def test_a_workspaces_installation_keeps_its_organisation() -> None:
    kept = installation_of({**GRANTED, "enterprise": {"id": "E1", "name": "Acme Group"}}, NOON)

    assert (kept.id, kept.org_wide, kept.enterprise_id) == ("T1", False, "E1")


def test_tokens_that_rotate_are_kept_with_what_rotates_them() -> None:
    kept = installation_of({**GRANTED, "refresh_token": "xoxe-1", "expires_in": 43200}, NOON)

    assert (kept.refresh_token, kept.expires_at) == ("xoxe-1", after(hours=12))


@pytest.mark.parametrize("missing", ["access_token", "team", "token_type"])
def test_half_a_grant_is_refused(missing: str) -> None:
    with pytest.raises(Refused):
        installation_of({**GRANTED, missing: None}, NOON)


def test_tokens_do_not_print() -> None:
    kept: Installation = installation_of({**GRANTED, "refresh_token": "xoxe-secret"}, NOON)

    assert "xox" not in repr(kept)
