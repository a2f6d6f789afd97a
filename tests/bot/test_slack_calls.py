"""Every call of Slack is counted by its method and by what came of it."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.blocks import Card
from bot.ports import NoAnswer, NobodyThere, NotAllowed, TooFast
from bot.slack import SlackDoor
from bot.slack_calls import outcome_of
from tests.counted import counted
from tests.standins.slack import SlackStandin
from tests.standins.slack_faults import Dropped, Fault, RateLimited, Says, ServerError
from tracker.counts import SLACK_CALLS, SLACK_SECONDS


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Says("channel_not_found"), "channel_not_found"),
        (RateLimited(1), "ratelimited"),
        (ServerError(503), "http_503"),
        (Dropped(acting=False), "no_answer"),
    ],
)
async def test_a_call_that_fails_is_counted_by_slacks_word_for_it(
    slack: SlackStandin, door: SlackDoor, fault: Fault, outcome: str
) -> None:
    channel = await door.dm_with("U0SENDER")
    slack.faults.next("chat.postMessage", fault)

    with counted(SLACK_CALLS) as rise, pytest.raises((NobodyThere, TooFast, NoAnswer)):
        await door.post(channel, Card("Hello"), "m1")

    assert rise == {("chat.postMessage", outcome): 1}


async def test_the_calls_that_an_upload_is_made_of_are_counted(slack: SlackStandin, door: SlackDoor) -> None:
    took = SLACK_SECONDS.steps()[-1][1]

    with counted(SLACK_CALLS) as rise:
        await door.upload(b"a picture", "Opens", "a chart")

    assert rise == {("files.getUploadURLExternal", "ok"): 1, ("files.completeUploadExternal", "ok"): 1}
    assert SLACK_SECONDS.steps()[-1][1] == took + 2


async def test_what_is_no_code_of_slacks_is_not_kept(slack: SlackStandin, door: SlackDoor) -> None:
    channel = await door.dm_with("U0SENDER")
    slack.faults.next("chat.postMessage", Says("Ada <ada@acme.example> opened it"))

    with counted(SLACK_CALLS) as rise, pytest.raises(NotAllowed):
        await door.post(channel, Card("Hello"), "m1")

    assert rise == {("chat.postMessage", "http_200"): 1}


def test_a_refusal_without_an_answer_is_told_apart() -> None:
    assert outcome_of(SlackApiError("odd", None)) == "http_0"
