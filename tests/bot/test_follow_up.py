"""What people are answered who ask to be reminded, to nudge, or to stop tracking."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.blocks import Card
from bot.cards.reminders import reminder_card
from bot.commands import Commands
from bot.follow_up import FollowUp
from tests.bot.books import HandClock, SmallBooks, a_report
from tests.makers import NOON, a_sent_copy, a_summary, after, an_account
from tests.standins.slack_words import words_of
from tracker.model import Copy, Profile, Recipient, Summary
from tracker.nudging import to_nudge
from tracker.ports import NotAuthorized, Refused, Report, TryLater
from tracker.reminders import Reminder, ReminderKind
from tracker.reminding import NOT_FOLLOWED
from tracker.reporting import Reporting, Story

MARA = an_account(email="mara@studio.example", slack_user="U0SENDER")
PETE = an_account(email="pete@studio.example", slack_user="U0PETE")


@dataclass
class Messages(SmallBooks):
    """Messages that can be stopped."""

    async def stop(self, message_id: str, at: datetime | None) -> None:
        self.told = [
            replace(one, message=replace(one.message, stopped_at=at)) if one.message.id == message_id else one
            for one in self.told
        ]


@dataclass
class Reminders:
    """Remembers what was asked for; what is stopped cannot be waited for. Both the book and its use."""

    waiting_ones: list[Reminder] = field(default_factory=list)

    async def remind(self, report: Report, span: timedelta, of: ReminderKind | None = None) -> Reminder | None:
        if report.message.stopped_at:
            return None
        if of is ReminderKind.UNANSWERED and not report.account.may_follow:
            raise Refused(NOT_FOLLOWED)
        facts = (report.account.id, report.message.id, of or ReminderKind.UNOPENED, NOON, span, NOON + span)
        self.waiting_ones.append(Reminder("r", *facts))
        return self.waiting_ones[-1]

    async def waiting(self, account_ids: Sequence[str], limit: int) -> Sequence[Reminder]:
        return [one for one in self.waiting_ones if one.account_id in account_ids][:limit]

    async def forget(self, message_id: str) -> bool:
        before = len(self.waiting_ones)
        self.waiting_ones = [one for one in self.waiting_ones if one.message_id != message_id]
        return len(self.waiting_ones) < before


@dataclass
class Nudges:
    """Drafts for whoever is to be nudged, or fails."""

    failure: Exception | None = None

    async def draft(self, report: Report, why: ReminderKind | None = None) -> Sequence[Copy]:
        if self.failure:
            raise self.failure
        return to_nudge(report, why)


@dataclass
class Desk:
    """Mara in Slack, with what is known of her mail."""

    books: Messages
    reminders: Reminders
    nudges: Nudges | None

    @property
    def follow_up(self) -> FollowUp:
        clock = HandClock()
        return FollowUp(self.books, self.books, self.reminders, self.reminders, self.nudges, clock)

    async def says(self, text: str, user: str = "U0SENDER") -> str:
        commands = Commands(self.books, Reporting(self.books, self.books), HandClock(), follow_up=self.follow_up)
        return words(await commands.answer("T1", user, text))

    async def presses(self, action: str, value: str, user: str = "U0SENDER") -> str:
        return words(await self.follow_up.presses[action]("T1", user, value))


def words(card: Card) -> str:
    return words_of({"text": card.text, "blocks": list(card.blocks)})


@pytest.fixture
def desk() -> Desk:
    told = [a_report(account=MARA, subject=name) for name in ("Lunch", "Dinner", "Dinner again")]
    return Desk(Messages(accounts=[MARA, PETE], told=told), Reminders(), Nudges())


def message_id(desk: Desk) -> str:
    return desk.books.told[0].message.id


async def test_a_reminder_is_set_and_says_when_it_comes(desk: Desk) -> None:
    said = await desk.says("remind 3d lunch")

    assert said.startswith("I will remind you Nov 5, 2026 at 12:00 UTC\nif nobody opens Lunch until then.")
    assert "Once it is opened, as long after that, if nobody replies." in said


async def test_where_several_match_it_asks_which_and_a_press_sets_it(desk: Desk) -> None:
    said = await desk.says("remind 2d dinner")

    assert "Which one? 2 messages match “dinner”" in said
    assert desk.reminders.waiting_ones == []
    assert "I will remind you" in await desk.presses("remind", f"2:{message_id(desk)}")
    assert desk.reminders.waiting_ones[0].after == timedelta(days=2)


async def test_what_is_set_is_shown_and_can_be_forgotten(desk: Desk) -> None:
    empty = await desk.says("remind")
    await desk.says("remind 3d lunch")
    shown = await desk.says("remind")
    off = await desk.says("remind off lunch")

    assert "No reminders are set." in empty
    assert "Lunch" in shown
    assert "No more reminders about Lunch." in off
    assert "No reminders are set." in await desk.says("remind")
    assert "No reminder was set for Lunch." in await desk.says("remind off lunch")


async def test_what_cannot_be_waited_for_is_refused_with_the_reason(desk: Desk) -> None:
    await desk.says("stop lunch")

    assert "No reminder for Lunch\nThere is nothing to wait for: you stopped tracking it." in await desk.says(
        "remind 3d lunch"
    )


async def test_where_no_reply_would_be_seen_the_way_to_connect_is_told(desk: Desk) -> None:
    only_sends = replace(MARA, profile=Profile.SEND)
    desk.books.told = [replace(one, account=only_sends) for one in desk.books.told]

    said = await desk.presses("remind", f"3:{ReminderKind.UNANSWERED}:{message_id(desk)}")
    unopened = await desk.says("remind 3d lunch")

    assert "No reminder for" in said
    assert "/opens connect" in said
    assert "if nobody replies" not in unopened


async def test_stopping_can_be_undone(desk: Desk) -> None:
    stopped = await desk.says("stop lunch")
    at = desk.books.told[0].message.stopped_at
    again = await desk.presses("unstop", message_id(desk))

    assert "Stopped tracking Lunch" in stopped
    assert "Undo" in stopped
    assert at == NOON
    assert "Lunch is tracked again." in again
    assert desk.books.told[0].message.stopped_at is None


async def test_stopping_twice_keeps_the_first_moment(desk: Desk) -> None:
    await desk.books.stop(message_id(desk), after(hours=-5))

    await desk.presses("stop", message_id(desk))

    assert desk.books.told[0].message.stopped_at == after(hours=-5)


@pytest.mark.parametrize("text", ["remind 3d nothing", "stop nothing", "remind off nothing"])
async def test_what_matches_nothing_is_said(desk: Desk, text: str) -> None:
    assert "Nothing matches “nothing”" in await desk.says(text)


async def test_a_nudge_leads_to_its_draft(desk: Desk) -> None:
    said = await desk.presses("nudge", message_id(desk))

    assert "A draft to Ada Lovelace is ready" in said
    assert "Open the draft" in said


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (TryLater("no answer"), "Gmail does not answer just now. Try again in a minute"),
        (NotAuthorized("over"), "Connect it again with /opens connect"),
        (Refused("It was answered."), "It was answered."),
    ],
)
async def test_why_there_is_no_draft_is_said_with_what_to_do(desk: Desk, failure: Exception, told: str) -> None:
    desk.nudges = Nudges(failure)

    said = await desk.presses("nudge", message_id(desk))

    assert "No draft was made." in said
    assert told in said


async def test_without_google_the_operator_is_named(desk: Desk) -> None:
    desk.nudges = None

    assert "GOOGLE_CLIENT_ID" in await desk.presses("nudge", message_id(desk))


@pytest.mark.parametrize("action", ["nudge", "remind", "snooze", "unremind", "stop", "unstop"])
async def test_nobody_presses_anything_about_a_message_of_somebody_else(desk: Desk, action: str) -> None:
    before = desk.books.told

    said = await desk.presses(action, f"3:{message_id(desk)}", user="U0PETE")

    assert "not known any more" in said
    assert desk.books.told == before
    assert desk.reminders.waiting_ones == []


@pytest.mark.parametrize("text", ["remind 3d lunch", "stop lunch", "remind off lunch"])
async def test_nobody_finds_the_messages_of_somebody_else(desk: Desk, text: str) -> None:
    assert "Nothing matches" in await desk.says(text, user="U0PETE")


async def test_a_stranger_is_told_how_to_connect(desk: Desk) -> None:
    assert "--slack-user U0NEW" in await desk.says("remind", user="U0NEW")
    assert "--slack-user U0NEW" in await desk.presses("nudge", message_id(desk), user="U0NEW")


@pytest.mark.parametrize("number", ["", "x", "nan", "inf", "-1", "0", "1e9", "200"])
async def test_a_span_that_no_menu_of_ours_says_sets_nothing(desk: Desk, number: str) -> None:
    assert "not known any more" in await desk.presses("remind", f"{number}:{message_id(desk)}")
    assert desk.reminders.waiting_ones == []


async def test_an_opened_message_is_nudged_for_an_answer(desk: Desk) -> None:
    opened = a_summary(opens=1, first_open_at=after(), last_open_at=after())
    desk.books.told = [a_report(account=MARA, subject="Lunch", summaries=[opened])]

    assert "A draft to Ada Lovelace is ready" in await desk.presses("nudge", message_id(desk))


def ada_opened_bob_did_not() -> Report:
    people = (Recipient("ada@acme.example", "Ada Lovelace"), Recipient("bob@acme.example", "Bob"))
    copies = [a_sent_copy(recipients=(one,), thread_id=one.name[:3]) for one in people]
    opened = a_summary(opens=1, first_open_at=after(), last_open_at=after())
    return a_report(*copies, account=MARA, summaries=[opened, Summary()])


@pytest.mark.parametrize(
    ("kind", "nudged"), [(ReminderKind.UNANSWERED, "to Ada Lovelace is"), (ReminderKind.UNOPENED, "to Bob is")]
)
async def test_a_nudge_is_to_those_whom_its_reminder_was_about(desk: Desk, kind: ReminderKind, nudged: str) -> None:
    report = ada_opened_bob_did_not()
    desk.books.told = [report]
    card = reminder_card(Story(report, ()), kind, after(days=3))

    assert f"A draft {nudged} ready" in await desk.presses("nudge", value_of(card, "nudge"))


async def test_a_failed_nudge_is_tried_again_for_the_same_people(desk: Desk) -> None:
    report = ada_opened_bob_did_not()
    desk.books.told, desk.nudges = [report], Nudges(TryLater("no answer"))

    failed = await desk.follow_up.presses["nudge"]("T1", "U0SENDER", f"unanswered:{report.message.id}")

    assert value_of(failed, "nudge") == f"unanswered:{report.message.id}"


async def test_snoozing_waits_for_what_its_reminder_was_about(desk: Desk) -> None:
    report = ada_opened_bob_did_not()
    desk.books.told = [report]

    card = reminder_card(Story(report, ()), ReminderKind.UNANSWERED, after(days=3))
    await desk.presses("snooze", value_of(card, "snooze"))

    assert [one.kind for one in desk.reminders.waiting_ones] == [ReminderKind.UNANSWERED]


def value_of(card: Card | None, action: str) -> str:
    assert card
    elements = [one for block in card.blocks for one in block.get("elements", ())]
    return next(str(one["value"]) for one in elements if one.get("action_id") == action)
