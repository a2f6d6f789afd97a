"""Slack's requests, from the wire to the private answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.async_app import AsyncApp

from bot.app import Listeners, slack_app
from bot.commands import Commands
from bot.door import routes
from bot.events import Events
from bot.signatures import signature
from bot.slack import answer_privately, web_client
from tests.bot.books import HandClock, SmallBooks, SmallOutbox, a_report, a_store
from tests.makers import a_judged, a_summary, after, an_account
from tests.standins.slack import SlackStandin
from tests.standins.slack_words import words_of
from tracker.doors import Services
from tracker.reporting import Reporting
from tracker.setting_values import Secret
from tracker.settings import Settings, load_settings

MARA = an_account(email="mara@studio.example", slack_user="U0SENDER")
THRICE = a_summary(opens=3, first_open_at=after(hours=2), last_open_at=after(hours=3), last_client="Outlook on Windows")


@pytest.fixture
def books() -> SmallBooks:
    return SmallBooks(accounts=[MARA], told=[a_report(account=MARA, subject="Lunch", summaries=[THRICE])])


@pytest.fixture
def settings(slack: SlackStandin, tmp_path: Path) -> Settings:
    environ = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.own_url + "api/",
    }
    return load_settings(environ, tmp_path)


@pytest.fixture
async def events(slack: SlackStandin, settings: Settings, books: SmallBooks, clock: HandClock) -> AsyncIterator[str]:
    store = a_store(books, SmallOutbox())
    app = web.Application()
    app.add_routes(routes(Services(settings, store, Reporting(books, books)), clock))
    async with TestServer(app, host="127.0.0.1") as server:
        slack.app_url_events = str(server.make_url("/slack/events"))
        yield slack.app_url_events


async def send(url: str, body: bytes, headers: dict[str, str]) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as response:
        return response.status


def signed(slack: SlackStandin, clock: HandClock, body: bytes, kind: str) -> dict[str, str]:
    timestamp = str(int(clock().timestamp()))
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(slack.signing_secret, timestamp, body),
    }


async def test_opens_names_who_and_how_often(slack: SlackStandin, events: str) -> None:
    assert "3 opens" in await slack.says("/opens lunch")


async def test_every_answer_is_for_the_asker_alone(slack: SlackStandin, events: str) -> None:
    (answer,) = await slack.command("U0SENDER", "")

    assert answer["ephemeral"]


async def test_help_is_answered(slack: SlackStandin, events: str) -> None:
    assert "What you can ask" in await slack.says("/opens help")


async def test_the_timeline_button_answers_with_the_timeline(
    slack: SlackStandin, events: str, books: SmallBooks
) -> None:
    books.hits[books.told[0].copies[0].id] = [a_judged()]
    books.told.append(a_report(account=MARA, subject="Dinner", created_at=after(-60)))
    (listed,) = await slack.command("U0SENDER", "")

    (answer,) = await slack.press("U0SENDER", listed["ts"], "timeline")

    assert "Opened · Nov 2, 2026 at 12:05 UTC\nOutlook on Windows" in words_of(answer)


async def test_a_choice_from_the_menu_of_a_hit_that_is_gone_is_answered(
    slack: SlackStandin, events: str, books: SmallBooks
) -> None:
    judged = a_judged()
    books.hits[books.told[0].copies[0].id] = [judged]
    (told,) = await slack.command("U0SENDER", "lunch")

    (answer,) = await slack.press("U0SENDER", told["ts"], "correct", f"scanner:{judged.hit.id}")

    assert "not known any more" in words_of(answer)


async def test_a_button_that_opens_a_page_is_acknowledged(slack: SlackStandin, events: str) -> None:
    (told,) = await slack.command("U0SENDER", "lunch")

    assert await slack.press("U0SENDER", told["ts"], "gmail") == []


async def test_an_answer_that_takes_longer_than_slack_waits_still_arrives(
    slack: SlackStandin, events: str, books: SmallBooks
) -> None:
    slow = asyncio.Event()

    async def of_slack_user(team: str, user: str) -> list:
        await slow.wait()
        return [MARA]

    books.of_slack_user = of_slack_user  # a book of our own, not a patched module
    asking = asyncio.create_task(slack.command("U0SENDER", "lunch"))
    await asyncio.sleep(0.1)
    slow.set()

    assert "3 opens" in words_of((await asking)[0])


async def test_a_fault_of_ours_is_told_in_words(slack: SlackStandin, events: str, books: SmallBooks) -> None:
    books.told = [replace(books.told[0], copies=())]

    assert await slack.says("/opens lunch") == (
        "Something went wrong on our side.\nPlease ask again in a minute. Nothing was lost."
    )


@pytest.mark.parametrize("text", ["x" * 10_000, "\0\u202e", "<!channel>", '"', "%s {} \\ ' --"])
async def test_rubbish_is_answered(slack: SlackStandin, events: str, text: str) -> None:
    answer = await slack.says(f"/opens {text}")

    assert any(words in answer for words in ("Nothing matches", "Lunch", "/opens help shows what works"))


async def test_what_slack_did_not_sign_is_not_read(slack: SlackStandin, events: str, clock: HandClock) -> None:
    body = urlencode({"command": "/opens", "text": ""}).encode()
    headers = signed(slack, clock, body + b"x", "application/x-www-form-urlencoded")

    assert await send(events, body, headers) == 401


async def test_a_recorded_request_is_refused_after_five_minutes(
    slack: SlackStandin, events: str, clock: HandClock
) -> None:
    body = urlencode({"command": "/opens", "text": ""}).encode()
    headers = signed(slack, clock, body, "application/x-www-form-urlencoded")
    clock.forward(seconds=301)

    assert await send(events, body, headers) == 401


async def test_a_body_of_megabytes_is_refused(slack: SlackStandin, events: str, clock: HandClock) -> None:
    body = b"x" * 600_000

    assert await send(events, body, signed(slack, clock, body, "text/plain")) == 413


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def test_a_body_that_does_not_tell_its_length_is_no_longer_for_it(
    slack: SlackStandin, events: str, clock: HandClock
) -> None:
    body = b"x" * 600_000
    headers = signed(slack, clock, body, "text/plain")

    async with aiohttp.ClientSession() as session, session.post(events, data=in_pieces(body), headers=headers) as said:
        assert said.status == 413


async def test_a_body_that_cannot_be_unpacked_is_the_senders_fault(events: str) -> None:
    headers = {"Content-Encoding": "gzip"}

    assert await send(events, b"no gzip at all, and long enough", headers) == 400


def a_bolt_app(slack: SlackStandin, clock: HandClock) -> AsyncApp:
    commands = Commands(SmallBooks(), Reporting(SmallBooks(), SmallBooks()), clock)
    return slack_app(web_client("xoxb-1", slack.own_url), Listeners(commands, {}, answer_privately))


async def test_a_body_that_trickles_is_not_waited_for(slack: SlackStandin, clock: HandClock) -> None:
    impatient = Events(Secret("secret"), a_bolt_app(slack, clock), clock, 0.05)
    app = web.Application()
    app.add_routes([web.post("/slack/events", impatient.handle)])

    async with TestServer(app, host="127.0.0.1") as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nx")
        async with asyncio.timeout(5):
            answer = await reader.readline()
        writer.close()

    assert answer == b"HTTP/1.1 408 Request Timeout\r\n"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"payload=%7B", b"{", b"payload=[]", b"", b"payload=%7B%7D"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
async def test_what_cannot_be_read_is_refused_without_a_trace(
    slack: SlackStandin, events: str, clock: HandClock, body: bytes, kind: str
) -> None:
    assert await send(events, body, signed(slack, clock, body, kind)) in (400, 404)


async def test_a_command_without_its_asker_is_acknowledged_all_the_same(
    slack: SlackStandin, events: str, clock: HandClock
) -> None:
    body = urlencode({"command": "/opens", "response_url": slack.own_url + "response/none"}).encode()

    assert await send(events, body, signed(slack, clock, body, "application/x-www-form-urlencoded")) == 200


async def test_a_press_from_an_app_of_a_whole_organisation_is_answered(
    slack: SlackStandin, events: str, clock: HandClock, books: SmallBooks
) -> None:
    key = slack.workspace.new_response_url(slack.workspace.dm("U0SENDER"))
    press = {
        "type": "block_actions",
        "team": None,
        "enterprise": {"id": "E1"},
        "is_enterprise_install": True,
        "user": {"id": "U0SENDER", "team_id": slack.team_id},
        "actions": [{"type": "button", "action_id": "timeline", "value": books.told[0].message.id, "block_id": "b"}],
        "response_url": f"{slack.own_url}response/{key}",
    }
    body = urlencode({"payload": json.dumps(press)}).encode()

    status = await send(events, body, signed(slack, clock, body, "application/x-www-form-urlencoded"))

    assert status == 200
    assert "Lunch" in words_of((await slack.private_answers(key))[0])


async def test_slacks_challenge_is_met(slack: SlackStandin, events: str, clock: HandClock) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c", "token": "t"}).encode()

    assert await send(events, body, signed(slack, clock, body, "application/json")) == 200


async def test_an_unknown_command_of_somebody_elses_is_not_ours(slack: SlackStandin, events: str) -> None:
    (answer,) = await slack.command("U0SENDER", "", command="/other")

    assert "dispatch_failed" in answer["text"]


async def test_without_slack_nothing_is_served_but_how_to_set_it_up(tmp_path: Path, books: SmallBooks) -> None:
    settings = load_settings({}, tmp_path)

    served = routes(Services(settings, a_store(books, SmallOutbox()), Reporting(books, books)))

    assert [getattr(route, "path", "") for route in served] == ["/slack/setup"]
