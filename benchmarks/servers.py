"""The servers that are compared; prints its port: `python -m benchmarks.servers DESIGN URL [NATS_URL]`."""

import asyncio
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import uvloop
from aiohttp import web

from benchmarks.load import KEY
from benchmarks.naive import create_a_request
from tracker.model import Hit
from tracker.ports import Intake
from tracker.store.intake import open_intake
from tracker.store.intake_rows import row_of, text_of
from tracker.tokens import Tokens
from tracker.web.app import build_app
from tracker.web.pixel import GIF, HEADERS
from tracker.web.serving import serve


async def _bare(_: str, __: str) -> web.AppRunner:
    """What everything is measured against: a handler that answers the picture and does nothing else."""

    async def pixel(_: web.Request) -> web.Response:
        return web.Response(body=GIF, headers=HEADERS)

    return await _ordinary(pixel)


async def _tortoise(database_url: str, _: str) -> web.AppRunner:
    """What most would write: an ordinary handler that creates a row, and answers."""
    create = await create_a_request(database_url)

    async def pixel(request: web.Request) -> web.Response:
        await create(request)
        return web.Response(body=GIF, headers=HEADERS)

    return await _ordinary(pixel)


async def _ordinary(pixel: Callable[[web.Request], Awaitable[web.Response]]) -> web.AppRunner:
    app = web.Application()
    app.add_routes([web.get("/o/{token}.gif", pixel)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


async def _durable(database_url: str, nats_url: str) -> web.AppRunner:
    """Ours. With a stream, the URL names a file beside which hits wait while the stream is away."""
    spool = Path(urlsplit(database_url).path).with_suffix(".spool") if nats_url else None
    intake = await open_intake(database_url, nats_url, spool)
    return await serve(build_app(intake, Tokens([KEY])), "127.0.0.1", 0)


class OneByOne:
    """The design a first try arrives at: one durable transaction a hit. Only what a pixel asks of an intake."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE hits (id TEXT PRIMARY KEY, facts TEXT NOT NULL)")

    def append(self, hit: Hit) -> asyncio.Future[None]:
        self._connection.execute("INSERT INTO hits VALUES (?, ?)", (hit.id, text_of([row_of(hit)])))
        kept = asyncio.get_running_loop().create_future()
        kept.set_result(None)
        return kept


async def _naive(database_url: str, _: str) -> web.AppRunner:
    intake: Intake = OneByOne(urlsplit(database_url).path)  # type: ignore[assignment]
    return await serve(build_app(intake, Tokens([KEY])), "127.0.0.1", 0)


DESIGNS = {"bare": _bare, "bare-uvloop": _bare, "durable": _durable, "naive": _naive, "tortoise": _tortoise}


async def _main(design: str, database_url: str, nats_url: str = "") -> None:
    runner = await DESIGNS[design](database_url, nats_url)
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    # `web.run_app` gives a handler the standard loop; ours installs uvloop, which is a part of the design.
    run = asyncio.run if sys.argv[1] in ("bare", "tortoise") else uvloop.run
    run(_main(*sys.argv[1:]))
