"""The way to Google's consent page and back, for the browser of whoever was invited in Slack."""

import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from html import escape
from urllib.parse import urlsplit

from aiohttp import web

from tracker.access import Profile
from tracker.connecting import CONSENT_WITHIN, INVITED_FOR, Answer, Connected, Connecting
from tracker.ports import Refused, TryLater
from tracker.web.guards import ClientAddress, IpNetwork, client_address
from tracker.web.pages import PRIVATE, page
from tracker.web.turnstile import Turnstile

COOKIE = "twotick_browser"
_BROWSER = re.compile(r"[\w-]{43}", re.ASCII)
_LETS = {
    Profile.SEND: "Twotick can send mail for you, and read nothing. For your drafts it needs more: /opens connect.",
    Profile.STANDARD: "Twotick can write and send your drafts, and read your mail to follow them.",
    Profile.FULL: "Twotick can write and send your drafts, read your mail to follow them, and move labels.",
}


def google_routes(
    connecting: Connecting,
    public_url: str,
    trusted_proxies: Sequence[IpNetwork] = (),
    turnstile: Turnstile | None = None,
) -> list[web.RouteDef]:
    """The two pages, for `build_app`. A HEAD must not use up a code."""
    pages = ConsentPages(connecting, public_url)
    guard = _guarded(turnstile or Turnstile(), client_address(trusted_proxies))
    return [
        web.get("/google/connect", guard(pages.leave), allow_head=False),
        web.get("/google/callback", guard(pages.come_back), allow_head=False),
    ]


class ConsentPages:
    """Answers `/google/connect` and `/google/callback`."""

    def __init__(self, connecting: Connecting, public_url: str) -> None:
        self._connecting = connecting
        address = urlsplit(public_url)
        self._path = address.path.rstrip("/") + "/google"
        self._secure = address.scheme == "https"

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Mark the browser, so that nobody else's can bring the answer, and send it to Google."""
        browser = _browser_of(request) or secrets.token_urlsafe(32)
        answer = web.Response(status=302, headers=PRIVATE)
        answer.headers["Location"] = self._connecting.begin(request.query.get("t", ""), browser)
        answer.set_cookie(
            COOKIE,
            browser,
            path=self._path,
            max_age=int((INVITED_FOR + CONSENT_WITHIN).total_seconds()),
            secure=self._secure,
            httponly=True,
            samesite="Lax",  # Google's page leads back here: Strict would keep the cookie at home
        )
        return answer

    async def come_back(self, request: web.Request) -> web.StreamResponse:
        """Connect what was consented to, and say so."""
        asked = request.query
        answer = Answer(asked.get("state", ""), asked.get("code", ""), asked.get("error", ""))
        return _connected_page(await self._connecting.finish(answer, _browser_of(request)))


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _guarded(turnstile: Turnstile, address_of: ClientAddress) -> Callable[[Handler], Handler]:
    """Refusals become pages in words, for a door that strangers may knock at only so often."""

    def guard(handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            if not turnstile.admits(address_of(request)):
                return _nothing_page("Too many visits from your network. Please wait a minute.", 429)
            try:
                return await handler(request)
            except Refused as refused:
                return _nothing_page(str(refused), 400)
            except TryLater as later:
                return _nothing_page(f"{later} In a minute, type /opens connect in Slack for a new link.", 503)

        return answer

    return guard


def _browser_of(request: web.Request) -> str:
    """The mark of ours that a browser carries; empty when it is none of ours."""
    mark = request.cookies.get(COOKIE, "")
    return mark if _BROWSER.fullmatch(mark) else ""


def _connected_page(connected: Connected) -> web.Response:
    account = connected.account
    return page(
        "Your mailbox is connected",
        f"<p><strong>{escape(account.email)}</strong> now belongs to the Slack member"
        f" <strong>{escape(account.slack_user)}</strong>. {_LETS[connected.profile]}</p>\n"
        "<p><strong>Next:</strong> close this page, go back to Slack and type <code>/opens</code>."
        " <code>/opens disconnect</code> undoes it all.</p>\n"
        "<p>You did not ask for this in Slack? Then somebody sent you their link: take the access back at"
        ' <a href="https://myaccount.google.com/connections">myaccount.google.com/connections</a>.</p>',
    )


def _nothing_page(why: str, status: int) -> web.Response:
    return page("Nothing was connected", f"<p>{escape(why)}</p>", status)
