"""Following up: what people are answered who ask to be reminded, to nudge, or to stop tracking."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from bot.blocks import Card
from bot.cards import empty_card, gone_card, not_connected_card
from bot.cards.nudges import cannot_nudge_card, nudge_failed_card, nudged_card, stopped_card, tracked_again_card
from bot.cards.reasons import NO_REMINDER, NUDGE_ASLEEP, NUDGE_WITHDRAWN
from bot.cards.reminders import (
    cannot_remind_card,
    forgotten_card,
    nothing_to_remind_card,
    reminded_card,
    reminders_card,
    which_card,
)
from bot.grammar_of_reminders import NoReminder, Remind, Stop
from tracker.clock import Clock, utc_now
from tracker.model import Account, Copy
from tracker.nudging import to_nudge
from tracker.ports import AccountBook, MessageBook, NotAuthorized, Refused, Report, TryLater
from tracker.questions import Question, QuestionKind
from tracker.reminders import Reminder, ReminderBook, ReminderKind

_SHOWN = 10
_LONGEST = timedelta(days=180)

Wish = Remind | NoReminder | Stop
Answered = Callable[[Report, str], Awaitable[Card]]


class Reminders(Protocol):
    """Where reminders are set; `Reminding` keeps them."""

    async def remind(self, report: Report, after: timedelta, of: ReminderKind | None = None) -> Reminder | None:
        """Set one; None when there is nothing to wait for. Raises Refused in words for the sender."""


class Nudges(Protocol):
    """Where drafts are made; `Nudging` makes them."""

    async def draft(self, report: Report, why: ReminderKind | None = None) -> Sequence[Copy]:
        """Make them once; for which copies. Raises Refused, TryLater, NotAuthorized."""


class FollowUp:
    """Speaks to one person about their own messages only; of somebody else's it says the same as of none."""

    def __init__(
        self,
        accounts: AccountBook,
        messages: MessageBook,
        book: ReminderBook,
        reminders: Reminders,
        nudges: Nudges | None = None,
        clock: Clock = utc_now,
        *,
        connect_by_command: bool = False,
    ) -> None:
        self._accounts = accounts
        self._messages = messages
        self._book = book
        self._reminders = reminders
        self._nudges = nudges
        self._clock = clock
        self._connect_by_command = connect_by_command

    @property
    def presses(self) -> Mapping[str, Callable[[str, str, str], Awaitable[Card]]]:
        """What answers which button or menu, by its `action_id`."""
        answers: Mapping[str, Answered] = {
            "nudge": self._nudge,
            "remind": self._remind_after_days,
            "snooze": self._remind_after_days,
            "unremind": self._unremind,
            "stop": self._stop,
            "unstop": self._unstop,
        }
        return {name: self._of_own(answer) for name, answer in answers.items()}

    async def answer(self, team: str, user: str, wish: Wish) -> Card:
        """The answer to a typed wish."""
        accounts = await self._accounts.of_slack_user(team, user)
        if not accounts:
            return self._not_connected(user)
        if isinstance(wish, Remind) and wish.shows:
            return await self._all_reminders(accounts)
        found = await self._messages.search([one.id for one in accounts], wish.words, _SHOWN + 1)
        if not found:
            return empty_card(Question(QuestionKind.MATCHING, wish.words), accounts[0].email)
        if len(found) > 1:
            return _which(wish, found)
        match wish:
            case Remind():
                return await self._remind(found[0], wish.after)
            case NoReminder():
                return await self._unremind(found[0], "")
            case Stop():
                return await self._stop(found[0], "")

    def _of_own(self, answer: Answered) -> Callable[[str, str, str], Awaitable[Card]]:
        async def pressed(team: str, user: str, value: str) -> Card:
            accounts = await self._accounts.of_slack_user(team, user)
            if not accounts:
                return self._not_connected(user)
            asked, _, message_id = value.rpartition(":")
            report = await self._messages.report(message_id)
            if report is None or report.account.id not in {account.id for account in accounts}:
                return gone_card()
            return await answer(report, asked)

        return pressed

    async def _remind_after_days(self, report: Report, asked: str) -> Card:
        number, _, kind = asked.partition(":")
        try:
            after = timedelta(days=float(number))
        except (ValueError, OverflowError):
            return gone_card()
        return await self._remind(report, after, _kind(kind)) if timedelta(0) < after <= _LONGEST else gone_card()

    async def _remind(self, report: Report, after: timedelta, of: ReminderKind | None = None) -> Card:
        try:
            reminder = await self._reminders.remind(report, after, of)
        except Refused as refusal:
            return cannot_remind_card(report, str(refusal))
        return reminded_card(report, reminder) if reminder else nothing_to_remind_card(report)

    async def _unremind(self, report: Report, _: str) -> Card:
        return forgotten_card(report, await self._book.forget(report.message.id))

    async def _stop(self, report: Report, _: str) -> Card:
        if report.message.stopped_at is None:
            await self._messages.stop(report.message.id, self._clock())
        return stopped_card(report)

    async def _unstop(self, report: Report, _: str) -> Card:
        if report.message.stopped_at is not None:
            await self._messages.stop(report.message.id, None)
        return tracked_again_card(report)

    async def _nudge(self, report: Report, asked: str) -> Card:
        why = _kind(asked)
        if self._nudges is None:
            return cannot_nudge_card()
        try:
            copies = await self._nudges.draft(report, why)
        except Refused as refusal:
            return nudge_failed_card(report, str(refusal), why)
        except TryLater:
            return nudge_failed_card(report, NUDGE_ASLEEP, why)
        except NotAuthorized:
            return nudge_failed_card(report, NUDGE_WITHDRAWN, why)
        return nudged_card(report, copies, len(to_nudge(report, why)) - len(copies))

    async def _all_reminders(self, accounts: Sequence[Account]) -> Card:
        waiting = await self._book.waiting([account.id for account in accounts], _SHOWN + 1)
        reports = [(one, await self._messages.report(one.message_id)) for one in waiting[:_SHOWN]]
        return reminders_card([(one, report) for one, report in reports if report], len(waiting) > _SHOWN)

    def _not_connected(self, user: str) -> Card:
        return not_connected_card(user, by_command=self._connect_by_command)


def _kind(text: str) -> ReminderKind | None:
    """Which reminder a button stood under; None for one that names none, as those of earlier versions."""
    return next((kind for kind in ReminderKind if kind == text), None)


def _which(wish: Wish, found: Sequence[Report]) -> Card:
    words = " ".join(wish.words)
    match wish:
        case Remind():
            return which_card(words, found, "Remind me", "remind", f"{wish.after / timedelta(days=1):g}:")
        case NoReminder():
            return which_card(words, found, NO_REMINDER, "unremind")
        case Stop():
            return which_card(words, found, "Stop tracking", "stop")
