"""The page on a free port, for tests: over the real Gmail stand-in, and a DM that holds what a test puts there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import aiohttp
from aiohttp import web

from tests.standins.gmail import GmailStandin
from tests.standins.page.changes import Changes
from tests.standins.page.view import Workbench
from tests.standins.seeds import SENDER, SENDER_NAME, SLACK_USER
from tests.standins.serving import served

ADA = "ada@acme.example"


@dataclass
class ScriptedDm:
    """A DM that shows `messages` and remembers what was typed and pressed."""

    changes: Changes
    messages: list[dict[str, Any]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    pressed: list[tuple[str, str, str | None]] = field(default_factory=list)

    def routes(self) -> list[web.RouteDef]:
        return []

    def dm_of(self, _user: str) -> list[dict[str, Any]]:
        return self.messages

    async def command(self, _user: str, text: str) -> None:
        self.typed.append(text)

    async def press(self, _user: str, ts: str, action_id: str, value: str | None = None) -> None:
        self.pressed.append((ts, action_id, value))

    def says(self, text: str, blocks: list[dict[str, Any]] | None = None, **more: Any) -> None:
        """Post a message into the DM."""
        ts = f"{1793620800 + len(self.messages)}.000100"
        self.messages.append(
            {"ts": ts, "text": text, "blocks": blocks or [], "edited": False, "ephemeral": False, **more}
        )
        self.changes.happened()


@dataclass(frozen=True, slots=True)
class Page:
    """The page as a browser reaches it, with the browser's own headers."""

    url: str
    gmail: GmailStandin
    dm: ScriptedDm
    session: aiohttp.ClientSession

    async def state(self) -> dict[str, Any]:
        async with self.session.get(self.url + "page/state") as answer:
            return dict(await answer.json())

    async def post(self, path: str, asked: Any, **headers: str) -> tuple[int, Any]:
        headers = {"Origin": self.url.rstrip("/"), **headers}
        async with self.session.post(self.url + path, json=asked, headers=headers) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await (answer.json() if is_json else answer.text())

    def delivered(self, mail: bytes) -> dict[str, str]:
        """Send a mail from the sender; where Ada finds it, as the page asks for it."""
        self.gmail.send(SENDER, mail)
        return {"box": ADA, "id": list(self.gmail.mailboxes[ADA].messages)[-1]}


@asynccontextmanager
async def a_page(*command: str, real: tuple[str, ...] = ()) -> AsyncIterator[Page]:
    """Serve the page; `command` stands in the place of the console script, `real` services have no stand-in."""
    changes = Changes()
    gmail, dm = GmailStandin(on_change=changes.happened), ScriptedDm(changes)
    gmail.add_mailbox(ADA, "Ada Lovelace")
    gmail.add_mailbox(SENDER, SENDER_NAME)
    shown = ("gmail" not in real and gmail) or None, ("slack" not in real and dm) or None
    bench = Workbench(*shown, SENDER, SLACK_USER, command or ("true",), changes)
    async with served(bench, 0) as port, aiohttp.ClientSession() as session:
        yield Page(f"http://127.0.0.1:{port}/", gmail, dm, session)


def html_mail(html: str, subject: str = "Q3 proposal") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{SENDER_NAME} <{SENDER}>", f"Ada Lovelace <{ADA}>", subject
    mail.set_content("plain words")
    mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


@dataclass
class Tracker:
    """A web server on this computer that remembers each fetch, and redirects under /c/."""

    url: str = ""
    fetches: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.fetches.append((request.path, {name.lower(): value for name, value in request.headers.items()}))
        if request.path.startswith("/c/"):
            return web.Response(status=302, headers={"Location": "https://acme.example/q3"})
        return web.Response(body=b"GIF89a", content_type="image/gif")


@asynccontextmanager
async def a_tracker() -> AsyncIterator[Tracker]:
    tracker = Tracker()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", tracker.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    tracker.url = f"http://localhost:{runner.addresses[0][1]}/"
    try:
        yield tracker
    finally:
        await runner.cleanup()
