"""The page's routes: what is shown, and what its buttons do."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.standins.mail_clients import MAIL_CLIENTS, MailClient
from tests.standins.mail_opening import Fetched, click_link, open_mail
from tests.standins.mail_reading import harmless
from tests.standins.page.view import Workbench, mail_facts, read_once, state
from tests.standins.page.writing import written_mail
from tests.standins.slack_blocks import elements_of
from tests.standins.slack_presses import chosen_value, presses_of
from tests.standins.terminal import as_typed, run

BENCH: web.AppKey[Workbench] = web.AppKey("bench", Workbench)
STATIC = Path(__file__).parent / "static"
_MAIL_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
_BEAT = 15.0

routes = web.RouteTableDef()


@routes.get("/")
async def page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


@routes.get("/page/state")
async def show(request: web.Request) -> web.Response:
    return web.json_response(state(request.app[BENCH]))


@routes.get("/page/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Tell the browser each new version of the state, as server-sent events."""
    changes, told = request.app[BENCH].changes, -1
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await stream.prepare(request)
    while not changes.closed:
        line = f"data: {changes.version}\n\n" if changes.version != told else ": still here\n\n"
        told = changes.version
        try:
            await stream.write(line.encode())
        except (ConnectionError, asyncio.CancelledError):
            break
        await changes.after(told, _BEAT)
    return stream


@routes.get("/page/mail/{box}/{id}")
async def mail_body(request: web.Request) -> web.Response:
    """A mail's HTML for the sandboxed frame: nothing in it runs, loads or leads anywhere."""
    html = harmless(read_once(_raw(request.app[BENCH], request.match_info)).html)
    style = "<style>html{font:15px/1.5 Arial,sans-serif;background:#fff;color:#222}body{margin:16px}</style>"
    return web.Response(
        text=f"<!doctype html><meta charset=utf-8>{style}{html}",
        content_type="text/html",
        headers={"Content-Security-Policy": _MAIL_POLICY},
    )


@routes.get("/page/facts/{box}/{id}")
async def facts(request: web.Request) -> web.Response:
    return web.json_response(mail_facts(read_once(_raw(request.app[BENCH], request.match_info))))


@routes.post("/page/drafts")
async def write(request: web.Request) -> web.Response:
    """Save what was composed, or a whole mail's source, as a draft."""
    bench, asked = request.app[BENCH], await _asked(request)
    gmail = _standin(bench.gmail)
    raw = _source(asked["source"]) if "source" in asked else _composed(bench, asked)
    return web.json_response({"id": gmail.save_draft(bench.sender, raw)})


@routes.post("/page/send")
async def send(request: web.Request) -> web.Response:
    """Run the command that sends a draft tracked, and show what it said."""
    bench, asked = request.app[BENCH], await _asked(request)
    draft_id = str(asked.get("draft"))
    if draft_id not in _standin(bench.gmail).mailboxes[bench.sender].drafts:
        raise web.HTTPNotFound(text="That draft is gone: it was sent or deleted.")
    command = bench.send_command(draft_id, asked)
    ran = await run(command)
    return web.json_response({"ok": ran.ok, "command": as_typed(command), "output": ran.output})


@routes.post("/page/open")
async def open_(request: web.Request) -> web.Response:
    bench, asked = request.app[BENCH], await _asked(request)
    raw = _raw(bench, asked)
    opened = await open_mail(raw, _client(asked))
    box, name = str(asked["box"]), str(asked["id"])
    if "UNREAD" in bench.gmail.mailboxes[box].messages[name].label_ids:
        bench.gmail.mark_read(box, name)
    return web.json_response({"says": opened.says, "why": _reasons(*opened.images, *opened.links)})


@routes.post("/page/click")
async def click(request: web.Request) -> web.Response:
    asked = await _asked(request)
    links = dict(enumerate(read_once(_raw(request.app[BENCH], asked)).links))
    link = links.get(asked["link"]) if isinstance(asked.get("link"), int) else None
    if link is None:
        raise web.HTTPNotFound(text="This mail has no such link.")
    fetched = await click_link(link.address, _client(asked).browser)
    says = f"Clicked: leads to {fetched.leads_to}" if fetched.leads_to else f"Clicked: answered {fetched.status}"
    return web.json_response({"says": says if fetched.status else "Not clicked", "why": _reasons(fetched)})


@routes.post("/page/slack/command")
async def command(request: web.Request) -> web.Response:
    bench, asked = request.app[BENCH], await _asked(request)
    name, _, words = str(asked.get("text", "")).strip().partition(" ")
    if name != "/opens":
        raise web.HTTPBadRequest(text="This bot takes no messages. Type a command: /opens, or /opens help.")
    await _standin(bench.slack).command(bench.slack_user, words.strip())
    return web.json_response({})


@routes.post("/page/slack/press")
async def press(request: web.Request) -> web.Response:
    bench, asked = request.app[BENCH], await _asked(request)
    ts, action, value = str(asked.get("ts")), str(asked.get("action")), asked.get("value")
    messages = _standin(bench.slack).dm_of(bench.slack_user)
    if not any(message["ts"] == ts and _offers(message, action, value) for message in messages):
        raise web.HTTPNotFound(text="That button is gone.")
    await bench.slack.press(bench.slack_user, ts, action, value)
    return web.json_response({})


def _offers(message: Mapping[str, Any], action: str, value: Any) -> bool:
    elements = (element for block in message["blocks"] for element in elements_of(block))
    presses = (press for element in elements if element.get("action_id") == action for press in presses_of(element))
    return any(value in (None, chosen_value(press)) for press in presses)


async def _asked(request: web.Request) -> Mapping[str, Any]:
    try:
        asked = await request.json()
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest(text="Expected a JSON object.")
    return asked


def _standin(standin: Any) -> Any:
    if standin is None:
        raise web.HTTPNotFound(text="Twotick uses the real service here, not a stand-in.")
    return standin


def _raw(bench: Workbench, asked: Mapping[str, Any]) -> bytes:
    box = _standin(bench.gmail).mailboxes.get(str(asked.get("box")))
    name = str(asked.get("id"))
    stored = box and box.messages.get(name)
    if not stored:
        raise web.HTTPNotFound(text="That mail is gone.")
    return bytes(stored.raw)


def _client(asked: Mapping[str, Any]) -> MailClient:
    client = MAIL_CLIENTS.get(str(asked.get("client")))
    if client is None:
        raise web.HTTPBadRequest(text="No such mail client.")
    return client


def _composed(bench: Workbench, asked: Mapping[str, Any]) -> bytes:
    sender = Address(bench.gmail.mailboxes[bench.sender].name, addr_spec=bench.sender)
    to, subject, body = (str(asked.get(name, "")) for name in ("to", "subject", "body"))
    try:
        return written_mail(sender, to, subject, body, datetime.now(UTC))
    except ValueError as wrong:
        raise web.HTTPBadRequest(text=str(wrong)) from None


def _source(text: Any) -> bytes:
    """A mail's source as the browser sends it: each character is one byte of the file."""
    try:
        raw = str(text).encode("latin-1")
    except UnicodeEncodeError:
        raw = str(text).encode()
    if not raw.strip():
        raise web.HTTPBadRequest(text="Paste the source of a mail, or choose an .eml file.")
    return raw


def _reasons(*fetched: Fetched) -> list[str]:
    return [f"{one.address}: {one.why_not}" for one in fetched if one.why_not]
