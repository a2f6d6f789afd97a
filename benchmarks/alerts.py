"""From a hit to the call to Slack, through real processes: how long it takes, and what waiting costs."""

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
from aiohttp import web

from benchmarks.efforts import Effort
from benchmarks.load import KEY
from benchmarks.processes import cpu_seconds, free_port
from benchmarks.targets import Finding, Section
from tests.makers import OUTLOOK, a_sent_copy, a_sent_message, an_account
from tests.standins.slack import SlackStandin
from tracker.clock import utc_now
from tracker.store.migrating import migrate
from tracker.store.opening import open_store
from tracker.tokens import Tokens

ROOT = Path(__file__).parent.parent
PEOPLE = 55  # at 50 alerts a second, each is spoken to every 1.1 s: Slack takes one message a second and channel
A_SECOND = 50
_ENCRYPTION_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
_WARM_UP = PEOPLE
_PATIENCE = 20.0
_P50_MS, _P99_MS, _IDLE_PER_CENT = 50.0, 200.0, 1.0


@dataclass(frozen=True, slots=True)
class Promptness:
    """Milliseconds from a fetch to Slack, how many came at all, and the share of a core that waiting takes."""

    alerts: int
    told: int
    p50: float
    p99: float
    worst: float
    idle_web: float
    idle_worker: float


def promptness(database_url: str | None, seconds: float, idle_seconds: float) -> Promptness:
    """Fetch 50 pixels a second of as many mails, with no settle delay; on SQLite when no database is named."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder), database_url, seconds, idle_seconds))


async def _measure(folder: Path, database_url: str | None, seconds: float, idle_seconds: float) -> Promptness:
    url = database_url or f"sqlite://{folder}/bench.sqlite3"
    await migrate(url)
    tokens = await _seeded(url, _WARM_UP + int(seconds * A_SECOND))
    async with _slack() as slack, _processes(folder, url, slack) as (port, web_pid, worker_pid):
        fetched = await _fetch(port, tokens)
        told = await _told(slack, len(tokens))
        idle = await _idle(idle_seconds, web_pid, worker_pid)
    delays = sorted((told[name] - at) * 1000 for name, at in list(fetched.items())[_WARM_UP:] if name in told)
    part = [delays[min(len(delays) - 1, int(len(delays) * share))] for share in (0.5, 0.99)]
    return Promptness(len(tokens) - _WARM_UP, len(delays), part[0], part[1], delays[-1], *idle)


async def _seeded(url: str, number: int) -> list[tuple[str, str]]:
    """So many sent mails, each person's in turn: subjects and tokens."""
    made: list[tuple[str, str]] = []
    tokens = Tokens([KEY])
    async with await open_store(url, [_ENCRYPTION_KEY]) as store:
        people = [await store.accounts.add(an_account(slack_user=f"U{n:08}"), "grant") for n in range(PEOPLE)]
        for place in range(number):
            sent_at = utc_now() - timedelta(hours=2)
            message = a_sent_message(
                account_id=people[place % PEOPLE].id, subject=f"Mail {place}", created_at=sent_at, sent_at=sent_at
            )
            copy = a_sent_copy(message_id=message.id, sent_at=sent_at, attempted_at=sent_at)
            await store.messages.begin(message, [copy])
            await store.messages.arm(copy)
            await store.messages.finish(message)
            made.append((message.subject, tokens.pixel(copy.id)))
    return made


class _Slack(SlackStandin):
    """Notes when each subject was first posted."""

    def __init__(self) -> None:
        super().__init__()
        self.said_at: dict[str, float] = {}
        for number in range(PEOPLE):
            self.add_user(f"U{number:08}", f"Person {number}")

    async def noted(self, request: web.Request) -> web.StreamResponse:
        now = time.perf_counter()
        response = await self._api(request)
        call = self.calls[-1]
        if call.method == "chat.postMessage":
            self.said_at.setdefault(str(call.arguments["text"]).partition('"')[2].partition('"')[0], now)
        self.calls.clear()
        return response


