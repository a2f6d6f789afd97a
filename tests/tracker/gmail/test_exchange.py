"""One request over HTTP, as our client makes it."""

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from google.auth.aio.transport.aiohttp import Request

from tracker.gmail.auth import exchange


async def test_a_redirect_is_not_followed_for_it_may_lead_our_token_away() -> None:
    led_away: list[str] = []

    async def redirect(_: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    async def elsewhere(request: web.Request) -> web.Response:
        led_away.append(request.headers["Authorization"])
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/", redirect), web.post("/elsewhere", elsewhere)])
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        headers = {"Authorization": "Bearer a token"}

        answer = await exchange(Request(session), "POST", str(server.make_url("/")), b"{}", headers, 5)

    assert (answer.status, led_away) == (307, [])
