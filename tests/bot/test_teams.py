"""Each workspace is spoken to with its own token; one without an installation keeps its alerts for a while."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.blocks import Card
from bot.ports import NobodyThere, NotInstalled, NotReached
from bot.relay import KEPT_FOR_INSTALLER, Relay
from bot.saying import Saying
from bot.teams import Teams, open_teams
from bot.worker import TeamOf
from tests.bot.books import HandClock, SmallBooks, SmallInstallations, SmallOutbox, a_report
from tests.makers import a_summary, after, an_account, an_installation
from tests.standins.slack import SlackStandin
from tracker.ports import TryLater
from tracker.reporting import Reporting
from tracker.workspaces import Installation

PEOPLE = {"T0ACME": "U0ADA", "T0BETA": "U0BOB"}
OPENED = a_summary(opens=1, first_open_at=after(hours=2), last_open_at=after(hours=2))


@pytest.fixture
def installed(slack: SlackStandin) -> SmallInstallations:
    """Two workspaces with a person each, and a token each."""
    kept = {}
    for team, person in PEOPLE.items():
        workspace = slack.add_workspace(team, team)
        workspace.add_user(person, person, "", "UTC")
        slack.installs.tokens[f"xoxb-{team}"] = workspace
        kept[team] = an_installation(team_id=team, bot_token=f"xoxb-{team}")
    return SmallInstallations(kept)


@pytest.fixture
async def teams(slack: SlackStandin, installed: SmallInstallations) -> AsyncIterator[Teams]:
    async with open_teams(installed, slack.own_url + "api/") as opened:  # type: ignore[arg-type]
        yield opened


@pytest.fixture
def outbox() -> SmallOutbox:
    return SmallOutbox()


@pytest.fixture
def books(outbox: SmallOutbox) -> SmallBooks:
    """A message of each workspace's person, with the alert that it was opened."""
    accounts = [an_account(slack_user=person, slack_team=team) for team, person in PEOPLE.items()]
    reports = [a_report(account=account, summaries=[OPENED]) for account in accounts]
    for report in reports:
        outbox.put(message_id=report.message.id, account_id=report.account.id)
    return SmallBooks(accounts=accounts, told=reports)


@pytest.fixture
def relay(outbox: SmallOutbox, books: SmallBooks, teams: Teams, clock: HandClock) -> Relay:
    saying = Saying(books, Reporting(books, books).story)
    return Relay(outbox, saying, teams, clock, clock.sleep, TeamOf(books))  # type: ignore[arg-type]


def told(slack: SlackStandin) -> list[int]:
    return [len(slack.dm_of(person)) for person in PEOPLE.values()]


async def test_each_person_is_told_in_their_own_workspace(slack: SlackStandin, relay: Relay) -> None:
    await relay.turn()

    assert told(slack) == [1, 1]
    posted = [call for call in slack.calls if call.method == "chat.postMessage"]
    assert {call.token for call in posted} == {"xoxb-T0ACME", "xoxb-T0BETA"}


async def test_a_workspace_without_us_keeps_nobody_else_waiting(
    slack: SlackStandin, relay: Relay, installed: SmallInstallations, outbox: SmallOutbox
) -> None:
    del installed.kept["T0ACME"]

    await relay.turn()

    assert told(slack) == [0, 1]
    assert outbox.fates == ["", "said"]


async def test_a_missing_installation_is_said_once_in_the_log(
    relay: Relay, installed: SmallInstallations, clock: HandClock, capsys: pytest.CaptureFixture[str]
) -> None:
    installed.kept.clear()

    for _ in range(5):
        await relay.turn()
        clock.forward(minutes=6)

    assert capsys.readouterr().out.count("workspace_without_installation") == 2


async def test_alerts_come_once_the_workspace_is_back(
    slack: SlackStandin, relay: Relay, installed: SmallInstallations, clock: HandClock
) -> None:
    gone = installed.kept.pop("T0ACME")
    await relay.turn()
    installed.kept["T0ACME"] = gone
    clock.forward(minutes=5)

    await relay.turn()

    assert told(slack) == [1, 1]


async def test_alerts_that_waited_three_days_for_a_workspace_are_buried_with_the_reason(
    relay: Relay, installed: SmallInstallations, clock: HandClock, outbox: SmallOutbox
) -> None:
    installed.kept.clear()
    await relay.turn()
    clock.forward(seconds=(KEPT_FOR_INSTALLER + timedelta(minutes=10)).total_seconds())

    await relay.turn()

    assert ["T0ACME" in fate and "no installation" in fate for fate in outbox.fates] == [True, False]
    assert "T0BETA" in outbox.fates[1]


async def test_the_token_of_a_new_installation_is_used_at_once(
    slack: SlackStandin, teams: Teams, installed: SmallInstallations
) -> None:
    await teams.dm_with("U0ADA", "T0ACME")
    slack.installs.end(slack.others["T0ACME"], "account_inactive")
    slack.installs.tokens["xoxb-new"] = slack.others["T0ACME"]
    installed.kept["T0ACME"] = an_installation(team_id="T0ACME", bot_token="xoxb-new")

    channel = await teams.dm_with("U0ADA", "T0ACME")
    await teams.post(channel, Card("Back"), "m1")

    assert slack.calls[-1].token == "xoxb-new"


async def test_a_dm_is_opened_once_while_the_token_stays(slack: SlackStandin, teams: Teams) -> None:
    for _ in range(3):
        await teams.dm_with("U0ADA", "T0ACME")

    assert len(slack.calls) == 1


async def test_a_client_speaks_with_the_workspaces_token(slack: SlackStandin, teams: Teams) -> None:
    answer = await (await teams.client_of("T0BETA")).auth_test()

    assert answer["team_id"] == "T0BETA"


async def test_no_installation_no_client(teams: Teams) -> None:
    with pytest.raises(NotInstalled, match="T0NOWHERE"):
        await teams.client_of("T0NOWHERE")


async def test_a_picture_is_kept_in_the_workspace_of_its_channel(slack: SlackStandin, teams: Teams) -> None:
    channel = await teams.dm_with("U0BOB", "T0BETA")

    file = await teams.upload(b"png", "Chart", "A chart", channel)

    assert file in slack.others["T0BETA"].files.known
    assert file not in slack.others["T0ACME"].files.known


async def test_a_channel_that_nobody_opened_is_spoken_in_with_no_token(teams: Teams) -> None:
    with pytest.raises(NobodyThere):
        await teams.post("D0UNKNOWN", Card("Hello"), "m1")


class Away(SmallInstallations):
    async def of(self, team_id: str) -> Installation | None:
        raise TryLater("away")


async def test_a_book_that_is_away_is_asked_again_soon(slack: SlackStandin) -> None:
    async with open_teams(Away(), slack.own_url + "api/") as teams:  # type: ignore[arg-type]
        with pytest.raises(NotReached):
            await teams.dm_with("U0ADA", "T0ACME")
