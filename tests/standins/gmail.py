"""A strict local Gmail: its REST API and Google's token endpoint, for tests and for running without accounts."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.standins import gmail_post as post
from tests.standins.gmail_body import read_body
from tests.standins.gmail_discovery import Asked, asked, checked_body, checked_query
from tests.standins.gmail_errors import GoogleError, not_done
from tests.standins.gmail_faults import Faults, after_acting, before_acting
from tests.standins.gmail_mailbox import Mailbox, StoredMessage
from tests.standins.gmail_methods import METHODS, Call
from tests.standins.gmail_oauth import Grants
from tracker.clock import utc_now

__all__ = ["GmailStandin", "Mailbox", "ServedGmail", "StoredMessage", "start_gmail"]

_MADE_ON_ARRIVAL = (".example", "@example.com", "@example.net", "@example.org")
TOKEN_METHOD = "oauth2.token"


class GmailStandin:
    """Mailboxes that speak Gmail's API, as strict as the real one and never kinder.

    `calls` holds what was asked, in order, faults included. `keeps_message_ids`
    False makes sending replace every Message-ID; `search_lag` keeps young mails
    out of what `q` finds. `on_change` is called after anything kept has changed.
    """

    def __init__(self, clock: Callable[[], datetime] = utc_now, on_change: Callable[[], None] = lambda: None) -> None:
        self.clock = clock
        self.mailboxes: dict[str, Mailbox] = {}
        self.faults = Faults()
        self.calls: list[tuple[str, Any]] = []
        self.keeps_message_ids = True
        self.search_lag = timedelta(0)
        self._grants = Grants(clock)
        self._on_change = on_change

    @property
    def client_id(self) -> str:
        return self._grants.client_id

    @property
    def client_secret(self) -> str:
        return self._grants.client_secret

    def add_mailbox(self, email: str, name: str = "") -> str:
        """Open a mailbox, or take the one that is there, and grant access to it: a new refresh token each time."""
        email = email.lower()
        box = self.mailboxes.setdefault(email, Mailbox(email))
        box.name = name or box.name
        token = self._grants.grant(email)
        self._on_change()
        return token

    def revoke(self, email: str) -> None:
        """End every grant to this mailbox, at once."""
        self._grants.revoke(email.lower())
        self._on_change()

    def forget_access(self, email: str) -> None:
        """Make its present access tokens worthless; the grant stays."""
        self._grants.forget_access(email.lower())

    def save_draft(self, email: str, raw: bytes, thread_id: str | None = None) -> str:
        """Save a draft as if its owner composed it in Gmail; its id."""
        box = self.mailboxes[email.lower()]
        draft_id = box.put_draft(None, post.stored_as_draft(raw, box), thread_id, self.now_ms())
        self._on_change()
        return draft_id

    def send(self, email: str, raw: bytes, thread_id: str | None = None) -> StoredMessage:
        """Send a mail as its owner would from Gmail itself. Raises GoogleError where Gmail would refuse."""
        box = self.mailboxes[email.lower()]
        sent = post.send(self, box, raw, box.thread_for(raw, thread_id))
        self._on_change()
        return sent

    def delete_draft(self, email: str, draft_id: str) -> None:
        """Discard a draft as its owner would."""
        del self.mailboxes[email.lower()].drafts[draft_id]
        self._on_change()

    def mark_read(self, email: str, message_id: str) -> None:
        box = self.mailboxes[email.lower()]
        box.relabel(message_id, [label for label in box.messages[message_id].label_ids if label != "UNREAD"])
        self._on_change()

    def now_ms(self) -> int:
        return int(self.clock().timestamp() * 1000)

    def recipient_mailbox(self, address: str, name: str) -> Mailbox | None:
        """Where a mail to this address arrives; addresses made for examples always have a mailbox."""
        address = address.lower()
        if address not in self.mailboxes and address.endswith(_MADE_ON_ARRIVAL):
            self.mailboxes[address] = Mailbox(address, name)
        return self.mailboxes.get(address)

    def snapshot(self) -> dict[str, Any]:
        """Everything kept, as JSON; access tokens are not, as clients fetch new ones."""
        return {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_tokens": dict(self._grants.refresh_tokens),
            "mailboxes": [box.snapshot() for box in self.mailboxes.values()],
        }

    def restore(self, kept: dict[str, Any]) -> None:
        self._grants = Grants(self.clock, kept["client_id"], kept["client_secret"], dict(kept["refresh_tokens"]))
        self.mailboxes = {box["email"]: Mailbox.restored(box) for box in kept["mailboxes"]}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/token", self._token),
            web.route("*", "/gmail/v1/{rest:.*}", self._api),
            web.route("*", "/upload/gmail/v1/{rest:.*}", self._api),
        ]

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        self.calls.append((TOKEN_METHOD, {"grant_type": form.get("grant_type")}))
        fault = self.faults.take(TOKEN_METHOD)
        early = await before_acting(fault, request)
        return early or after_acting(fault, request, self._grants.answer({k: str(v) for k, v in form.items()}))

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
        box = self._mailbox(request, what.arguments["userId"])
        query = checked_query(what.method, request.query)
        body = checked_body(what.method, json_body) if json_body is not None or what.method.request else {}
        if what.method.id not in METHODS:
            raise not_done(what.method.id)
        lagging_ms = self.now_ms() - int(self.search_lag.total_seconds() * 1000)
        answer = METHODS[what.method.id](Call(self, box, what.arguments, query, body, media, self.clock(), lagging_ms))
        if request.method != "GET":
            self._on_change()
        return web.json_response(answer) if answer else web.Response(status=204)

    def _mailbox(self, request: web.Request, user_id: str) -> Mailbox:
        email = self._grants.owner(request.headers.get("Authorization", ""))
        if user_id != "me" and user_id.lower() != email:
            raise GoogleError(403, "forbidden", f"Delegation denied for {email}")
        return self.mailboxes[email]


@dataclass(frozen=True, slots=True)
class ServedGmail:
    """A stand-in that listens. `api_url` and `token_url` are what GOOGLE_API_URL and GOOGLE_TOKEN_URL take."""

    standin: GmailStandin
    api_url: str
    token_url: str


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
        await runner.cleanup()
