"""The same listeners over both transports: signed requests to an address, and Slack's web socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.app import Listeners, slack_app
from bot.commands import Commands
from bot.door import routes
from bot.events import Events
from bot.happenings import Happening
from bot.hearing import Hearing
from bot.signatures import signature
from bot.slack import answer_privately, socket_address, web_client
from bot.socket_mode import SocketMode
from tests.bot.books import HandClock, SmallBooks, SmallHeard, SmallInstallations, SmallOutbox, a_report, a_store
from tests.makers import a_summary, after, an_account
from tests.standins.slack import SlackStandin
from tests.standins.slack_faults import RateLimited, Says, ServerError
from tests.standins.slack_words import words_of
from tracker.doors import Services
from tracker.ports import TryLater
from tracker.reporting import Reporting
from tracker.setting_values import Secret
from tracker.settings import load_settings

MARA = an_account(email="mara@studio.example", slack_user="U0SENDER")
THRICE = a_summary(opens=3, first_open_at=after(hours=2), last_open_at=after(hours=3), last_client="Outlook on Windows")
OPENED_HOME = {"type": "app_home_opened", "user": "U0SENDER", "tab": "home"}


async def until(so: object, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not so():  # type: ignore[operator]  # noqa: ASYNC110
            await asyncio.sleep(0.005)


class Bot:
    """A bot over one transport, what it was told, and what keeps it from being told."""

    def __init__(self, slack: SlackStandin, clock: HandClock, heard: SmallHeard | None = None) -> None:
        self.told: list[Happening] = []
        self.ended: list[Happening] = []
        self.refuses = 0
        self.books = SmallBooks(accounts=[MARA], told=[a_report(account=MARA, subject="Lunch", summaries=[THRICE])])
        self.heard = heard or SmallHeard()
        commands = Commands(self.books, Reporting(self.books, self.books), clock)
        hearing = Hearing(self.heard, SmallInstallations(), clock)
        listeners = Listeners(
            commands,
            {},
            answer_privately,
            hearing.is_news,
            {"app_home_opened": self._tell},
            {"app_uninstalled": self._end},
        )
        self.app = slack_app(web_client(slack.bot_token, slack.own_url + "api/"), listeners)

    async def _tell(self, happening: Happening) -> None:
        self.told.append(happening)

    async def _end(self, happening: Happening) -> None:
        if self.refuses:
            self.refuses -= 1
            raise TryLater("the database is away")
        self.ended.append(happening)


@asynccontextmanager
async def over_socket(slack: SlackStandin, bot: Bot, silence: float = 2.0) -> AsyncIterator[asyncio.Task[None]]:
    slack.over_socket, slack.sockets.clock = True, slack.workspace._clock
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0.01)

    address = partial(socket_address, slack.sockets.app_token, slack.own_url + "api/")
    running = asyncio.create_task(SocketMode(address, bot.app, silence, sleep).run())
    running.pauses = pauses  # type: ignore[attr-defined]
    try:
        yield running
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await slack.sockets.close()


@asynccontextmanager
async def over_http(slack: SlackStandin, bot: Bot, clock: HandClock) -> AsyncIterator[None]:
    app = web.Application()
    app.add_routes([web.post("/slack/events", Events(Secret(slack.signing_secret), bot.app, clock).handle)])
    async with TestServer(app, host="127.0.0.1") as server:
        slack.app_url_events = str(server.make_url("/slack/events"))
        yield


@pytest.fixture
def bot(slack: SlackStandin, clock: HandClock) -> Bot:
    slack.telling.retries = (0.0, 0.01, 0.01)
    return Bot(slack, clock)


@pytest.fixture(params=["http", "socket"])
async def heard_by(
    slack: SlackStandin, bot: Bot, clock: HandClock, request: pytest.FixtureRequest
) -> AsyncIterator[Bot]:
    """A bot that Slack reaches, once by each transport."""
    opened = over_http(slack, bot, clock) if request.param == "http" else over_socket(slack, bot)
    async with opened:
        if request.param == "socket":
            await until(lambda: slack.sockets.greeted)
        yield bot


async def test_opens_is_answered(slack: SlackStandin, heard_by: Bot) -> None:
    assert "3 opens" in await slack.says("/opens lunch")


async def test_help_is_answered(slack: SlackStandin, heard_by: Bot) -> None:
    assert "What you can ask" in await slack.says("/opens help")


async def test_a_button_is_acknowledged(slack: SlackStandin, heard_by: Bot) -> None:
    (told,) = await slack.command("U0SENDER", "lunch")

    assert await slack.press("U0SENDER", told["ts"], "gmail") == []


async def test_an_event_is_told_to_whoever_is_in_the_table(slack: SlackStandin, heard_by: Bot) -> None:
    assert await slack.telling.tell(slack.workspace, OPENED_HOME)

    await until(lambda: heard_by.told)
    (told,) = heard_by.told
    assert (told.kind, told.team, told.user, told.event["tab"]) == (
        "app_home_opened",
        slack.team_id,
        "U0SENDER",
        "home",
    )


async def test_an_event_that_nobody_listens_to_is_acknowledged(slack: SlackStandin, heard_by: Bot) -> None:
    assert await slack.telling.tell(slack.workspace, {"type": "team_rename", "name": "New"})

    assert len(slack.telling.told) == 1
    assert heard_by.told == []


async def test_an_event_that_slack_tells_again_is_told_once(slack: SlackStandin, heard_by: Bot) -> None:
    body = slack.telling.body_of(slack.workspace, OPENED_HOME, "A0TWOTICK")

    for number in (0, 1, 2):
        assert await slack._deliver(body, {"retry_attempt": number, "retry_reason": "timeout"} if number else {})
    await asyncio.sleep(0.02)

    assert len(heard_by.told) == 1


async def test_an_end_that_could_not_be_kept_is_not_acknowledged_and_told_again(
    slack: SlackStandin, heard_by: Bot
) -> None:
    heard_by.refuses, slack.ack_seconds = 2, 0.5

    assert await slack.telling.tell(slack.workspace, {"type": "app_uninstalled"})

    assert len(heard_by.ended) == 1


async def test_what_another_process_answered_is_not_answered_again(
    slack: SlackStandin, heard_by: Bot, clock: HandClock
) -> None:
    """Two processes share what was heard; each has a memory of its own."""
    here = Bot(slack, clock, heard_by.heard)
    body = slack.telling.body_of(slack.workspace, OPENED_HOME, "A0TWOTICK")
    await slack._deliver(body, {})
    await until(lambda: heard_by.told)

    slack.over_socket = False
    async with over_http(slack, here, clock):
        assert await slack._deliver(body, {})
        await asyncio.sleep(0.02)

    assert here.told == []


async def test_a_recorded_command_played_again_is_not_answered_again(
    slack: SlackStandin, bot: Bot, clock: HandClock
) -> None:
    key = slack.workspace.new_response_url(slack.workspace.dm("U0SENDER"))
    asked = {"command": "/opens", "text": "lunch", "team_id": slack.team_id, "user_id": "U0SENDER"}
    asked |= {"trigger_id": "1.2.3", "response_url": f"{slack.own_url}response/{key}"}
    body = urlencode(asked).encode()
    timestamp = str(int(clock().timestamp()))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": timestamp}
    headers |= {"X-Slack-Signature": signature(slack.signing_secret, timestamp, body)}

    async with over_http(slack, bot, clock), aiohttp.ClientSession() as session:
        statuses = []
        for _ in range(3):
            async with session.post(slack.app_url_events, data=body, headers=headers) as answer:
                statuses.append((answer.status, await answer.text()))
        first = await slack.private_answers(key)
        again = await slack.private_answers(key, wait=0.1)

    assert statuses == [(200, "")] * 3
    assert "3 opens" in words_of(first[0])
    assert again == []


class Away(SmallHeard):
    async def first(self, name: str, now: object) -> bool:
        raise TryLater("away")


async def test_while_nobody_knows_what_was_heard_people_are_answered(slack: SlackStandin, clock: HandClock) -> None:
    bot = Bot(slack, clock, Away())

    async with over_http(slack, bot, clock):
        assert "3 opens" in await slack.says("/opens lunch")


async def test_while_nobody_knows_what_was_heard_a_process_knows_what_it_heard_itself(
    slack: SlackStandin, clock: HandClock
) -> None:
    bot = Bot(slack, clock, Away())
    body = slack.telling.body_of(slack.workspace, OPENED_HOME, "A0TWOTICK")

    async with over_http(slack, bot, clock):
        for _ in range(3):
            await slack._deliver(body, {})
        await asyncio.sleep(0.02)

    assert len(bot.told) == 1


class Slow(SmallHeard):
    async def first(self, name: str, now: object) -> bool:
        await asyncio.sleep(30)
        return True


async def test_the_acknowledgement_waits_for_no_book(slack: SlackStandin, clock: HandClock) -> None:
    bot = Bot(slack, clock, Slow())
    async with over_http(slack, bot, clock):
        began = asyncio.get_running_loop().time()
        await slack.command("U0SENDER", "lunch", wait=0)

        assert asyncio.get_running_loop().time() - began < 0.1


@pytest.mark.parametrize("answers_pings", [False, True])
async def test_a_socket_that_dies_silently_is_replaced_and_what_slack_tells_again_arrives(
    slack: SlackStandin, bot: Bot, answers_pings: bool
) -> None:
    slack.ack_seconds = 0.3
    slack.telling.retries = (0.3, 0.3, 0.3)
    async with over_socket(slack, bot, silence=0.3):
        await until(lambda: slack.sockets.greeted == 1)
        slack.sockets.die_silently(answers_pings=answers_pings)

        assert await slack.telling.tell(slack.workspace, OPENED_HOME)
        await until(lambda: bot.told)

    assert slack.sockets.greeted == 2
    assert len(bot.told) == 1


async def test_a_living_socket_on_which_nothing_happens_is_kept(slack: SlackStandin, bot: Bot) -> None:
    async with over_socket(slack, bot, silence=0.3):
        await asyncio.sleep(1.0)

        assert slack.sockets.greeted == 1


async def test_a_socket_is_renewed_when_slack_asks_and_there_is_always_one(slack: SlackStandin, bot: Bot) -> None:
    async with over_socket(slack, bot):
        await until(lambda: slack.sockets.greeted == 1)
        renewing = asyncio.create_task(slack.sockets.renew())

        while not renewing.done():
            assert "3 opens" in await slack.says("/opens lunch")
        await until(lambda: len(slack.sockets.open) == 1)

    assert slack.sockets.greeted == 2


async def test_a_socket_that_slack_closes_is_replaced(slack: SlackStandin, bot: Bot) -> None:
    async with over_socket(slack, bot):
        await until(lambda: slack.sockets.greeted == 1)
        await slack.sockets.close()
        await until(lambda: slack.sockets.greeted == 2)

        assert "3 opens" in await slack.says("/opens lunch")


@pytest.mark.parametrize(
    ("fault", "pause"), [(Says("internal_error"), 1.0), (ServerError(503), 1.0), (RateLimited(7), 7.0)]
)
async def test_a_slack_that_gives_no_socket_is_asked_again(
    slack: SlackStandin, bot: Bot, fault: object, pause: float
) -> None:
    slack.faults.next("apps.connections.open", fault)

    async with over_socket(slack, bot) as running:
        await until(lambda: slack.sockets.greeted)

    assert running.pauses == [pause]  # type: ignore[attr-defined]


async def test_a_wrong_app_token_is_said_with_its_name_and_asked_again_in_a_minute(
    slack: SlackStandin, bot: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    right, slack.sockets.app_token = slack.sockets.app_token, "xapp-another"
    address = partial(socket_address, right, slack.own_url + "api/")
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        slack.sockets.app_token = right
        await asyncio.sleep(0)

    running = asyncio.create_task(SocketMode(address, bot.app, 2.0, sleep).run())
    await until(lambda: slack.sockets.greeted)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running

    assert slept == [60.0]
    assert "SLACK_APP_TOKEN" in capsys.readouterr().out


async def test_a_socket_that_opens_without_hello_is_given_up(slack: SlackStandin, bot: Bot) -> None:
    slack.sockets.mute, slack.sockets.ping_seconds = True, 30.0
    async with over_socket(slack, bot, silence=0.1) as running:
        await until(lambda: running.pauses)  # type: ignore[attr-defined]
        slack.sockets.mute, slack.sockets.ping_seconds = False, 0.02
        await until(lambda: slack.sockets.greeted)

        assert "3 opens" in await slack.says("/opens lunch")


@pytest.mark.parametrize("text", ["", "nothing", "[]", '{"type": 3}', '{"envelope_id": "e", "type": "odd"}'])
async def test_rubbish_over_the_socket_does_no_harm(slack: SlackStandin, bot: Bot, text: str) -> None:
    async with over_socket(slack, bot):
        await until(lambda: slack.sockets.open)
        await slack.sockets.open[0].ws.send_str(text)

        assert "3 opens" in await slack.says("/opens lunch")


@pytest.mark.parametrize(
    ("environ", "listening", "beside"),
    [
        ({"SLACK_SIGNING_SECRET": "s"}, ["/slack/events"], 0),
        ({"SLACK_APP_TOKEN": "xapp-1"}, [], 1),
        ({"SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s"}, ["/slack/events"], 1),
    ],
)
def test_the_settings_decide_by_which_ways_slack_reaches_us(
    tmp_path: Path, environ: dict[str, str], listening: list[str], beside: int
) -> None:
    books = SmallBooks()
    settings = load_settings({"SLACK_BOT_TOKEN": "xoxb-1", **environ}, tmp_path)
    services = Services(settings, a_store(books, SmallOutbox()), Reporting(books, books))

    found = routes(services)

    assert [route.path for route in found if route.path != "/slack/setup"] == listening
    assert len(services.beside) == beside


async def test_slacks_challenge_is_answered_with_it(slack: SlackStandin, bot: Bot, clock: HandClock) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "t"}).encode()
    timestamp = str(int(clock().timestamp()))
    headers = {"Content-Type": "application/json", "X-Slack-Request-Timestamp": timestamp}
    headers |= {"X-Slack-Signature": signature(slack.signing_secret, timestamp, body)}

    async with (
        over_http(slack, bot, clock),
        aiohttp.ClientSession() as session,
        session.post(slack.app_url_events, data=body, headers=headers) as answer,
    ):
        assert "3eZbrw1a" in await answer.text()
