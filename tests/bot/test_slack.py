from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.blocks import Card, section
from bot.ports import CardGone, CardRefused, NoAnswer, NobodyThere, NotAllowed, NotReached, TooFast
from bot.slack import SlackDoor, answer_privately, open_slack
from tests.standins.slack import SlackStandin
from tests.standins.slack_faults import Dropped, RateLimited, Says, ServerError

CARD = Card("Ada opened it", (section("*Ada* opened it"),))


async def test_what_is_posted_stands_in_the_dm(slack: SlackStandin, door: SlackDoor) -> None:
    channel = await door.dm_with("U0SENDER")
    ts = await door.post(channel, CARD, "m1")

    (message,) = slack.dm_of("U0SENDER")
    assert (message["ts"], message["text"]) == (ts, "Ada opened it")


async def test_nothing_in_a_post_is_unfurled_or_parsed(slack: SlackStandin, door: SlackDoor) -> None:
    await door.post(await door.dm_with("U0SENDER"), CARD, "m1")

    asked = slack.calls[-1].arguments
    assert (asked["unfurl_links"], asked["unfurl_media"], asked["parse"]) == (False, False, "none")


async def test_an_update_changes_the_message_in_its_place(slack: SlackStandin, door: SlackDoor) -> None:
    channel = await door.dm_with("U0SENDER")
    ts = await door.post(channel, CARD, "m1")

    await door.update(channel, ts, Card("Again"), "m1")

    (message,) = slack.dm_of("U0SENDER")
    assert (message["text"], message["blocks"], bool(message["edited"])) == ("Again", [], True)


async def test_a_message_is_found_by_its_mark_among_hundreds(slack: SlackStandin, door: SlackDoor) -> None:
    channel = await door.dm_with("U0SENDER")
    ts = await door.post(channel, CARD, "m1")
    for number in range(450):
        slack.workspace.post(channel, {"text": str(number), "blocks": []})

    assert await door.find(channel, "m1", since=0) == ts


async def test_what_was_never_said_is_not_found(door: SlackDoor) -> None:
    assert await door.find(await door.dm_with("U0SENDER"), "m1", since=0) is None


async def test_a_dm_is_opened_once(slack: SlackStandin, door: SlackDoor) -> None:
    for _ in range(3):
        await door.dm_with("U0SENDER")

    assert len(slack.calls) == 1


async def test_a_message_that_its_reader_deleted_is_gone(slack: SlackStandin, door: SlackDoor) -> None:
    channel = await door.dm_with("U0SENDER")
    ts = await door.post(channel, CARD, "m1")
    slack.delete("U0SENDER", ts)

    with pytest.raises(CardGone):
        await door.update(channel, ts, CARD, "m1")


async def test_a_person_who_is_not_there_cannot_be_spoken_to(door: SlackDoor) -> None:
    with pytest.raises(NobodyThere, match="user_not_found"):
        await door.dm_with("U0NOBODY")


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (RateLimited(7), TooFast),
        (ServerError(503), NoAnswer),
        (ServerError(500, acting=True), NoAnswer),
        (Dropped(acting=False), NoAnswer),
        (Dropped(acting=True), NoAnswer),
        (Says("invalid_auth"), NotAllowed),
        (Says("token_revoked"), NotAllowed),
        (Says("account_inactive"), NotAllowed),
        (Says("missing_scope"), NotAllowed),
        (Says("an_error_of_next_year"), NotAllowed),
        (Says("channel_not_found"), NobodyThere),
        (Says("invalid_blocks"), CardRefused),
        (Says("internal_error"), NoAnswer),
        (Says("fatal_error"), NoAnswer),
        (Says("team_added_to_org"), NotReached),
        (Says("ratelimited"), TooFast),
    ],
)
async def test_each_failure_says_what_to_do_next(
    slack: SlackStandin, door: SlackDoor, fault: object, failure: type[Exception]
) -> None:
    channel = await door.dm_with("U0SENDER")
    slack.faults.next("chat.postMessage", fault)

    with pytest.raises(failure):
        await door.post(channel, CARD, "m1")


@pytest.mark.parametrize(("asked", "pause"), [(7, 7), (10**6, 3600)])
async def test_a_pause_is_as_long_as_slack_asks_for_up_to_an_hour(
    slack: SlackStandin, door: SlackDoor, asked: int, pause: int
) -> None:
    channel = await door.dm_with("U0SENDER")
    slack.faults.next("chat.postMessage", RateLimited(asked))

    with pytest.raises(TooFast) as refused:
        await door.post(channel, CARD, "m1")

    assert refused.value.seconds == pause


async def test_a_connection_that_dies_after_acceptance_does_not_post_twice(
    slack: SlackStandin, door: SlackDoor
) -> None:
    channel = await door.dm_with("U0SENDER")
    slack.faults.next("chat.postMessage", Dropped(acting=True))

    with pytest.raises(NoAnswer):
        await door.post(channel, CARD, "m1")

    assert len(slack.dm_of("U0SENDER")) == 1


async def test_a_slack_that_does_not_listen_was_not_reached(unused_port: int) -> None:
    async with open_slack("xoxb-x", f"http://127.0.0.1:{unused_port}/api/") as door:
        with pytest.raises(NotReached):
            await door.dm_with("U0SENDER")


@pytest.mark.parametrize(("body", "kind"), [("<html>", "text/html"), ("[]", "application/json"), ("ok", "text/plain")])
async def test_a_page_instead_of_an_answer_is_no_answer(body: str, kind: str) -> None:
    async def anything(request: web.Request) -> web.Response:
        return web.Response(text=body, content_type=kind)

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", anything)
    async with TestServer(app, host="127.0.0.1") as server, open_slack("xoxb-x", str(server.make_url("/"))) as door:
        with pytest.raises(NoAnswer):
            await door.dm_with("U0SENDER")


async def test_a_wrong_token_is_for_the_operator(slack: SlackStandin) -> None:
    async with open_slack("xoxb-wrong", slack.own_url + "api") as door:
        with pytest.raises(NotAllowed, match="invalid_auth"):
            await door.dm_with("U0SENDER")


async def test_a_response_url_that_is_used_up_is_no_answer(slack: SlackStandin) -> None:
    with pytest.raises(NoAnswer, match="404"):
        await answer_privately(slack.own_url + "response/unknown", CARD)


async def test_a_persons_timezone_is_slacks(slack: SlackStandin, door: SlackDoor) -> None:
    slack.add_user("U0FAR", "far", tz="Pacific/Auckland")

    assert await door.zone_of("U0FAR") == ZoneInfo("Pacific/Auckland")


async def test_a_timezone_that_this_machine_does_not_know_is_its_offset(slack: SlackStandin, door: SlackDoor) -> None:
    slack.add_user("U0FAR", "far", tz="Mars/Base")
    slack.workspace.users["U0FAR"]["tz_offset"] = 5400

    assert await door.zone_of("U0FAR") == timezone(timedelta(seconds=5400))


async def test_without_the_scope_nobodys_timezone_is_told(slack: SlackStandin, door: SlackDoor) -> None:
    slack.workspace.scopes = slack.workspace.scopes - {"users:read"}

    with pytest.raises(NotAllowed, match="missing_scope"):
        await door.zone_of("U0SENDER")


async def test_a_missing_scope_is_named(slack: SlackStandin, door: SlackDoor) -> None:
    slack.workspace.scopes = frozenset({"chat:write", "im:write"})
    channel = await door.dm_with("U0SENDER")

    with pytest.raises(NotAllowed, match="needs im:history, was granted chat:write,im:write"):
        await door.find(channel, "m1", since=0)
