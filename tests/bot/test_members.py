"""Whom in Slack a mailbox belongs to that was connected elsewhere: found by its address, and never lost meanwhile."""

import asyncio
from dataclasses import replace

import pytest

from bot.members import LOOK_AGAIN, Members
from bot.ports import NobodyThere, NotAllowed
from bot.relay import Relay
from bot.saying import Saying
from bot.slack import SlackDoor
from tests.bot.books import HandClock, SmallBooks, SmallOutbox, a_report
from tests.makers import a_summary, after, an_account
from tests.standins.slack import SlackStandin
from tests.standins.slack_faults import Says
from tracker.model import Account
from tracker.reporting import Reporting

EMAIL = "mara@studio.example"
LOOKUP = "users.lookupByEmail"
OPENED = a_summary(opens=1, first_open_at=after(hours=2), last_open_at=after(hours=2))


@pytest.fixture
def nobodys() -> Account:
    return an_account(email=EMAIL, slack_user="")


@pytest.fixture
def books(nobodys: Account) -> SmallBooks:
    return SmallBooks(accounts=[nobodys])


@pytest.fixture
def members(books: SmallBooks, door: SlackDoor, clock: HandClock) -> Members:
    return Members(books, door, clock)


def _asked(slack: SlackStandin) -> int:
    return sum(call.method == LOOKUP for call in slack.calls)


async def test_the_member_with_the_verified_address_owns_the_mailbox(
    slack: SlackStandin, members: Members, books: SmallBooks, nobodys: Account
) -> None:
    slack.add_user("U0MARA", "Mara", "Mara@Studio.example")

    assert await members.know(nobodys.id)
    assert [(account.slack_team, account.slack_user) for account in books.accounts] == [(slack.team_id, "U0MARA")]


async def test_the_first_look_waits_for_nothing_however_time_goes_on(
    slack: SlackStandin, members: Members, nobodys: Account, clock: HandClock
) -> None:
    clock.runs = True
    slack.add_user("U0MARA", "Mara", EMAIL)

    assert await members.know(nobodys.id)


async def test_somebody_with_another_address_does_not(
    slack: SlackStandin, members: Members, books: SmallBooks, nobodys: Account
) -> None:
    slack.add_user("U0ADA", "Ada", "ada@studio.example")

    assert not await members.know(nobodys.id)
    assert books.accounts == [nobodys]


@pytest.mark.parametrize("fact", ["deleted", "is_bot"])
async def test_somebody_who_left_and_a_program_own_nothing(slack: SlackStandin, door: SlackDoor, fact: str) -> None:
    slack.add_user("U0MARA", "Mara", EMAIL)
    slack.workspace.users["U0MARA"][fact] = True

    with pytest.raises(NobodyThere):
        await door.member(EMAIL)


async def test_a_missing_scope_is_the_operators_affair(slack: SlackStandin, door: SlackDoor) -> None:
    slack.workspace.scopes = slack.workspace.scopes - {"users:read.email"}

    with pytest.raises(NotAllowed, match="missing_scope"):
        await door.member(EMAIL)


async def test_a_mailbox_that_somebody_owns_is_not_looked_up(slack: SlackStandin, door: SlackDoor) -> None:
    owned = an_account()

    assert await Members(SmallBooks(accounts=[owned]), door).know(owned.id)
    assert _asked(slack) == 0


async def test_nobody_is_looked_for_again_after_a_while_only(
    slack: SlackStandin, members: Members, nobodys: Account, clock: HandClock
) -> None:
    for _ in range(3):
        await members.know(nobodys.id)
        await members.run_once()
    before = _asked(slack)
    clock.now += LOOK_AGAIN
    slack.add_user("U0MARA", "Mara", EMAIL)

    found = await members.know(nobodys.id)

    assert (before, found) == (1, True)


async def test_many_news_of_one_mailbox_are_one_look(slack: SlackStandin, members: Members, nobodys: Account) -> None:
    await asyncio.gather(*(members.know(nobodys.id) for _ in range(10)))

    assert _asked(slack) == 1


async def test_that_nobody_is_there_is_logged_once(
    members: Members, nobodys: Account, clock: HandClock, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        await members.know(nobodys.id)
        clock.now += LOOK_AGAIN

    assert capsys.readouterr().out.count("owner_not_in_slack") == 1


async def test_owners_are_found_before_there_is_anything_to_say(
    slack: SlackStandin, members: Members, books: SmallBooks
) -> None:
    slack.add_user("U0MARA", "Mara", EMAIL)

    assert await members.run_once() == 1
    assert books.accounts[0].slack_user == "U0MARA"


async def test_a_slack_that_fails_is_left_alone_for_a_while(
    slack: SlackStandin, members: Members, clock: HandClock
) -> None:
    slack.faults.next(LOOKUP, Says("missing_scope"))

    first = [await members.run_once() for _ in range(3)]
    clock.forward(minutes=2)
    await members.run_once()

    assert first == [0, 0, 0]
    assert _asked(slack) == 2


async def test_an_alert_waits_for_its_owner_and_is_said_then(
    slack: SlackStandin, door: SlackDoor, books: SmallBooks, nobodys: Account, clock: HandClock
) -> None:
    outbox, members = SmallOutbox(), Members(books, door, clock)
    report = a_report(account=nobodys, summaries=[OPENED])
    books.told.append(report)
    outbox.put(message_id=report.message.id, account_id=nobodys.id)
    relay = Relay(outbox, Saying(books, Reporting(books, books).story), door, clock, clock.sleep, owned=members.know)
    for _ in range(5):
        await relay.turn()
        clock.forward(minutes=3)
    waiting = list(outbox.fates)

    slack.add_user("U0MARA", "Mara", EMAIL)
    clock.forward(minutes=10)
    await members.know(nobodys.id)
    books.told = [replace(report, account=books.accounts[0])]
    for _ in range(5):
        await relay.turn()
        clock.forward(minutes=3)

    assert waiting == [""]
    assert len(slack.dm_of("U0MARA")) == 1
