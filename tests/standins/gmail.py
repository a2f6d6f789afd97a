"""A strict local Gmail: its REST API and Google's token endpoint, for tests and for running without accounts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.standins.gmail_body import read_body
from tests.standins.gmail_call import Call
from tests.standins.gmail_delegation import BEARER
from tests.standins.gmail_discovery import Asked, asked, checked_body, checked_query
from tests.standins.gmail_doors import (
    AUTH_PATH,
    CERTS_METHOD,
    CERTS_PATH,
    REVOKE_METHOD,
    REVOKE_PATH,
    certificates,
    consent_page,
    decision,
)
from tests.standins.gmail_errors import GoogleError, not_done, outside_scope
from tests.standins.gmail_faults import after_acting, before_acting
from tests.standins.gmail_google import Google
from tests.standins.gmail_mailbox import Mailbox, StoredMessage
from tests.standins.gmail_methods import METHODS
from tests.standins.gmail_watch import Topic

__all__ = ["GmailStandin", "Mailbox", "ServedGmail", "StoredMessage", "Topic", "start_gmail"]

TOKEN_METHOD = "oauth2.token"


class GmailStandin(Google):
    """Mailboxes that speak Gmail's API over HTTP; what Google keeps, and how it may be set, is told by Google."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/token", self._token),
            web.post(REVOKE_PATH, self._revoke),
            web.get(AUTH_PATH, self._consent_page),
            web.post(AUTH_PATH, self._decision),
            web.get(CERTS_PATH, self._certificates),
            web.route("*", "/gmail/v1/{rest:.*}", self._api),
            web.route("*", "/upload/gmail/v1/{rest:.*}", self._api),
        ]

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        self.calls.append((TOKEN_METHOD, {"grant_type": form.get("grant_type")}))
        fault = self.faults.take(TOKEN_METHOD)
        if early := await before_acting(fault, request):
            return early
        answer = self._traded({k: str(v) for k, v in form.items()}, str(request.url))
        self._on_change()
        return after_acting(fault, request, answer)

    def _traded(self, form: dict[str, str], url: str) -> web.Response:
        if form.get("grant_type") == BEARER:
            return self.grants.by_assertion(form.get("assertion", ""), url, self.mailboxes)
        return self.grants.answer(form, self.keys[0])

    async def _revoke(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        self.calls.append((REVOKE_METHOD, None))
        fault = self.faults.take(REVOKE_METHOD)
        if early := await before_acting(fault, request):
            return early
        answer = self.grants.revocation(str(form.get("token") or request.query.get("token", "")))
        self._on_change()
        return after_acting(fault, request, answer)

    async def _consent_page(self, request: web.Request) -> web.StreamResponse:
        return consent_page(self, request)

    async def _decision(self, request: web.Request) -> web.StreamResponse:
        return await decision(self, request)

    async def _certificates(self, request: web.Request) -> web.StreamResponse:
        self.calls.append((CERTS_METHOD, None))
        fault = self.faults.take(CERTS_METHOD)
        early = await before_acting(fault, request)
        return early or after_acting(fault, request, certificates(self))

    async def _api(self, request: web.Request) -> web.StreamResponse:
        try:
            what = asked(request.method, request.path)
            json_body, media = await read_body(request, what.by_upload)
            self.calls.append((what.method.id, json_body))
            fault = self.faults.take(what.method.id)
            if early := await before_acting(fault, request):
                return early
            return after_acting(fault, request, self._act(what, request, json_body, media))
        except GoogleError as refusal:
            return refusal.answer()

    def _act(self, what: Asked, request: web.Request, json_body: Any, media: bytes | None) -> web.Response:
        box = self._mailbox(request, what)
        self.quota.charge(box.email, what.method.id, self.now_ms())
        self.deliver_late()
        query = checked_query(what.method, request.query)
        has_body = json_body is not None or what.method.request
        body = checked_body(what.method, json_body, media is not None) if has_body else {}
        if what.method.id not in METHODS:
            raise not_done(what.method.id)
        lagging_ms = self.now_ms() - int(self.search_lag.total_seconds() * 1000)
        answer = METHODS[what.method.id](Call(self, box, what.arguments, query, body, media, self.clock(), lagging_ms))
        if request.method != "GET":
            self.changed()
        return web.json_response(answer) if answer else web.Response(status=204)

    def _mailbox(self, request: web.Request, what: Asked) -> Mailbox:
        held = self.grants.holder(request.headers.get("Authorization", ""))
        usable = what.method.scopes & set(held.scopes)
        if not usable:
            raise outside_scope(what.method.scopes)
        self.check_lent(usable, what.arguments, request.query.get("format"), request.headers)
        if what.arguments["userId"] not in ("me", held.email):
            raise GoogleError(403, "forbidden", f"Delegation denied for {held.email}")
        return self.mailboxes[held.email]


@dataclass(frozen=True, slots=True)
class ServedGmail:
    """A stand-in that listens. `api_url` and `token_url` are what GOOGLE_API_URL and GOOGLE_TOKEN_URL take."""

    standin: GmailStandin
    api_url: str
    token_url: str

    @property
    def auth_url(self) -> str:
        return f"{self.api_url.rstrip('/')}{AUTH_PATH}"

    @property
    def certs_url(self) -> str:
        return f"{self.api_url.rstrip('/')}{CERTS_PATH}"


@asynccontextmanager
async def start_gmail(standin: GmailStandin | None = None) -> AsyncIterator[ServedGmail]:
    """Serve a stand-in on a free local port until the block ends."""
    standin = standin or GmailStandin()
    app = web.Application()
    app.add_routes(standin.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield ServedGmail(standin, root, root + "token")
    finally:
        await standin.close()
        await runner.cleanup()
