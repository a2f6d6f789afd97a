"""The load that benchmarks make, against small servers of which everything is known."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from benchmarks.load import closed_loop, fetches
from benchmarks.open_loop import open_loop
from tracker.web.pixel import GIF

Handler = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def a_server(handler: Handler) -> AsyncIterator[int]:
    app = web.Application()
    app.add_routes([web.get("/{path:.*}", handler)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def test_an_open_loop_fetches_at_its_rate_however_long_answers_take() -> None:
    paths: list[str] = []

    async def slow(request: web.Request) -> web.Response:
        paths.append(request.path)
        await asyncio.sleep(0.2)
        return web.Response(body=GIF)

    async with a_server(slow) as port:
        measured = await open_loop(port, 500, 0.5, fetches(["/o/one.gif", "/o/two.gif"]))

    assert measured.hits == len(paths)
    assert 200 <= measured.hits <= 250  # 64 connections in turn would have made 160 at the most
    assert measured.unanswered == 0
    assert measured.percentile(0.5) >= 200
    assert set(paths) == {"/o/one.gif", "/o/two.gif"}


async def test_an_open_loop_counts_what_is_not_answered() -> None:
    asked = 0

    async def every_other(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(body=GIF, status=200 if asked % 2 else 500)

    async with a_server(every_other) as port:
        measured = await open_loop(port, 100, 0.3, fetches(["/o/one.gif"]))

    assert measured.hits + measured.unanswered == asked
    assert measured.hits > 0
    assert abs(measured.hits - measured.unanswered) <= 1


async def test_an_open_loop_ends_when_it_is_enough() -> None:
    async def pixel(_: web.Request) -> web.Response:
        return web.Response(body=GIF)

    enough = asyncio.Event()
    asyncio.get_running_loop().call_later(0.2, enough.set)

    async with a_server(pixel) as port, asyncio.timeout(10):
        measured = await open_loop(port, 100, 3600, fetches(["/o/one.gif"]), enough)

    assert 0 < measured.hits < 1000


async def test_a_closed_loop_keeps_every_connection_busy() -> None:
    at_once, most = 0, 0

    async def pixel(_: web.Request) -> web.Response:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.01)
        at_once -= 1
        return web.Response(body=GIF)

    async with a_server(pixel) as port:
        measured = await closed_loop(port, 8, 0.3, fetches(["/o/one.gif"]))

    assert most == 8
    assert measured.hits > 8
