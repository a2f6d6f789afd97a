"""A Slack to speak to, and a clock that moves when told."""

import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.slack import SlackDoor, open_slack
from tests.bot.books import HandClock
from tests.standins.slack import SlackStandin


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def slack(clock: HandClock) -> AsyncIterator[SlackStandin]:
    standin = SlackStandin(clock=clock)
    standin.add_user("U0SENDER", "Mara")
    app = web.Application()
    app.add_routes(standin.routes())
    async with TestServer(app, host="127.0.0.1") as server:
        standin.own_url = str(server.make_url("/"))
        yield standin


@pytest.fixture
async def door(slack: SlackStandin) -> AsyncIterator[SlackDoor]:
    async with open_slack(slack.bot_token, slack.own_url + "api/") as opened:
        yield opened


@pytest.fixture
def unused_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
