"""What is told of a mail that has a card: in its thread, in a message of its own, or with many others."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.beside import LINES_EVERY
from bot.crowds import MOST
from bot.relay import LEASE, Relay
from bot.saying import Saying
from bot.slack import SlackDoor
from tests.bot.books import HandClock, SmallBooks, SmallOutbox, a_report
from tests.bot.test_relay_dies import MOST_STEPS, Life, Mortal, live
from tests.makers import NOON, a_hit, a_judged, a_verdict, an_account
from tests.standins.slack import SlackStandin
from tests.standins.slack_faults import Dropped, Fault, RateLimited, Says, ServerError
from tests.standins.slack_words import words_of
from tracker.model import AlertKind, Cause, HitKind, Judged
from tracker.ports import Report
from tracker.reporting import Reporting
from tracker.summing import sum_of


@dataclass
class Mail:
    """A mail of Mara's to Ada, with what happened to it."""

    books: SmallBooks
    outbox: SmallOutbox
    clock: HandClock
    report: Report

    def happens(self, kind: AlertKind, hit: HitKind = HitKind.OPEN, **at: float) -> Judged:
        """Ada looks now, and there is an alert about it."""
        copy = self.report.copies[0]
        one = a_judged(hit=a_hit(at=self.clock.now - timedelta(seconds=2), kind=hit, copy_id=copy.id))
        self.is_judged([*self.books.hits.get(copy.id, []), one])
        self.outbox.put(kind=kind, due_at=self.clock.now, hit_id=one.hit.id, **self.about)
        return one

    def is_judged(self, judged: Sequence[Judged]) -> None:
        copy = self.report.copies[0]
        self.books.hits[copy.id] = list(judged)
        changed = replace(self.report, summaries=(sum_of(judged),))
        self.books.told = [changed if one.message.id == self.report.message.id else one for one in self.books.told]

    @property
    def about(self) -> dict[str, str]:
        copy = self.report.copies[0]
        return {"message_id": self.report.message.id, "account_id": self.report.account.id, "copy_id": copy.id}


@pytest.fixture
def books() -> SmallBooks:
    return SmallBooks()


@pytest.fixture
def outbox() -> SmallOutbox:
    return SmallOutbox()


@pytest.fixture
def relay(outbox: SmallOutbox, books: SmallBooks, door: SlackDoor, clock: HandClock) -> Relay:
    return a_relay(outbox, books, door, clock)


@pytest.fixture
def mail(books: SmallBooks, outbox: SmallOutbox, clock: HandClock) -> Mail:
    return a_mail(books, outbox, clock)


def a_relay(outbox: SmallOutbox, books: SmallBooks, door: SlackDoor, clock: HandClock) -> Relay:
    saying = Saying(books, Reporting(books, books).story, crowd_of=outbox.crowd)
    return Relay(outbox, saying, door, clock, clock.sleep)


def a_mail(books: SmallBooks, outbox: SmallOutbox, clock: HandClock, **facts) -> Mail:
    report = a_report(**facts)
    books.told.append(report)
    return Mail(books, outbox, clock, report)


async def settled(relay: Relay, outbox: SmallOutbox, clock: HandClock) -> None:
    """Everything that is due by now is said, and what follows from it at once."""
    for _ in range(30):
        while await relay.turn():
            pass
        if not any(not one.done and one.alert.due_at <= clock.now for one in outbox.entries):
            return
        clock.forward(seconds=5)
    raise AssertionError(f"still waiting: {outbox.fates}")


async def is_opened(mail: Mail, relay: Relay, kind: AlertKind = AlertKind.OPEN_AGAIN, **later: float) -> Judged:
    mail.clock.forward(**later)
    one = mail.happens(kind)
    await settled(relay, mail.outbox, mail.clock)
    return one


def thread_of(slack: SlackStandin) -> list[str]:
    return [words_of(reply) for reply in slack.dm_of("U0SENDER")[0]["replies"]]


async def test_the_first_opening_has_no_line_in_the_thread(mail: Mail, relay: Relay, slack: SlackStandin) -> None:
    await is_opened(mail, relay, AlertKind.FIRST_OPEN)

    assert thread_of(slack) == []


