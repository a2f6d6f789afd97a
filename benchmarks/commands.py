"""Target 6, in Slack: `/opens` is acknowledged and answered while pixels come in at 500 a second."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import uvloop
from aiohttp import web

from benchmarks.answers import QUESTIONS
from benchmarks.efforts import Effort
from benchmarks.generate import Size, copy_ids, generate, slack_user
from benchmarks.load import Measured, requests
from benchmarks.open_loop import open_loop
from benchmarks.pixels import on_the_load_core
from benchmarks.steady import RATE
from benchmarks.targets import Finding, Section
from benchmarks.web_process import web_process
from bot.signatures import signature
from tracker.clock import new_id
from tracker.slack_app import EVENTS_PATH

_SECRET = "a signing secret for benchmarks only"
_ACKNOWLEDGED_MS, _ANSWERED_MS = 100.0, 500.0
_PATIENCE = 10.0
_LOST = "a command was never answered"
_PAUSE = 0.1
_AT_MOST_SECONDS = 600.0
_HEAD = ("", "p50 ms", "p99 ms", "worst ms")


@dataclass(slots=True)
class _Slack:
    """Takes what comes in by response URLs, whose keys are those of the commands."""

    url: str = ""
    answered: dict[str, asyncio.Future[float]] = field(default_factory=dict)

    async def response(self, request: web.Request) -> web.Response:
        waiting = self.answered.get(request.match_info["key"])
        if waiting and not waiting.done():
            waiting.set_result(time.perf_counter())
        return web.json_response({"ok": True})

    async def api(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True, "user": {"id": slack_user(0), "tz": "UTC", "tz_offset": 0}})


def section(effort: Effort) -> Section:
    with tempfile.TemporaryDirectory(prefix="twotick-commands-") as name:
        folder = Path(name)
        url = f"sqlite://{folder}/commands.sqlite3"
        asyncio.run(generate(url, Size(effort.messages, effort.few_hits)))
        acknowledged, answered, pixels = uvloop.run(_measure(folder, url, effort))
    return Section(
        6,
        f"/opens while {RATE:.0f} pixels/s come in",
        [
            Finding(
                "/opens acknowledged: worst", _worst(acknowledged), _ACKNOWLEDGED_MS, "ms", why_not=_LOST, digits=0
            ),
            Finding("/opens answered: worst", _worst(answered), _ANSWERED_MS, "ms", why_not=_LOST, digits=0),
        ],
        [_HEAD, _row("acknowledged", acknowledged), _row("answered", answered), _row("pixels meanwhile", pixels)],
        [
            f"The whole web process on SQLite and one core, {effort.messages:,} messages and {effort.few_hits:,} hits"
            f" of one person; {answered.hits} commands of {len(QUESTIONS)} kinds one after the other,"
            f" {answered.unanswered} without an answer; {pixels.unanswered} pixels unanswered.",
        ],
    )


async def _measure(folder: Path, url: str, effort: Effort) -> tuple[Measured, Measured, Measured]:
    async with _slack() as slack:
        settings = {
            "SLACK_BOT_TOKEN": "xoxb-for-benchmarks",
            "SLACK_SIGNING_SECRET": _SECRET,
            "SLACK_API_URL": f"{slack.url}api/",
        }
        with web_process(folder, url, **settings) as running, on_the_load_core():
            source, enough = requests(copy_ids(effort.messages)[-5_000:]), asyncio.Event()
            pixels = asyncio.create_task(open_loop(running.port, RATE, _AT_MOST_SECONDS, source, enough))
            await asyncio.sleep(effort.seconds)
            acknowledged, answered = await _commands(running.port, slack, max(1, effort.asked // 4))
            enough.set()
            return acknowledged, answered, await pixels


@contextlib.asynccontextmanager
async def _slack() -> AsyncIterator[_Slack]:
    slack = _Slack()
    app = web.Application()
    app.add_routes([web.post("/response/{key}", slack.response), web.post("/api/{method}", slack.api)])
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield slack
    await runner.cleanup()


async def _commands(port: int, slack: _Slack, rounds: int) -> tuple[Measured, Measured]:
    """Type every question so many times: how long acknowledging took, and answering."""
    acknowledged: list[float] = []
    answered: list[float] = []
    began = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        for number, text in enumerate(QUESTIONS * rounds):
            key = str(number)
            slack.answered[key] = asyncio.get_running_loop().create_future()
            asked_at = time.perf_counter()
            await _type(session, f"http://127.0.0.1:{port}{EVENTS_PATH}", text, f"{slack.url}response/{key}")
            acknowledged.append(time.perf_counter() - asked_at)
            with contextlib.suppress(TimeoutError):
                answered.append(await asyncio.wait_for(slack.answered[key], _PATIENCE) - asked_at)
            await asyncio.sleep(_PAUSE)
    seconds, unanswered = time.perf_counter() - began, len(acknowledged) - len(answered)
    return (
        Measured(len(acknowledged), seconds, acknowledged),
        Measured(len(answered), seconds, answered, unanswered),
    )


async def _type(session: aiohttp.ClientSession, url: str, text: str, response_url: str) -> None:
    """Send a command as Slack does, signed. Raises RuntimeError when it is not acknowledged."""
    user = slack_user(0)
    who = {"user_id": user, "user_name": "person", "team_id": "T1", "channel_id": "D1", "channel_name": "directmessage"}
    form = {"command": "/opens", "text": text, "response_url": response_url, "trigger_id": f"1.2.{new_id()}", **who}
    body, now = urlencode(form).encode(), str(int(time.time()))
    signed = {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": signature(_SECRET, now, body)}
    headers = {"Content-Type": "application/x-www-form-urlencoded", **signed}
    async with session.post(url, data=body, headers=headers) as answer:
        if answer.status != 200:
            raise RuntimeError(f"/opens {text} was refused: {answer.status} {await answer.text()}")


def _worst(run: Measured) -> float | None:
    return run.percentile(1.0) if run.latencies and not run.unanswered else None


def _row(name: str, run: Measured) -> tuple[str, ...]:
    return (name, *(f"{run.percentile(share):.1f}" for share in (0.5, 0.99, 1.0)))
