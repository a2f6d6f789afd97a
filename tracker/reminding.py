"""Reminding: what nobody opened or answered in time is told to its sender, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from tracker.clock import Clock, new_id
from tracker.model import Alert, AlertKind
from tracker.outstanding import closed, first_read_at, outstanding
from tracker.ports import MessageBook, Report
from tracker.reminders import Reminder, ReminderBook, ReminderKind, moment_after
from tracker.wishes import PreferenceBook, Preferences

log = structlog.get_logger()

_AT_ONCE = 100
_LOOK_AGAIN = timedelta(hours=6)  # how often what waits for an answer is asked whether it was opened by now
_ALERT_OF = {ReminderKind.UNOPENED: AlertKind.NOT_OPENED, ReminderKind.UNANSWERED: AlertKind.NOT_ANSWERED}


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing to say yet: look again then."""

    due_at: datetime


class Reminding:
    def __init__(
        self, reminders: ReminderBook, messages: MessageBook, preferences: PreferenceBook, clock: Clock
    ) -> None:
        self._reminders = reminders
        self._messages = messages
        self._preferences = preferences
        self._clock = clock

    async def run_once(self) -> int:
        """Say what is due, or find that there is nothing to say; how many reminders were looked at."""
        looked_at = 0
        while due := await self._reminders.due(self._clock(), _AT_ONCE):
            for reminder in due:
                await self._decide(reminder)
            looked_at += len(due)
        return looked_at

    async def remind(self, report: Report, after: timedelta) -> Reminder | None:
        """Remind of this message when it is not opened by then or, once it was opened, not answered.

        It replaces one that was said or waits: this is also how to snooze. None
        when nothing about it is worth waiting for.
        """
        kind = next((one for one in ReminderKind if outstanding(report, one)), None)
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
        if isinstance(verdict, Later):
            await self._reminders.postpone(reminder, verdict.due_at)
        elif not verdict:
            await self._reminders.drop(reminder)
        elif await self._reminders.say(reminder, _alert(reminder, now)):
            log.info("reminded", message=reminder.message_id, kind=reminder.kind.value)


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
