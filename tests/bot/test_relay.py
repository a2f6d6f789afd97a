"""The relay against a strict Slack, with an outbox in memory and a clock that moves when told."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.pacing import EVERY
from bot.relay import LEASE, Relay, Sleep
from bot.saying import Saying
from bot.slack import SlackDoor
from tests.bot.books import HandClock, SmallBooks, SmallOutbox, SmallWishes, a_report
from tests.makers import NOON, a_summary, after, an_account
from tests.standins.slack import SlackStandin
from tests.standins.slack_faults import Dropped, RateLimited, Says, ServerError
from tests.standins.slack_words import words_of
from tracker.model import AccountState, AlertKind, Summary
from tracker.ports import Report
from tracker.reporting import Reporting
from tracker.wishes import OrderState, SendOrder

OPENED = a_summary(opens=1, first_open_at=after(hours=2), last_open_at=after(hours=2))
AGAIN = replace(OPENED, opens=2, last_open_at=after(hours=3))


@pytest.fixture
def books() -> SmallBooks:
    return SmallBooks()


@pytest.fixture
def outbox() -> SmallOutbox:
    return SmallOutbox()


@pytest.fixture
def relay(outbox: SmallOutbox, books: SmallBooks, door: SlackDoor, clock: HandClock) -> Relay:
    return Relay(outbox, Saying(books, Reporting(books, books).story), door, clock, clock.sleep)


@pytest.fixture
def opened(outbox: SmallOutbox, books: SmallBooks) -> Callable[..., Report]:
    """A message that was opened, with the alert about it in the outbox."""

    def put(**facts) -> Report:
        report = a_report(**{"summaries": [OPENED], **facts})
        books.told.append(report)
        outbox.put(message_id=report.message.id, account_id=report.account.id)
        return report

    return put


def now_says(books: SmallBooks, report: Report, summary: Summary) -> None:
    books.told = [replace(one, summaries=(summary,)) if one is report else one for one in books.told]


async def test_what_is_opened_after_the_reply_changes_the_card_and_rings_no_more(
    relay: Relay, outbox: SmallOutbox, books: SmallBooks, slack: SlackStandin, opened: Callable[..., Report]
) -> None:
    told, quiet = opened(), a_report(summaries=[OPENED])
    books.told.append(quiet)
    await relay.turn()
    now_says(books, told, AGAIN)

    for report in (told, quiet):
        outbox.put(kind=AlertKind.AFTER_REPLY, message_id=report.message.id, account_id=report.account.id)
    await relay.turn()

    [message] = slack.dm_of("U0SENDER")
    assert "2 opens" in words_of(message)
    assert outbox.fates == ["said"] * 3


async def test_a_reminder_is_a_message_of_its_own_each_time(
    relay: Relay, outbox: SmallOutbox, books: SmallBooks, slack: SlackStandin
) -> None:
    report = a_report()
    books.told.append(report)

    for _ in range(2):
        outbox.put(kind=AlertKind.NOT_OPENED, message_id=report.message.id, account_id=report.account.id)
        await relay.turn()

    assert [message["text"].startswith("Not opened for") for message in slack.dm_of("U0SENDER")] == [True, True]


async def test_a_reminder_that_became_moot_before_it_was_said_is_not_said(
    relay: Relay, outbox: SmallOutbox, slack: SlackStandin, opened: Callable[..., Report]
) -> None:
    report = opened()
    await relay.turn()

    outbox.put(kind=AlertKind.NOT_OPENED, message_id=report.message.id, account_id=report.account.id)
    await relay.turn()

    assert len(slack.dm_of("U0SENDER")) == 1
    assert outbox.fates == ["said", "said"]


def _noting(slept: list[float]) -> Sleep:
    """A sleep that notes how long, and takes no time."""

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return sleep


async def until_done(relay: Relay, outbox: SmallOutbox, clock: HandClock, turns: int = 60) -> None:
    for _ in range(turns):
        await relay.turn()
        if all(outbox.fates):
            return
        clock.forward(seconds=5)
    raise AssertionError(f"still waiting: {outbox.fates}")


async def test_an_open_is_said_to_its_sender(slack: SlackStandin, relay: Relay, opened) -> None:
    opened()

    await relay.turn()

    assert [message["text"] for message in slack.dm_of("U0SENDER")] == ['Ada Lovelace opened "Q3 proposal"']


async def test_an_alert_that_is_not_due_waits(slack: SlackStandin, relay: Relay, outbox: SmallOutbox, books) -> None:
    outbox.put(message_id="m", due_at=after(seconds=20))

    assert await relay.turn() == 0


async def test_a_later_open_edits_the_same_message(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, books: SmallBooks
) -> None:
    report = opened()
    await relay.turn()
    now_says(books, report, AGAIN)
    outbox.put(message_id=report.message.id)

    await relay.turn()

    (message,) = slack.dm_of("U0SENDER")
    assert message["text"] == 'Ada Lovelace opened "Q3 proposal" (2nd time)'
    assert message["edited"]


async def test_a_correction_edits_the_card_and_notifies_nobody(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, books: SmallBooks
) -> None:
    report = opened()
    await relay.turn()
    now_says(books, report, Summary(machines=1))
    outbox.put(kind=AlertKind.CORRECTED, message_id=report.message.id)

    await relay.turn()

    (message,) = slack.dm_of("U0SENDER")
    assert message["text"] == 'Not opened after all: "Q3 proposal"'


async def test_a_correction_alone_says_nothing_new(
    slack: SlackStandin, relay: Relay, outbox: SmallOutbox, books: SmallBooks
) -> None:
    report = a_report(summaries=[OPENED])
    books.told.append(report)
    outbox.put(kind=AlertKind.CORRECTED, message_id=report.message.id)

    await relay.turn()

    assert slack.dm_of("U0SENDER") == []
    assert outbox.fates == ["said"]


async def test_another_mail_system_is_news_beside_the_card(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox
) -> None:
    report = opened(summaries=[replace(OPENED, passed_on="Yahoo")])
    outbox.put(kind=AlertKind.PASSED_ON, message_id=report.message.id, copy_id=report.copies[0].id)

    await relay.turn()

    assert {message["text"] for message in slack.dm_of("U0SENDER")} == {
        'Ada Lovelace opened "Q3 proposal"',
        '"Q3 proposal" was also loaded from another mail system: Yahoo',
    }


async def test_another_mail_system_that_turns_out_to_be_none_is_not_said(
    slack: SlackStandin, relay: Relay, outbox: SmallOutbox, books: SmallBooks
) -> None:
    report = a_report(summaries=[OPENED])
    books.told.append(report)
    outbox.put(kind=AlertKind.PASSED_ON, message_id=report.message.id, copy_id=report.copies[0].id)

    await relay.turn()

    assert slack.dm_of("U0SENDER") == []


async def test_alerts_that_wait_together_are_said_as_one(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox
) -> None:
    report = opened(summaries=[AGAIN])
    outbox.put(message_id=report.message.id)

    await relay.turn()

    assert len([call for call in slack.calls if call.method.startswith("chat.")]) == 1
    assert outbox.fates == ["said", "said"]


async def test_an_open_taken_back_before_it_was_said_is_never_said(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox
) -> None:
    opened(summaries=[Summary(machines=1)])

    await relay.turn()

    assert slack.dm_of("U0SENDER") == []
    assert outbox.fates == ["said"]


async def test_an_open_taken_back_after_it_was_said_is_corrected_in_place(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, books: SmallBooks
) -> None:
    report = opened()
    await relay.turn()
    now_says(books, report, Summary(machines=1))
    outbox.put(message_id=report.message.id)

    await relay.turn()

    (message,) = slack.dm_of("U0SENDER")
    assert message["text"] == 'Not opened after all: "Q3 proposal"'


async def test_a_message_that_was_erased_has_nothing_to_say(relay: Relay, outbox: SmallOutbox) -> None:
    outbox.put(message_id="erased")

    await relay.turn()

    assert outbox.fates == ["said"]


async def test_news_about_a_card_that_its_reader_deleted_are_said_anew(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, clock: HandClock
) -> None:
    report = opened()
    await relay.turn()
    slack.delete("U0SENDER", slack.dm_of("U0SENDER")[0]["ts"])
    outbox.put(message_id=report.message.id)

    await relay.turn()

    (message,) = slack.dm_of("U0SENDER")
    assert outbox.posts[report.message.id].ts == message["ts"]


async def test_an_account_that_changed_hands_is_told_to_its_new_owner(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, books: SmallBooks
) -> None:
    report = opened()
    await relay.turn()
    slack.add_user("U0NEXT", "Nora")
    books.told = [replace(report, account=replace(report.account, slack_user="U0NEXT"))]
    outbox.put(message_id=report.message.id)

    await relay.turn()

    assert (len(slack.dm_of("U0SENDER")), len(slack.dm_of("U0NEXT"))) == (1, 1)
    assert not slack.dm_of("U0SENDER")[0]["edited"]


@pytest.mark.parametrize(
    "fault", [RateLimited(30), ServerError(503), ServerError(502, acting=True), Says("internal_error")]
)
@pytest.mark.parametrize("acting", [True, False])
async def test_a_passing_fault_loses_and_doubles_nothing(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, clock: HandClock, fault, acting: bool
) -> None:
    opened()
    slack.faults.next("chat.postMessage", fault)
    slack.faults.next("chat.postMessage", Dropped(acting=acting))

    await until_done(relay, outbox, clock)

    assert len(slack.dm_of("U0SENDER")) == 1


async def test_a_pause_that_slack_asks_for_is_kept(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, clock: HandClock
) -> None:
    opened()
    slack.faults.next("chat.postMessage", RateLimited(30))
    await relay.turn()

    clock.forward(seconds=29)
    taken_early = await relay.turn()
    clock.forward(seconds=2)

    assert (taken_early, await relay.turn()) == (0, 1)


async def test_a_try_that_reached_slack_is_found_instead_of_said_again(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, clock: HandClock
) -> None:
    report = opened()
    slack.faults.next("chat.postMessage", Dropped(acting=True))

    await until_done(relay, outbox, clock)

    (message,) = slack.dm_of("U0SENDER")
    assert outbox.posts[report.message.id].ts == message["ts"]


async def test_a_doubt_outlives_a_refusal_that_came_after_it(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, clock: HandClock
) -> None:
    opened()
    slack.faults.next("chat.postMessage", Dropped(acting=True))
    slack.faults.next("conversations.history", RateLimited(5), times=2)
    slack.faults.next("conversations.history", Says("team_added_to_org"))

    await until_done(relay, outbox, clock)

    assert len(slack.dm_of("U0SENDER")) == 1


async def test_an_open_taken_back_while_in_doubt_is_corrected_where_it_was_said(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, books: SmallBooks, clock: HandClock
) -> None:
    report = opened()
    slack.faults.next("chat.postMessage", Dropped(acting=True))
    await relay.turn()
    now_says(books, report, Summary(machines=1))

    await until_done(relay, outbox, clock)

    (message,) = slack.dm_of("U0SENDER")
    assert message["text"].startswith("Not opened after all")


async def test_an_outage_of_an_hour_is_over_within_a_minute(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, clock: HandClock
) -> None:
    for number in range(30):
        opened(subject=f"Proposal {number}")
    slack.faults.down = True
    for _ in range(120):
        await relay.turn()
        clock.forward(seconds=30)
    slack.faults.down = False
    back_at = clock()

    while not all(outbox.fates):
        await relay.turn()
        clock.forward(seconds=1)

    texts = [message["text"] for message in slack.dm_of("U0SENDER")]
    assert sorted(texts) == sorted(f'Ada Lovelace opened "Proposal {number}"' for number in range(30))
    assert (clock() - back_at).total_seconds() < 60 + 2 * 30


async def test_a_flood_keeps_to_one_message_a_second(
    slack: SlackStandin, clock: HandClock, door: SlackDoor, books: SmallBooks, opened, outbox: SmallOutbox
) -> None:
    slack.rate_limits = True
    clock.runs = True
    for number in range(3):
        opened(subject=f"Proposal {number}")

    await Relay(outbox, Saying(books, Reporting(books, books).story), door, clock).turn()

    assert len(slack.dm_of("U0SENDER")) == 3
    assert not any(call.answer and call.answer.get("error") == "ratelimited" for call in slack.calls)


async def test_a_turn_that_is_far_off_is_left_for_later(
    slack: SlackStandin, door: SlackDoor, clock: HandClock, books: SmallBooks, opened, outbox: SmallOutbox
) -> None:
    slept: list[float] = []
    for number in range(5):
        opened(subject=f"Proposal {number}")

    await Relay(outbox, Saying(books, Reporting(books, books).story), door, clock, _noting(slept)).turn()

    assert max(slept) <= 3
    assert outbox.fates == ["said", "said", "said", "", ""]


async def test_a_topic_that_has_spoken_waits_its_second_like_any_other(
    slack: SlackStandin, door: SlackDoor, clock: HandClock, books: SmallBooks, opened, outbox: SmallOutbox
) -> None:
    slept: list[float] = []
    relay = Relay(outbox, Saying(books, Reporting(books, books).story), door, clock, _noting(slept))
    report = opened()
    await relay.turn()
    outbox.put(message_id=report.message.id)

    await relay.turn()

    assert slept == [0, EVERY.total_seconds()]


async def test_a_call_that_was_cut_off_is_left_time_to_end_inside_slack(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, clock: HandClock
) -> None:
    slack.faults.next("chat.postMessage", Dropped(acting=True))
    opened()

    await relay.turn()

    assert outbox.entries[0].held_until == clock.now + timedelta(seconds=3)


@pytest.mark.parametrize("error", ["invalid_auth", "account_inactive", "token_revoked", "missing_scope", "who_knows"])
async def test_a_token_that_does_not_do_loses_nothing(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox, clock: HandClock, error: str
) -> None:
    opened()
    slack.faults.next("conversations.open", Says(error), times=20)

    await until_done(relay, outbox, clock, turns=300)

    assert len(slack.dm_of("U0SENDER")) == 1


async def test_a_person_who_left_slack_buries_the_alert_with_the_reason(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox
) -> None:
    slack.workspace.users["U0SENDER"]["deleted"] = True
    opened()

    await relay.turn()

    assert outbox.fates == ["buried: user_disabled"]


async def test_blocks_that_slack_refuses_are_said_as_text(
    slack: SlackStandin, relay: Relay, opened, outbox: SmallOutbox
) -> None:
    opened()
    slack.faults.next("chat.postMessage", Says("invalid_blocks"))

    await relay.turn()

    (message,) = slack.dm_of("U0SENDER")
    assert (message["text"], message["blocks"]) == ('Ada Lovelace opened "Q3 proposal"', [])


async def test_one_topic_that_breaks_does_not_hold_up_the_others(
    slack: SlackStandin, outbox: SmallOutbox, books: SmallBooks, door: SlackDoor, clock: HandClock, opened
) -> None:
    async def tell(message_id: str):
        if message_id == "broken":
            raise RuntimeError("a row that cannot be read")
        return await Reporting(books, books).story(message_id)

    outbox.put(message_id="broken")
    opened()

    await Relay(outbox, Saying(books, tell), door, clock, clock.sleep).turn()

    assert len(slack.dm_of("U0SENDER")) == 1


async def test_two_workers_at_once_say_everything_once(
    slack: SlackStandin, outbox: SmallOutbox, books: SmallBooks, door: SlackDoor, clock: HandClock, opened
) -> None:
    for number in range(20):
        opened(subject=f"Proposal {number}")
    workers = [Relay(outbox, Saying(books, Reporting(books, books).story), door, clock, clock.sleep) for _ in range(2)]

    while not all(outbox.fates):
        await asyncio.gather(*(worker.turn() for worker in workers))
        clock.forward(seconds=5)

    assert len(slack.dm_of("U0SENDER")) == 20


async def test_nothing_new_is_said_when_the_lease_is_nearly_over(
    slack: SlackStandin, outbox: SmallOutbox, books: SmallBooks, door: SlackDoor, clock: HandClock, opened
) -> None:
    async def slowly(message_id: str):
        clock.now += LEASE
        return await Reporting(books, books).story(message_id)

    opened()

    await Relay(outbox, Saying(books, slowly), door, clock, clock.sleep).turn()

    assert slack.dm_of("U0SENDER") == []


async def test_a_lost_grant_is_one_direct_message(
    slack: SlackStandin, relay: Relay, outbox: SmallOutbox, books: SmallBooks, clock: HandClock
) -> None:
    account = an_account(slack_user="U0SENDER", email="mara@studio.example", state=AccountState.RECONNECT)
    books.accounts = [account]
    outbox.put(kind=AlertKind.RECONNECT, account_id=account.id, message_id=None)
    slack.faults.next("chat.postMessage", Dropped(acting=True))

    await until_done(relay, outbox, clock)

    (message,) = slack.dm_of("U0SENDER")
    assert "twotick accounts add --email mara@studio.example" in words_of(message)


async def test_a_second_loss_of_the_grant_notifies_again(
    slack: SlackStandin, relay: Relay, outbox: SmallOutbox, books: SmallBooks, clock: HandClock
) -> None:
    account = an_account(slack_user="U0SENDER", state=AccountState.RECONNECT)
    books.accounts = [account]
    for _ in range(2):
        outbox.put(kind=AlertKind.RECONNECT, account_id=account.id, message_id=None)
        await until_done(relay, outbox, clock)

    assert len(slack.dm_of("U0SENDER")) == 2


async def test_a_sending_that_came_to_nothing_is_told_with_its_reason(
    slack: SlackStandin, outbox: SmallOutbox, books: SmallBooks, door: SlackDoor, clock: HandClock
) -> None:
    account, wishes = an_account(slack_user="U0SENDER"), SmallWishes()
    order = SendOrder(
        "o1",
        account.id,
        "compose:1",
        NOON,
        NOON,
        state=OrderState.FAILED,
        failure="The <draft> is gone.",
        subject="Q3 <proposal>",
        recipient="ada@acme.example",
    )
    books.accounts, wishes.ordered = [account], {"o1": order}
    outbox.put(kind=AlertKind.NOT_SENT, account_id=account.id, message_id=None, order_id="o1")

    await Relay(outbox, Saying(books, Reporting(books, books).story, wishes.get), door, clock, clock.sleep).turn()

    (message,) = slack.dm_of("U0SENDER")
    assert message["text"] == "Q3 &lt;proposal&gt; to ada@acme.example was not sent: The &lt;draft&gt; is gone."


async def test_an_account_that_is_connected_again_needs_no_message(
    slack: SlackStandin, relay: Relay, outbox: SmallOutbox, books: SmallBooks
) -> None:
    account = an_account(slack_user="U0SENDER")
    books.accounts = [account]
    outbox.put(kind=AlertKind.RECONNECT, account_id=account.id, message_id=None)

    await relay.turn()

    assert slack.dm_of("U0SENDER") == []


async def test_it_runs_until_it_is_told_to_stop(
    slack: SlackStandin, books: SmallBooks, door: SlackDoor, clock: HandClock
) -> None:
    stop = asyncio.Event()

    class TellsWhenSaid(SmallOutbox):
        async def settle(self, leased, now, post, **more):
            await super().settle(leased, now, post, **more)
            stop.set()

    outbox = TellsWhenSaid()
    books.told = [a_report(summaries=[OPENED])]
    outbox.put(message_id=books.told[0].message.id)

    await asyncio.wait_for(Relay(outbox, Saying(books, Reporting(books, books).story), door, clock).run(stop), 5)

    assert len(slack.dm_of("U0SENDER")) == 1


async def test_a_database_that_is_away_does_not_end_it(books: SmallBooks, door: SlackDoor, clock: HandClock) -> None:
    class Away(SmallOutbox):
        async def lease(self, now, until, limit, account_id=None):
            raise ConnectionError("database")

    stop = asyncio.Event()
    running = asyncio.create_task(Relay(Away(), Saying(books, Reporting(books, books).story), door, clock).run(stop))

    await asyncio.sleep(0.05)

    assert not running.done()
    stop.set()
    await asyncio.wait_for(running, 2)


async def test_a_lost_grant_is_asked_for_by_command_where_that_works(
    slack: SlackStandin, outbox: SmallOutbox, books: SmallBooks, door: SlackDoor, clock: HandClock
) -> None:
    account = an_account(slack_user="U0SENDER", state=AccountState.RECONNECT)
    books.accounts = [account]
    outbox.put(kind=AlertKind.RECONNECT, account_id=account.id, message_id=None)
    tell = Reporting(books, books).story

    await Relay(outbox, Saying(books, tell, connect_by_command=True), door, clock, clock.sleep).turn()

    (message,) = slack.dm_of("U0SENDER")
    assert "/opens connect" in words_of(message)
