"""The stand-in is as strict as Slack: what it would let through by kindness would be a bug in production."""

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.signatures import is_from_slack
from tests.bot.books import HandClock
from tests.standins.slack import SlackStandin
from tests.standins.slack_faults import Dropped, RateLimited, ServerError

BLOCKS = [
    {
        "type": "actions",
        "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"}],
    }
]


class App:
    """Somebody's app: remembers what it was sent, and answers as told."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answer = web.Response()
        self.delay = 0.0

    async def handle(self, request: web.Request) -> web.Response:
        self.heard.append((dict(request.headers), await request.read()))
        await asyncio.sleep(self.delay)
        return self.answer

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.heard[-1][1].decode()).items()}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
async def slack(clock: HandClock, app: App) -> AsyncIterator[SlackStandin]:
    standin = SlackStandin(clock=clock)
    standin.add_user("U0SENDER", "Mara", "mara@studio.example")
    server_app = web.Application()
    server_app.add_routes([*standin.routes(), web.post("/slack/events", app.handle)])
    async with TestServer(server_app, host="127.0.0.1") as server:
        standin.own_url = str(server.make_url("/"))
        standin.app_url_events = str(server.make_url("/slack/events"))
        yield standin


async def call(slack: SlackStandin, method: str, token: str | None = "", **arguments) -> dict:
    given = slack.bot_token if token == "" else token
    headers = {"Authorization": f"Bearer {given}"} if given else {}
    url = f"{slack.own_url}api/{method}"
    async with aiohttp.ClientSession(headers=headers) as session, session.post(url, json=arguments) as answer:
        return await answer.json()


async def call_by_form(slack: SlackStandin, method: str, **form: str) -> dict:
    url = f"{slack.own_url}api/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
        return await answer.json()


async def a_dm(slack: SlackStandin) -> str:
    return (await call(slack, "conversations.open", users="U0SENDER"))["channel"]["id"]


async def test_no_token_is_not_authed(slack: SlackStandin) -> None:
    assert (await call(slack, "auth.test", token=None))["error"] == "not_authed"


async def test_an_unknown_token_is_invalid(slack: SlackStandin) -> None:
    assert (await call(slack, "auth.test", token="xoxb-other"))["error"] == "invalid_auth"


async def test_a_token_in_a_form_will_do(slack: SlackStandin) -> None:
    assert (await call_by_form(slack, "auth.test", token=slack.bot_token))["ok"]


async def test_blocks_in_a_form_come_as_json(slack: SlackStandin) -> None:
    form = {"token": slack.bot_token, "channel": await a_dm(slack), "text": "x", "blocks": json.dumps(BLOCKS)}

    assert (await call_by_form(slack, "chat.postMessage", **form))["ok"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
async def test_a_body_that_is_no_json_object_is_refused(slack: SlackStandin, body: bytes) -> None:
    url, headers = f"{slack.own_url}api/auth.test", {"Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session, session.post(url, data=body) as answer:
        assert (await answer.json())["error"] == "invalid_json"


async def test_a_stand_in_without_addresses_says_what_is_missing() -> None:
    standin = SlackStandin()
    standin.add_user("U0SENDER", "Mara")

    with pytest.raises(RuntimeError, match="own_url"):
        await standin.says("/opens")


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.dance", {}, "unknown_method"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.history", {}, "invalid_arguments"),
        ("conversations.history", {"channel": "D0NONE"}, "channel_not_found"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "D0NONE", "text": "x"}, "channel_not_found"),
        ("chat.update", {"channel": "D0NONE", "ts": "1.2", "text": "x"}, "channel_not_found"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
    ],
)
async def test_each_refusal_has_slacks_code(slack: SlackStandin, method: str, arguments: dict, error: str) -> None:
    assert (await call(slack, method, **arguments))["error"] == error


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [{"type": "banner"}]}, "invalid_blocks"),
        ({"text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "t", "event_payload": {"a": "x" * 9000}}}, "metadata_too_large"),
    ],
)
async def test_content_that_slack_does_not_take(slack: SlackStandin, content: dict, error: str) -> None:
    assert (await call(slack, "chat.postMessage", channel=await a_dm(slack), **content))["error"] == error


async def test_wrong_blocks_are_named(slack: SlackStandin) -> None:
    answer = await call(slack, "chat.postMessage", channel=await a_dm(slack), text="x", blocks=[{"type": "banner"}])

    assert answer["response_metadata"]["messages"] == ["[ERROR] unsupported type: banner [json-pointer:/blocks/0/type]"]


@pytest.mark.parametrize(
    ("method", "scope", "arguments"),
    [
        ("conversations.open", "im:write", {"users": "U0SENDER"}),
        ("conversations.history", "im:history", {"channel": "D1"}),
        ("chat.postMessage", "chat:write", {"channel": "D1", "text": "x"}),
    ],
)
async def test_a_scope_that_was_not_granted_is_missing(
    slack: SlackStandin, method: str, scope: str, arguments: dict
) -> None:
    slack.workspace.scopes = slack.workspace.scopes - {scope}

    answer = await call(slack, method, **arguments)

    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)


async def test_an_update_needs_a_message(slack: SlackStandin) -> None:
    answer = await call(slack, "chat.update", channel=await a_dm(slack), ts="1.000000", text="x")

    assert answer["error"] == "message_not_found"


async def test_an_update_keeps_the_metadata_that_it_does_not_mention(slack: SlackStandin) -> None:
    channel, metadata = await a_dm(slack), {"event_type": "t", "event_payload": {"topic": "m"}}
    posted = await call(slack, "chat.postMessage", channel=channel, text="x", metadata=metadata)

    await call(slack, "chat.update", channel=channel, ts=posted["ts"], text="y")

    (message,) = slack.dm_of("U0SENDER")
    assert (message["text"], message["metadata"]) == ("y", metadata)


async def test_history_shows_metadata_only_when_asked(slack: SlackStandin) -> None:
    channel, metadata = await a_dm(slack), {"event_type": "t", "event_payload": {}}
    await call(slack, "chat.postMessage", channel=channel, text="x", metadata=metadata)

    plain = await call(slack, "conversations.history", channel=channel)
    whole = await call(slack, "conversations.history", channel=channel, include_all_metadata=True)

    assert "metadata" not in plain["messages"][0]
    assert whole["messages"][0]["metadata"] == metadata


async def test_history_comes_newest_first_in_pages(slack: SlackStandin) -> None:
    channel = await a_dm(slack)
    for number in range(5):
        await call(slack, "chat.postMessage", channel=channel, text=str(number))

    first = await call(slack, "conversations.history", channel=channel, limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    second = await call(slack, "conversations.history", channel=channel, limit=3, cursor=cursor)

    assert [m["text"] for m in first["messages"] + second["messages"]] == ["4", "3", "2", "1", "0"]


async def test_more_than_one_message_a_second_is_too_fast(slack: SlackStandin, clock: HandClock) -> None:
    slack.rate_limits, channel = True, await a_dm(slack)

    first = await call(slack, "chat.postMessage", channel=channel, text="x")
    second = await call(slack, "chat.postMessage", channel=channel, text="x")
    clock.forward(seconds=1)
    third = await call(slack, "chat.postMessage", channel=channel, text="x")

    assert (first["ok"], second.get("error"), third["ok"]) == (True, "ratelimited", True)


async def test_a_pause_comes_with_its_length(slack: SlackStandin) -> None:
    slack.faults.next("auth.test", RateLimited(9))
    async with aiohttp.ClientSession() as session, session.post(f"{slack.own_url}api/auth.test") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "9")


async def test_an_error_of_the_server_has_no_body(slack: SlackStandin) -> None:
    slack.faults.next("auth.test", ServerError(503))
    async with aiohttp.ClientSession() as session, session.post(f"{slack.own_url}api/auth.test") as answer:
        assert (answer.status, await answer.read()) == (503, b"")


@pytest.mark.parametrize(("acting", "there"), [(True, 1), (False, 0)])
async def test_a_connection_dies_after_or_before_acting(slack: SlackStandin, acting: bool, there: int) -> None:
    channel = await a_dm(slack)
    slack.faults.next("chat.postMessage", Dropped(acting=acting))

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await call(slack, "chat.postMessage", channel=channel, text="x")

    assert len(slack.dm_of("U0SENDER")) == there


async def test_a_command_is_signed_as_slack_signs(slack: SlackStandin, app: App, clock: HandClock) -> None:
    app.answer = web.Response(text="hello")

    await slack.command("U0SENDER", "lunch & more")

    headers, body = app.heard[0]
    assert is_from_slack(slack.signing_secret, headers, body, clock().timestamp())
    assert (app.form["command"], app.form["text"], app.form["user_id"]) == ("/opens", "lunch & more", "U0SENDER")


async def test_words_in_the_acknowledgement_are_the_answer(slack: SlackStandin, app: App) -> None:
    app.answer = web.Response(text="hello")

    assert await slack.says("/opens") == "hello"


async def test_an_app_that_does_not_answer_in_time_fails(slack: SlackStandin, app: App) -> None:
    app.delay, slack.ack_seconds = 0.3, 0.1

    assert "operation_timeout" in await slack.says("/opens")


async def test_an_app_that_fails_shows_slacks_words(slack: SlackStandin, app: App) -> None:
    app.answer = web.Response(status=500)

    assert await slack.says("/opens") == '/opens failed with the error "dispatch_failed"'


async def respond(slack: SlackStandin, app: App, **content) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(app.form["response_url"], json=content) as answer:
        return answer.status, await answer.text()


async def test_a_response_url_answers_five_times(slack: SlackStandin, app: App) -> None:
    await slack.command("U0SENDER", "", wait=0)

    answers = [await respond(slack, app, text=str(number)) for number in range(6)]

    assert answers == [(200, "ok")] * 5 + [(404, "used_url")]
    assert all(message["ephemeral"] for message in slack.dm_of("U0SENDER"))


async def test_a_press_can_be_answered_in_place_of_the_message_that_was_pressed(slack: SlackStandin, app: App) -> None:
    message = slack.workspace.post(slack.workspace.dm("U1"), {"text": "Go?", "blocks": BLOCKS}, ephemeral=True)
    await slack.press("U1", message["ts"], "go", wait=0)
    replacing = {"text": "Gone", "replace_original": True}
    url = json.loads(app.form["payload"])["response_url"]

    async with aiohttp.ClientSession() as session, session.post(url, json=replacing) as answer:
        assert answer.status == 200

    assert [(one["ts"], one["text"]) for one in slack.dm_of("U1")] == [(message["ts"], "Gone")]


async def test_a_command_has_nothing_to_replace(slack: SlackStandin, app: App) -> None:
    await slack.command("U0SENDER", "", wait=0)

    assert await respond(slack, app, text="Hello", replace_original=True) == (400, "no_original")


async def test_a_response_url_lasts_thirty_minutes(slack: SlackStandin, app: App, clock: HandClock) -> None:
    await slack.command("U0SENDER", "", wait=0)
    clock.forward(minutes=31)

    assert (await respond(slack, app, text="x"))[0] == 404


async def test_a_response_url_refuses_wrong_blocks(slack: SlackStandin, app: App) -> None:
    await slack.command("U0SENDER", "", wait=0)

    assert await respond(slack, app, text="x", blocks=[{"type": "banner"}]) == (400, "invalid_blocks")


async def test_a_press_names_the_button_the_message_and_the_presser(slack: SlackStandin, app: App) -> None:
    posted = await call(slack, "chat.postMessage", channel=await a_dm(slack), text="x", blocks=BLOCKS)

    await slack.press("U0SENDER", posted["ts"], "go", wait=0)

    payload = json.loads(app.form["payload"])
    assert payload["type"] == "block_actions"
    assert (payload["user"]["id"], payload["container"]["message_ts"]) == ("U0SENDER", posted["ts"])
    assert payload["actions"][0]["action_id"] == "go"


async def test_private_answers_are_not_in_the_history(slack: SlackStandin, app: App) -> None:
    app.answer = web.Response(text="hello")
    await slack.command("U0SENDER", "")

    assert (await call(slack, "conversations.history", channel=await a_dm(slack)))["messages"] == []


async def test_what_was_said_outlives_the_process(slack: SlackStandin) -> None:
    await call(slack, "chat.postMessage", channel=await a_dm(slack), text="x")
    kept = json.loads(json.dumps(slack.snapshot()))

    again = SlackStandin()
    again.restore(kept)

    assert again.dm_of("U0SENDER") == slack.dm_of("U0SENDER")