@contextlib.asynccontextmanager
async def _slack() -> AsyncIterator[_Slack]:
    standin = _Slack()
    app = web.Application()
    app.add_routes([web.post("/api/{method}", standin.noted)])
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    standin.own_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield standin
    await runner.cleanup()


@contextlib.asynccontextmanager
async def _processes(folder: Path, url: str, slack: _Slack) -> AsyncIterator[tuple[int, int, int]]:
    port = free_port()
    environ = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "ENCRYPTION_KEYS": _ENCRYPTION_KEY,
        "SECRET_KEY": KEY,
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SETTLE_SECONDS": "0",
        "TRUSTED_PROXIES": "127.0.0.0/8",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": f"{slack.own_url}api/",
    }
    with (folder / "log").open("ab") as log:
        started = [
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", name), cwd=ROOT, env=environ, stdout=log, stderr=log
            )
            for name in ("tracker", "bot")
        ]
        try:
            await _ready(port)
            yield port, started[0].pid, started[1].pid
        finally:
            for process in started:
                process.terminate()
            await asyncio.gather(*(process.wait() for process in started))


async def _ready(port: int) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(600):
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
    raise RuntimeError("the web process did not come up within a minute")


async def _fetch(port: int, tokens: list[tuple[str, str]]) -> dict[str, float]:
    """Fetch each pixel once, 50 a second, whatever the answers take; when each was fetched."""
    fetched: dict[str, float] = {}

    async def fetch(session: aiohttp.ClientSession, subject: str, token: str) -> None:
        fetched[subject] = time.perf_counter()
        number = len(fetched)
        reader = {"User-Agent": OUTLOOK, "X-Forwarded-For": f"90.{number // 250 % 250}.{number % 250}.7"}
        async with session.get(f"http://127.0.0.1:{port}/o/{token}.gif", headers=reader) as answer:
            await answer.read()

    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
        start = time.perf_counter()
        for place, (subject, token) in enumerate(tokens):
            await asyncio.sleep(max(0.0, start + place / A_SECOND - time.perf_counter()))
            tasks.create_task(fetch(session, subject, token))
    return fetched


async def _told(slack: _Slack, number: int) -> dict[str, float]:
    deadline = time.perf_counter() + _PATIENCE
    while len(slack.said_at) < number and time.perf_counter() < deadline:  # noqa: ASYNC110 - other processes tell it
        await asyncio.sleep(0.05)
    return slack.said_at


async def _idle(seconds: float, *pids: int) -> list[float]:
    """What share of a core each process takes while nothing happens."""
    await asyncio.sleep(2)
    before = [cpu_seconds(pid) for pid in pids]
    await asyncio.sleep(seconds)
    return [(cpu_seconds(pid) - was) / seconds for pid, was in zip(pids, before, strict=True)]


def section(effort: Effort) -> Section:
    """Target 3: how long a person waits for Slack after a mail was opened."""
    return _section(promptness(None, effort.alert_seconds, min(10.0, effort.alert_seconds)))


def _section(found: Promptness) -> Section:
    return Section(
        3,
        "From a hit to the call to Slack",
        [
            Finding("hit to Slack: p50", found.p50, _P50_MS, "ms", digits=0),
            Finding("hit to Slack: p99", found.p99, _P99_MS, "ms", digits=0),
            Finding("alerts never told", found.alerts - found.told, 0, digits=0),
            Finding("waiting, web process", found.idle_web * 100, _IDLE_PER_CENT, "% of a core"),
            Finding("waiting, worker", found.idle_worker * 100, _IDLE_PER_CENT, "% of a core"),
        ],
        told=[
            f"The web process and the worker on SQLite, settle delay 0: {found.alerts} alerts at {A_SECOND}/s over"
            f" {PEOPLE} people (Slack takes one message a second and channel); worst {found.worst:.0f} ms."
        ],
    )


def main(database_url: str | None = None) -> None:
    print("\n".join(_section(promptness(database_url, seconds=10, idle_seconds=10)).lines()))


if __name__ == "__main__":
    main(*sys.argv[1:2])
