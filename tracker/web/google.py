"""The way to Google's consent page and back, for the browser of whoever was invited, or may come without a link."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from aiohttp import web

from tracker.connecting import CONSENT_WITHIN, INVITED_FOR, Answer, Connecting
from tracker.ports import Refused, TryLater
from tracker.web.google_pages import begin_page, connected_page, no_link_page, nothing_page
from tracker.web.guards import ClientAddress, IpNetwork, client_address
from tracker.web.pages import PRIVATE
from tracker.web.turnstile import Turnstile

COOKIE = "twotick_browser"
_BROWSER = re.compile(r"[\w-]{43}", re.ASCII)
_FORM_SECONDS = 10.0
_MOST_BYTES = 8 * 1024


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
        web.post("/google/connect", guard(pages.press)),
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
        """Send the browser with a link to Google; without one, show what there is to press, or how to get a link."""
        if "t" in request.query:
            return await self._left(request.query["t"], _browser_of(request) or _new_browser(), 302)
        if not self._connecting.domains:
            return no_link_page()
        browser = _browser_of(request) or _new_browser()
        return self._marked(begin_page(self._connecting.ticket(browser), self._connecting.domains), browser)

    async def press(self, request: web.Request) -> web.StreamResponse:
        """The button of our own page was pressed: no other page has a ticket for this browser."""
        browser = _browser_of(request)
        if not browser or not self._connecting.domains:
            raise Refused("This page was open too long, or your browser keeps no cookies. Load it again.")
        return await self._left(await _ticket_in(request), browser, 303)

    async def come_back(self, request: web.Request) -> web.StreamResponse:
        """Connect what was consented to, and say so."""
        asked = request.query
        answer = Answer(asked.get("state", ""), asked.get("code", ""), asked.get("error", ""))
        return connected_page(await self._connecting.finish(answer, _browser_of(request)))

    async def _left(self, token: str, browser: str, status: int) -> web.Response:
        answer = web.Response(status=status, headers=PRIVATE)
        answer.headers["Location"] = await self._connecting.begin(token, browser)
        return self._marked(answer, browser)

    def _marked(self, answer: web.Response, browser: str) -> web.Response:
        """Mark the browser, so that nobody else's can bring the answer."""
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


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _guarded(turnstile: Turnstile, address_of: ClientAddress) -> Callable[[Handler], Handler]:
    """Refusals become pages in words, for a door that strangers may knock at only so often."""

    def guard(handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            if not turnstile.admits(address_of(request)):
                return nothing_page("Too many visits from your network. Please wait a minute.", 429)
            try:
                return await handler(request)
            except Refused as refused:
                return nothing_page(str(refused), 400)
            except TryLater as later:
                return nothing_page(
                    f"{later} In a minute, begin again: type /opens connect in Slack for a new link.", 503
                )

        return answer

    return guard


def _browser_of(request: web.Request) -> str:
    """The mark of ours that a browser carries; empty when it is none of ours."""
    mark = request.cookies.get(COOKIE, "")
    return mark if _BROWSER.fullmatch(mark) else ""


def _new_browser() -> str:
    return secrets.token_urlsafe(32)


async def _ticket_in(request: web.Request) -> str:
    """The ticket that our page gave its button; empty in any other form."""
    if request.content_type != "application/x-www-form-urlencoded" or (request.content_length or 0) > _MOST_BYTES:
        return ""
    try:
        async with asyncio.timeout(_FORM_SECONDS):
            form = await request.post()
    except (TimeoutError, web.RequestPayloadError, ValueError):
        return ""
    return str(form.get("t", ""))