async def test_a_later_opening_adds_a_line_to_the_cards_thread(mail: Mail, relay: Relay, slack: SlackStandin) -> None:
    await is_opened(mail, relay, AlertKind.FIRST_OPEN)

    await is_opened(mail, relay, hours=1)

    [line] = thread_of(slack)
    assert line == "Ada Lovelace opened it again Nov 2, 2026 at 12:59 UTC · Outlook on Windows"
    assert len(slack.dm_of("U0SENDER")) == 1


async def test_what_happens_within_ten_minutes_is_gathered_into_one_line(
    mail: Mail, relay: Relay, slack: SlackStandin
) -> None:
    await is_opened(mail, relay, AlertKind.FIRST_OPEN)
    await is_opened(mail, relay, hours=1)
    for _ in range(2):
        await is_opened(mail, relay, minutes=4)
    assert len(thread_of(slack)) == 1

    mail.clock.forward(seconds=LINES_EVERY.total_seconds())
    await settled(relay, mail.outbox, mail.clock)

    assert thread_of(slack)[1:] == ["2 more openings since Nov 2, 2026 at 13:03 UTC"]


async def test_a_line_follows_ten_minutes_after_the_last_and_no_sooner(
    mail: Mail, relay: Relay, slack: SlackStandin
) -> None:
    await is_opened(mail, relay, AlertKind.FIRST_OPEN)
    for _ in range(12):
        await is_opened(mail, relay, minutes=5)
    mail.clock.forward(minutes=15)
    await settled(relay, mail.outbox, mail.clock)

    said_at = [float(reply["ts"]) for reply in slack.dm_of("U0SENDER")[0]["replies"]]
    assert all(later - earlier >= 600 for earlier, later in pairwise(said_at))
    assert len(said_at) >= 5


async def test_a_line_is_not_said_for_what_was_taken_back_meanwhile(
    mail: Mail, relay: Relay, slack: SlackStandin
) -> None:
    first = await is_opened(mail, relay, AlertKind.FIRST_OPEN)
    await is_opened(mail, relay, hours=1)
    await is_opened(mail, relay, minutes=4)
    mail.is_judged([first, mail.books.hits[mail.report.copies[0].id][1]])

    mail.clock.forward(minutes=15)
    await settled(relay, mail.outbox, mail.clock)

    assert len(thread_of(slack)) == 1


@pytest.mark.parametrize("acting", [True, False])
async def test_a_line_that_may_have_been_said_is_looked_for_in_the_thread(
    mail: Mail, relay: Relay, slack: SlackStandin, acting: bool
) -> None:
    await is_opened(mail, relay, AlertKind.FIRST_OPEN)
    slack.faults.next("chat.postMessage", Dropped(acting=acting))

    await is_opened(mail, relay, hours=1)

    assert len(thread_of(slack)) == 1


@pytest.mark.parametrize(
    ("kind", "hit", "said"),
    [
        (AlertKind.FIRST_CLICK, HitKind.CLICK, 'Ada Lovelace clicked a link in "Q3 proposal"'),
        (AlertKind.BACK, HitKind.OPEN, 'Ada Lovelace is back at "Q3 proposal" after 3 weeks'),
    ],
)
async def test_news_about_a_mail_that_has_a_card_is_a_message_of_its_own(
    mail: Mail, relay: Relay, slack: SlackStandin, kind: AlertKind, hit: HitKind, said: str
) -> None:
    await is_opened(mail, relay, AlertKind.FIRST_OPEN)

    mail.clock.forward(days=22)
    mail.happens(kind, hit)
    await settled(relay, mail.outbox, mail.clock)

    card, news = slack.dm_of("U0SENDER")
    assert news["text"] == said
    assert card["edited"]


async def test_a_burst_is_news_once(mail: Mail, relay: Relay, slack: SlackStandin) -> None:
    await is_opened(mail, relay, AlertKind.FIRST_OPEN)
    await is_opened(mail, relay, hours=1)

    await is_opened(mail, relay, AlertKind.HOT, hours=1)
    await is_opened(mail, relay, hours=1)

    _, news = slack.dm_of("U0SENDER")
    assert news["text"] == 'Hot: Ada Lovelace opened "Q3 proposal" 3 times in 2 hours'


