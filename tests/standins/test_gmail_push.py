"""Being told of changes by the Gmail stand-in: signed, again until taken, and no longer than seven days."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from google.auth import jwt

from tests.makers import NOON
from tests.standins.gmail import GmailStandin, Topic
from tests.standins.gmail_caller import SENDER, Caller, a_mail, calling

TOPIC = "projects/twotick-test/topics/gmail"
PUSHER = "push@twotick-test.iam.gserviceaccount.com"


@dataclass
class Endpoint:
    """Takes pushes; `answers` are the statuses to give before 204."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def news(self) -> list[dict[str, Any]]:
        return [json.loads(base64.b64decode(body["message"]["data"])) for _, body in self.heard]

    async def take(self, request: web.Request) -> web.Response:
        self.heard.append((request.headers["Authorization"], await request.json()))
        return web.Response(status=self.answers.pop(0) if self.answers else 204)


@asynccontextmanager
async def listening() -> AsyncIterator[Endpoint]:
    endpoint = Endpoint()
    app = web.Application()
    app.router.add_post("/push", endpoint.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    endpoint.url = f"http://127.0.0.1:{runner.addresses[0][1]}/push"
    yield endpoint
    await runner.cleanup()


async def _watch(gmail: Caller, **changes: Any) -> int:
    said = await gmail.post("watch", {"topicName": TOPIC, "labelIds": ["SENT"], **changes})
    return said.status


async def test_watching_tells_at_once_and_then_of_each_change_under_the_labels():
    standin = GmailStandin()
    async with listening() as endpoint, calling(standin) as gmail:
        standin.add_topic(Topic(TOPIC, endpoint.url, endpoint.url, PUSHER))
        await _watch(gmail)
        standin.save_draft(SENDER, a_mail())
        standin.send(SENDER, a_mail())
        await standin.pushing.delivered()

    assert [news["emailAddress"] for news in endpoint.news] == [SENDER, SENDER]
    assert max(news["historyId"] for news in endpoint.news) == standin.mailboxes[SENDER].history_id


async def test_a_push_carries_a_token_for_exactly_this_endpoint():
    standin = GmailStandin()
    async with listening() as endpoint, calling(standin) as gmail:
        standin.add_topic(Topic(TOPIC, endpoint.url, "the audience", PUSHER))
        await _watch(gmail)
        await standin.pushing.delivered()

    ((authorization, body),) = endpoint.heard
    claims = jwt.decode(authorization.removeprefix("Bearer "), verify=False)
    assert (claims["aud"], claims["email"], claims["email_verified"]) == ("the audience", PUSHER, True)
    assert body["subscription"] == "projects/twotick-test/subscriptions/gmail-push"


async def test_a_push_that_is_not_taken_comes_again_as_the_same_message():
    standin = GmailStandin()
    async with listening() as endpoint, calling(standin) as gmail:
        endpoint.answers = [500, 302, 401]
        standin.add_topic(Topic(TOPIC, endpoint.url, endpoint.url, PUSHER))
        await _watch(gmail)
        await standin.pushing.delivered()

    assert len({body["message"]["messageId"] for _, body in endpoint.heard}) == 1
    assert len(endpoint.heard) == 4


@pytest.mark.parametrize("ended", ["by time", "by stop"])
async def test_an_ended_watch_is_silent(ended: str):
    times = [NOON]
    standin = GmailStandin(clock=lambda: times[-1])
    async with listening() as endpoint, calling(standin) as gmail:
        standin.add_topic(Topic(TOPIC, endpoint.url, endpoint.url, PUSHER))
        await _watch(gmail)
        if ended == "by stop":
            await gmail.post("stop", None)
        else:
            times.append(NOON + timedelta(days=7))
        standin.send(SENDER, a_mail())
        await standin.pushing.delivered()

    assert len(endpoint.heard) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"topicName": "gmail"}, 400),
        ({"topicName": "projects/twotick-test/topics/other"}, 404),
        ({"labelFilterBehavior": "INCLUDE"}, 400),
        ({"labelIds": ["Label_1"]}, 400),
        ({}, 200),
    ],
)
async def test_a_watch_with_one_flaw_is_refused(change: dict[str, Any], status: int):
    standin = GmailStandin()
    async with listening() as endpoint, calling(standin) as gmail:
        standin.add_topic(Topic(TOPIC, endpoint.url, endpoint.url, PUSHER))

        assert await _watch(gmail, **change) == status


async def test_a_watch_survives_a_restart():
    standin, again = GmailStandin(), GmailStandin()
    async with listening() as endpoint, calling(standin) as gmail:
        standin.add_topic(Topic(TOPIC, endpoint.url, endpoint.url, PUSHER))
        await _watch(gmail)
        await standin.pushing.delivered()
        again.restore(json.loads(json.dumps(standin.snapshot())))
        again.send(SENDER, a_mail())
        await again.pushing.delivered()

    assert len(endpoint.heard) == 2


async def test_a_closed_stand_in_stops_trying():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        standin.add_topic(Topic(TOPIC, "http://127.0.0.1:9/nobody", "a", PUSHER))
        await _watch(gmail)
        await asyncio.sleep(0)

    await asyncio.wait_for(standin.pushing.delivered(), 1)
    assert standin.pushing.taken == []
