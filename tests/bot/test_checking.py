"""A wrong token is said at the start, by the name of its setting, and nobody waits for it."""

import pytest

from bot.checking import check_token
from bot.slack import granted_scopes
from tests.standins.slack import SlackStandin
from tests.standins.slack_faults import Dropped, RateLimited
from tracker.slack_app import SLACK_SCOPES

Capture = pytest.CaptureFixture[str]


async def checked(slack: SlackStandin, token: str) -> list[float]:
    """Check a token; how long was slept."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    await check_token(lambda: granted_scopes(token, slack.own_url + "api/"), sleep)
    return slept


async def test_a_good_token_is_said_to_be_one(slack: SlackStandin, capsys: Capture) -> None:
    await checked(slack, slack.bot_token)

    assert "slack_token_good" in capsys.readouterr().out


@pytest.mark.parametrize("error", ["invalid_auth", "account_inactive"])
async def test_a_wrong_token_is_named_with_what_to_do(slack: SlackStandin, capsys: Capture, error: str) -> None:
    slack.installs.ended["xoxb-old"] = error

    await checked(slack, "xoxb-old")

    said = capsys.readouterr().out
    assert error in said
    assert "OAuth & Permissions" in said
    assert "to SLACK_BOT_TOKEN" in said
    assert "xoxb-old" not in said


async def test_missing_scopes_are_named(slack: SlackStandin, capsys: Capture) -> None:
    slack.workspace.scopes = frozenset(SLACK_SCOPES) - {"im:history", "files:write"}

    await checked(slack, slack.bot_token)

    said = capsys.readouterr().out
    assert "['files:write', 'im:history']" in said
    assert "install the app again" in said


async def test_a_slack_that_is_away_is_asked_again_until_it_answers(slack: SlackStandin, capsys: Capture) -> None:
    slack.faults.next("auth.test", Dropped(acting=False), times=2)
    slack.faults.next("auth.test", RateLimited(30))

    assert await checked(slack, slack.bot_token) == [1.0, 2.0, 30.0]

    assert "slack_token_good" in capsys.readouterr().out