async def test_what_the_new_card_tells_is_not_told_again_beside_it(
    mail: Mail, relay: Relay, slack: SlackStandin
) -> None:
    mail.happens(AlertKind.FIRST_OPEN)
    mail.clock.forward(seconds=1)
    click = mail.happens(AlertKind.FIRST_CLICK, HitKind.CLICK)
    held = mail.outbox.entries.pop()
    mail.clock.forward(seconds=5)
    await settled(relay, mail.outbox, mail.clock)

    mail.outbox.entries.append(held)
    await settled(relay, mail.outbox, mail.clock)

    [card] = slack.dm_of("U0SENDER")
    assert card["text"] == 'Ada Lovelace clicked a link in "Q3 proposal"'
    assert held.alert.hit_id == click.hit.id


async def test_news_that_was_none_after_all_is_redrawn(mail: Mail, relay: Relay, slack: SlackStandin) -> None:
    first = await is_opened(mail, relay, AlertKind.FIRST_OPEN)
    back = await is_opened(mail, relay, AlertKind.BACK, days=15)
    machine = replace(back, verdict=a_verdict(cause=Cause.SCANNER))
    mail.is_judged([first, machine])

    mail.outbox.put(kind=AlertKind.CORRECTED, hit_id=back.hit.id, **mail.about)
    await settled(relay, mail.outbox, mail.clock)

    card, news = slack.dm_of("U0SENDER")
    assert news["text"] == 'Not so after all: "Q3 proposal"'
    assert card["text"] == 'Ada Lovelace opened "Q3 proposal"'


async def test_a_day_without_slack_is_told_as_it_stands_once(mail: Mail, relay: Relay, slack: SlackStandin) -> None:
    slack.faults.down = True
    for kind in (AlertKind.FIRST_OPEN, *[AlertKind.OPEN_AGAIN] * 10, AlertKind.HOT):
        mail.happens(kind)
        await relay.turn()
        mail.clock.forward(hours=2)
    slack.faults.down = False

    await settled(relay, mail.outbox, mail.clock)

    [card] = slack.dm_of("U0SENDER")
    assert card["text"] == 'Ada Lovelace opened "Q3 proposal" (12th time)'
    assert card["replies"] == []


@pytest.mark.parametrize("outage", [ServerError(503), Dropped(acting=False), Says("internal_error")])
async def test_half_a_day_without_slack_while_many_mails_are_opened_ends_in_few_messages(
    books: SmallBooks, outbox: SmallOutbox, relay: Relay, slack: SlackStandin, clock: HandClock, outage: Fault
) -> None:
    account = an_account(slack_user="U0SENDER")
    books.accounts = [account]
    await is_opened(a_mail(books, outbox, clock, account=account, subject="Before"), relay, AlertKind.FIRST_OPEN)
    for method in ("chat.postMessage", "conversations.history", "conversations.open"):
        slack.faults.next(method, outage, times=10_000)
    for number in range(12 * 6):
        a_mail(books, outbox, clock, account=account, subject=f"Offer {number}").happens(AlertKind.FIRST_OPEN)
        for _ in range(10):
            await relay.turn()
            clock.forward(minutes=1)
    calls = len(slack.calls)
    slack.faults.clear()

    await settled(relay, outbox, clock)

    said = [message["text"] for message in slack.dm_of("U0SENDER")][1:]
    assert set(outbox.fates) == {"said"}
    assert len(said) <= 1 + 1 + MOST  # the one that asked, the crowd, and the last ones
    [crowd] = [text for text in said if "mails have news" in text]
    assert int(crowd.split()[0]) == 12 * 6 - len(said) + 1
    assert calls < 3 * 12 * 60  # one asks each minute


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("last_step", range(1, MOST_STEPS + 4))
@pytest.mark.parametrize("kind", [AlertKind.OPEN_AGAIN, AlertKind.BACK])
async def test_news_and_lines_are_said_once_whenever_the_worker_is_killed(
    mail: Mail, slack: SlackStandin, door: SlackDoor, kind: AlertKind, last_step: int, before: bool
) -> None:
    books, outbox, clock = mail.books, mail.outbox, mail.clock
    await is_opened(mail, a_relay(outbox, books, door, clock), AlertKind.FIRST_OPEN)
    clock.forward(days=20)
    mail.happens(kind)
    life = Life(last_step, before)

    saying = Saying(books, Reporting(books, books).story)
    await live(Relay(Mortal(outbox, life), saying, Mortal(door, life), clock, clock.sleep), life)
    clock.now += 2 * LEASE
    await settled(a_relay(outbox, books, door, clock), outbox, clock)

    card, *news = slack.dm_of("U0SENDER")
    assert len(news) == (kind is AlertKind.BACK)
    assert len(card["replies"]) == 1
    assert "2 opens" in words_of(card)


