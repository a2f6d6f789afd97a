"""The two pages by which workspaces install us: to Slack's consent page, and back from it."""

import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from html import escape
from urllib.parse import quote, urlsplit

from aiohttp import web

from bot.installing import CONSENT_WITHIN, Answer, Installing
from tracker.ports import Refused, TryLater
from tracker.slack_app import REDIRECT_PATH
from tracker.web.guards import ClientAddress, IpNetwork, client_address
from tracker.web.pages import PRIVATE, page
from tracker.web.turnstile import Turnstile
from tracker.workspaces import Installation

COOKIE = "twotick_installing"
INSTALL_PATH = "/slack/install"
_BROWSER = re.compile(r"[\w-]{43}", re.ASCII)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def install_routes(
    installing: Installing,
    public_url: str,
    trusted_proxies: Sequence[IpNetwork] = (),
    turnstile: Turnstile | None = None,
) -> list[web.RouteDef]:
    """The pages' routes. A HEAD must not use up a code."""
    pages = InstallPages(installing, public_url, turnstile or Turnstile(), client_address(trusted_proxies))
    return [
        web.get(INSTALL_PATH, pages.guarded(pages.leave), allow_head=False),
        web.get(REDIRECT_PATH, pages.guarded(pages.come_back), allow_head=False),
    ]


class InstallPages:
    def __init__(
        self, installing: Installing, public_url: str, turnstile: Turnstile, address_of: ClientAddress
    ) -> None:
        self._installing = installing
        self._turnstile = turnstile
        self._address_of = address_of
        address = urlsplit(public_url)
        self._base = address.path.rstrip("/")
        self._secure = address.scheme == "https"

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Mark the browser, so that nobody else's can bring the answer, and send it to Slack."""
        browser = _browser_of(request) or secrets.token_urlsafe(32)
        answer = web.Response(status=302, headers=PRIVATE)
        answer.headers["Location"] = await self._installing.begin(browser)
        answer.set_cookie(
            COOKIE,
            browser,
            path=f"{self._base}/slack",
            max_age=2 * int(CONSENT_WITHIN.total_seconds()),
            secure=self._secure,
            httponly=True,
            samesite="Lax",  # Slack's page leads back here: Strict would keep the cookie at home
        )
        return answer

    async def come_back(self, request: web.Request) -> web.StreamResponse:
        """Keep what was granted, and say so."""
        asked = request.query
        answer = Answer(asked.get("state", ""), asked.get("code", ""), asked.get("error", ""))
        return _installed_page(await self._installing.finish(answer, _browser_of(request)))

    def guarded(self, handler: Handler) -> Handler:
        """Refusals become pages in words, for a door that strangers may knock at only so often."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if not self._turnstile.admits(self._address_of(request)):
                return self._nothing_page("Too many visits from your network. Please wait a minute.", 429)
            try:
                return await handler(request)
            except Refused as refused:
                return self._nothing_page(str(refused), 400)
            except TryLater:
                return self._nothing_page("Slack or our database did not answer. Please wait a minute.", 503)

        return answer

    def _nothing_page(self, why: str, status: int) -> web.Response:
        again = f'<p><a href="{escape(self._base + INSTALL_PATH)}">Start again</a></p>'
        return page("Nothing was installed", f"<p>{escape(why)}</p>\n{again}", status)


def _browser_of(request: web.Request) -> str:
    """The mark of ours that a browser carries; empty when it is none of ours."""
    mark = request.cookies.get(COOKIE, "")
    return mark if _BROWSER.fullmatch(mark) else ""


def _installed_page(installation: Installation) -> web.Response:
    where = "organisation" if installation.org_wide else "workspace"
    app, team = quote(installation.app_id, safe=""), quote(installation.team_id, safe="")
    href = f"https://slack.com/app_redirect?app={app}" + (f"&amp;team={team}" if team else "")
    return page(
        "Twotick is installed",
        f"<p>It can now speak in the Slack {where} <strong>{escape(installation.name)}</strong>:"
        " in direct messages, to the people who ask it to.</p>\n"
        "<p><strong>Next:</strong> everybody who wants to know who reads their mail types"
        " <code>/opens connect</code> in Slack.</p>\n"
        f'<p><a href="{href}">Open it in Slack</a></p>',
    )
