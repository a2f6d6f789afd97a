"""The stand-ins and their page as one web application, on one port of this computer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.standins.page.guard import guard, lock_down
from tests.standins.page.routes import BENCH, STATIC, routes
from tests.standins.page.view import Workbench

ADDRESS = "127.0.0.1"  # never another: whoever reaches this port reads every mailbox


def standins_app(bench: Workbench) -> web.Application:
    """Both stand-ins' routes and the page's, behind one guard."""
    app = web.Application(middlewares=[guard], client_max_size=40 * 1024 * 1024)
    app[BENCH] = bench
    for standin in (bench.gmail, bench.slack):
        if standin is not None:
            app.add_routes(standin.routes())
    app.add_routes(routes)
    app.router.add_static("/page/static/", STATIC)
    app.on_response_prepare.append(lock_down)
    return app


@asynccontextmanager
async def served(bench: Workbench, port: int) -> AsyncIterator[int]:
    """Serve until the block ends; the port. Raises OSError when it is taken."""
    runner = web.AppRunner(standins_app(bench), shutdown_timeout=1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, ADDRESS, port).start()
        yield runner.addresses[0][1]
    finally:
        bench.changes.close()
        if bench.gmail is not None:
            await bench.gmail.close()
        await runner.cleanup()