async def test_too_many_mails_at_once_are_told_in_one_message(
    books: SmallBooks, outbox: SmallOutbox, relay: Relay, slack: SlackStandin, clock: HandClock
) -> None:
    account = an_account(slack_user="U0SENDER")
    books.accounts = [account]
    mails = [a_mail(books, outbox, clock, account=account, subject=f"Offer {number}") for number in range(40)]
    for one in mails:
        one.happens(AlertKind.FIRST_OPEN)

    await settled(relay, outbox, clock)

    [card] = slack.dm_of("U0SENDER")
    assert card["text"].startswith('40 mails have news, first of all "Offer ')
    assert "And 35 other mails." in words_of(card)
    assert set(outbox.fates) == {"said"}


async def test_as_many_as_a_phone_bears_are_told_one_by_one(
    books: SmallBooks, outbox: SmallOutbox, relay: Relay, slack: SlackStandin, clock: HandClock
) -> None:
    account = an_account(slack_user="U0SENDER")
    for number in range(MOST):
        a_mail(books, outbox, clock, account=account, subject=f"Offer {number}").happens(AlertKind.FIRST_OPEN)

    await settled(relay, outbox, clock)

    assert len(slack.dm_of("U0SENDER")) == MOST


async def test_a_flood_that_trickles_in_is_told_in_few_messages_until_a_minute_is_calm(
    books: SmallBooks, outbox: SmallOutbox, door: SlackDoor, slack: SlackStandin, clock: HandClock
) -> None:
    account = an_account(slack_user="U0SENDER")
    books.accounts = [account]
    saying = Saying(books, Reporting(books, books).story, crowd_of=outbox.crowd)
    relay = Relay(outbox, saying, door, clock, lambda seconds: asyncio.sleep(0))  # others do not wait for one's turn
    for number in range(120):
        a_mail(books, outbox, clock, account=account, subject=f"Offer {number}").happens(AlertKind.FIRST_OPEN)
        await relay.turn()
        clock.forward(seconds=0.5)
    await settled(relay, outbox, clock)
    in_the_flood = [message["text"] for message in slack.dm_of("U0SENDER")]
    clock.forward(seconds=61)
    await is_opened(a_mail(books, outbox, clock, account=account, subject="Later"), relay, AlertKind.FIRST_OPEN)

    crowd, *alone = sorted(in_the_flood)
    assert (len(alone), crowd.split()[0]) == (MOST, str(120 - MOST))
    assert slack.dm_of("U0SENDER")[-1]["text"] == 'Ada Lovelace opened "Later"'


async def test_one_mail_after_another_rings_each_as_long_as_slack_keeps_up(
    books: SmallBooks, outbox: SmallOutbox, relay: Relay, slack: SlackStandin, clock: HandClock
) -> None:
    account = an_account(slack_user="U0SENDER")
    for number in range(30):
        a_mail(books, outbox, clock, account=account, subject=f"Offer {number}").happens(AlertKind.FIRST_OPEN)
        await settled(relay, outbox, clock)
        clock.forward(seconds=1.1)

    assert len(slack.dm_of("U0SENDER")) == 30


async def test_a_flood_that_goes_on_edits_the_message_that_told_of_it(
    books: SmallBooks, outbox: SmallOutbox, relay: Relay, slack: SlackStandin, clock: HandClock
) -> None:
    account = an_account(slack_user="U0SENDER")
    books.accounts = [account]
    for part in range(3):
        for number in range(10):
            name = f"Offer {part}.{number}"
            a_mail(books, outbox, clock, account=account, subject=name).happens(AlertKind.FIRST_OPEN)
        await settled(relay, outbox, clock)
        clock.forward(minutes=1)

    [card] = slack.dm_of("U0SENDER")
    assert card["text"].startswith("30 mails have news")


