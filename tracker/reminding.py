"""Reminding: what nobody opened or answered in time is told to its sender, once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from tracker.clock import Clock, new_id
from tracker.following import FollowBook
from tracker.model import AccountState, Alert, AlertKind
from tracker.outstanding import closed, first_read_at, outstanding
from tracker.ports import MessageBook, Refused, Report
from tracker.reminders import Reminder, ReminderBook, ReminderKind, moment_after
from tracker.wishes import PreferenceBook, Preferences

log = structlog.get_logger()

_AT_ONCE = 100
_LOOK_AGAIN = timedelta(hours=6)  # how often what waits for an answer is asked whether it was opened by now
_BEHIND = timedelta(minutes=15)  # a mailbox in which nothing happens is noted as followed every five minutes
_LOOKED_INTO_AGAIN = timedelta(minutes=10)
NOT_FOLLOWED = (
    "Twotick may only send from this mailbox, so that it sees no replies. Type /opens connect, allow it to read the"
    " mailbox, and set the reminder again."
)
_ALERT_OF = {ReminderKind.UNOPENED: AlertKind.NOT_OPENED, ReminderKind.UNANSWERED: AlertKind.NOT_ANSWERED}


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing to say yet: look again then."""

    due_at: datetime


class Reminding:
    def __init__(
        self,
        reminders: ReminderBook,
        messages: MessageBook,
        preferences: PreferenceBook,
        clock: Clock,
        following: FollowBook | None = None,
    ) -> None:
        self._reminders = reminders
        self._messages = messages
        self._preferences = preferences
        self._clock = clock
        self._following = following

    async def run_once(self) -> int:
        """Say what is due, or find that there is nothing to say; how many reminders were looked at."""
        looked_at = 0
        while due := await self._reminders.due(self._clock(), _AT_ONCE):
            for reminder in due:
                await self._decide(reminder)
            looked_at += len(due)
        return looked_at

    async def remind(self, report: Report, after: timedelta, of: ReminderKind | None = None) -> Reminder | None:
        """Remind of this message when it is not opened by then or, once it was opened, not answered.

        Where each has a copy, both may be outstanding: `of` says which is meant.
        It replaces one that was said or waits: this is also how to snooze. None
        when nothing about it is worth waiting for. Raises Refused where no reply would be seen.
        """
        kind = next((one for one in ((of,) if of else ReminderKind) if outstanding(report, one)), None)
        if kind is ReminderKind.UNANSWERED and not report.account.may_follow:
            raise Refused(NOT_FOLLOWED)
        return await self._set(report, kind, after) if kind else None

    async def _set(self, report: Report, kind: ReminderKind, after: timedelta) -> Reminder | None:
        now, message = self._clock(), report.message
        due_at = moment_after(now, after)
        made = Reminder(new_id(), message.account_id, message.id, kind, now, after, due_at, by_hand=True)
        return made if await self._reminders.put(made) else None

    async def _decide(self, reminder: Reminder) -> None:
        report = await self._messages.report(reminder.message_id)
        now = self._clock()
        wanted = reminder.by_hand or _wanted(reminder, await self._preferences.of(reminder.account_id))
        verdict = decision(reminder, report, now) if report and wanted else False
        if report and verdict is True and not await self._would_know(reminder, report):
            verdict = Later(now + _LOOKED_INTO_AGAIN)
        if isinstance(verdict, Later):
            await self._reminders.postpone(reminder, verdict.due_at)
        elif not verdict:
            if report and wanted:
                await self._go_on(reminder, report)
            await self._reminders.drop(reminder)
        elif await self._reminders.say(reminder, _alert(reminder, now)):
            log.info("reminded", message=reminder.message_id, kind=reminder.kind.value)

    async def _go_on(self, reminder: Reminder, report: Report) -> None:
        """What was asked for by hand and opened in time waits for a reply from then on."""
        if following := followed_by(reminder, report):
            set_already = await self._reminders.of(reminder.message_id)
            if not any(_instead(one, following) for one in set_already):
                await self._reminders.put(following)

    async def _would_know(self, reminder: Reminder, report: Report) -> bool:
        """Whether a reply until then would be known: not from a mailbox into which nobody could look."""
        if reminder.kind is ReminderKind.UNOPENED or self._following is None:
            return True
        at = (await self._following.where(report.account.id)).at
        return report.account.state is AccountState.CONNECTED and at is not None and at >= reminder.due_at - _BEHIND


def decision(reminder: Reminder, report: Report, now: datetime) -> bool | Later:
    """Whether a due reminder is to be said: no when it is moot, later when its time has not come after all."""
    if closed(report):
        return False
    pairs = outstanding(report, reminder.kind)
    if reminder.kind is ReminderKind.UNOPENED:
        return bool(pairs)
    read_at = first_read_at(pairs)
    if read_at is None:
        return Later(now + _LOOK_AGAIN)
    due_at = moment_after(read_at, reminder.after)
    return True if due_at <= now else Later(due_at)


def followed_by(reminder: Reminder, report: Report) -> Reminder | None:
    """The wait for a reply that a wish by hand turns into, once the message was opened; None when it is over.

    Its name comes of the first one's, so that interrupted and repeated it is said once.
    """
    pairs = outstanding(report, ReminderKind.UNANSWERED)
    read_at = first_read_at(pairs)
    first = reminder.by_hand and reminder.kind is ReminderKind.UNOPENED
    if not first or read_at is None or not report.account.may_follow:
        return None
    due_at = moment_after(max(read_at, reminder.set_at), reminder.after)
    return replace(reminder, id=f"{reminder.id}-reply", kind=ReminderKind.UNANSWERED, due_at=due_at)


def _instead(other: Reminder, following: Reminder) -> bool:
    """Whether its owner asked for a reminder of the reply by themselves, or this is it already."""
    return other.kind is following.kind and other.by_hand and other.set_at >= following.set_at


def _wanted(reminder: Reminder, preferences: Preferences) -> bool:
    """Whether the owner still wants to hear of this by default."""
    unopened = reminder.kind is ReminderKind.UNOPENED
    return bool(preferences.remind_unopened_days if unopened else preferences.remind_unanswered_days)


def _alert(reminder: Reminder, now: datetime) -> Alert:
    return Alert(
        id=new_id(),
        key=f"reminder:{reminder.id}",
        kind=_ALERT_OF[reminder.kind],
        account_id=reminder.account_id,
        due_at=now,
        message_id=reminder.message_id,
    )