async def test_in_a_flood_the_cards_that_stand_stay_right(
    books: SmallBooks, outbox: SmallOutbox, relay: Relay, slack: SlackStandin, clock: HandClock
) -> None:
    account = an_account(slack_user="U0SENDER")
    books.accounts = [account]
    standing = a_mail(books, outbox, clock, account=account, subject="Standing")
    await is_opened(standing, relay, AlertKind.FIRST_OPEN)
    clock.forward(days=20)
    standing.happens(AlertKind.BACK)
    for number in range(10):
        a_mail(books, outbox, clock, account=account, subject=f"Offer {number}").happens(AlertKind.FIRST_OPEN)

    await settled(relay, outbox, clock)

    card, crowd = slack.dm_of("U0SENDER")
    assert card["text"] == 'Ada Lovelace opened "Standing" (2nd time)'
    assert crowd["text"].startswith("11 mails have news")


async def test_after_a_flood_the_next_opening_is_told_by_a_card_with_all_that_happened(
    books: SmallBooks, outbox: SmallOutbox, relay: Relay, slack: SlackStandin, clock: HandClock
) -> None:
    account = an_account(slack_user="U0SENDER")
    books.accounts = [account]
    mails = [a_mail(books, outbox, clock, account=account, subject=f"Offer {number}") for number in range(10)]
    for one in mails:
        one.happens(AlertKind.FIRST_OPEN)
    await settled(relay, outbox, clock)

    await is_opened(mails[7], relay, hours=3)

    _, card = slack.dm_of("U0SENDER")
    assert card["text"] == 'Ada Lovelace opened "Offer 7" (2nd time)'


async def test_where_slack_does_not_let_us_look_it_is_said_again_and_counted(
    mail: Mail, relay: Relay, slack: SlackStandin
) -> None:
    mail.happens(AlertKind.FIRST_OPEN)
    slack.workspace.scopes = slack.workspace.scopes - {"im:history"}
    slack.faults.next("chat.postMessage", Dropped(acting=True))

    await settled(relay, mail.outbox, mail.clock)

    assert len(slack.dm_of("U0SENDER")) == 2
    assert mail.outbox.said_blindly == 1


async def test_when_two_channels_are_asked_to_wait_every_channel_waits(
    books: SmallBooks, outbox: SmallOutbox, relay: Relay, slack: SlackStandin, clock: HandClock
) -> None:
    for user in ("U0ONE", "U0TWO", "U0THREE"):
        slack.add_user(user, user)
    one, two, three = (
        a_mail(books, outbox, clock, account=an_account(slack_user=user)) for user in ("U0ONE", "U0TWO", "U0THREE")
    )
    slack.faults.next("chat.postMessage", RateLimited(30), times=2)
    one.happens(AlertKind.FIRST_OPEN)
    two.happens(AlertKind.FIRST_OPEN)
    await relay.turn()

    three.happens(AlertKind.FIRST_OPEN)
    await relay.turn()

    assert slack.dm_of("U0THREE") == []
    await settled(relay, outbox, clock)
    assert len(slack.dm_of("U0THREE")) == 1


async def test_a_refusal_names_the_scope_that_is_missing(
    mail: Mail, relay: Relay, slack: SlackStandin, capsys: pytest.CaptureFixture[str]
) -> None:
    mail.happens(AlertKind.FIRST_OPEN)
    slack.workspace.scopes = slack.workspace.scopes - {"im:write"}

    await relay.turn()

    assert "needs im:write" in capsys.readouterr().out


async def test_a_thread_whose_card_was_deleted_is_left_alone(mail: Mail, relay: Relay, slack: SlackStandin) -> None:
    await is_opened(mail, relay, AlertKind.FIRST_OPEN)
    slack.faults.next("chat.postMessage", Says("thread_not_found"))

    await is_opened(mail, relay, hours=1)

    assert thread_of(slack) == []
    assert set(mail.outbox.fates) == {"said"}


async def test_an_answer_redraws_the_card_that_stands(mail: Mail, relay: Relay, slack: SlackStandin) -> None:
    await is_opened(mail, relay, AlertKind.FIRST_OPEN)
    replied = replace(mail.books.told[0], summaries=(replace(mail.books.told[0].summaries[0], replied_at=NOON),))
    mail.books.told = [replied]

    mail.outbox.put(kind=AlertKind.PASSED_ON, **mail.about)
    mail.books.told = [replace(replied, summaries=(replace(replied.summaries[0], passed_on="Yahoo"),))]
    await settled(relay, mail.outbox, mail.clock)

    card, _ = slack.dm_of("U0SENDER")
    assert "Replied" in words_of(card)
