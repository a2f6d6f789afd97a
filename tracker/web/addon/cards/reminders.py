"""Reminders in Gmail: for every mail, and for the one that is open."""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from tracker.outstanding import closed
from tracker.ports import Report
from tracker.reminders import Reminder, ReminderKind, ReminderState
from tracker.web.addon import paths
from tracker.web.addon.cards.widgets import Address, Json, choice, line, press
from tracker.wishes import Preferences

DEFAULT_DAYS = (0, 1, 2, 3, 5, 7, 14)
DAYS = (0, 1, 3, 7)
_UNLESS = {
    ReminderKind.UNOPENED: "if nobody opens it",
    ReminderKind.UNANSWERED: "if it is opened and nobody replies",
}


def reminder_defaults(preferences: Preferences, prefer: Callable[[str], Json]) -> list[Json]:
    """After how long to be reminded of each mail that is sent from now on."""
    options = [(str(days), _after(days)) for days in DEFAULT_DAYS]
    wanted = (
        ("remind_unopened_days", "Remind me when a mail is not opened", preferences.remind_unopened_days),
        ("remind_unanswered_days", "Remind me when it is opened and not answered", preferences.remind_unanswered_days),
    )
    return [choice(name, label, options, str(days), prefer(name)) for name, label, days in wanted]


def reminder_widgets(report: Report, reminders: Sequence[Reminder], zone: tzinfo, address: Address) -> list[Json]:
    """What is set for this mail, and the way to change it; nothing where there is nothing to wait for."""
    if closed(report):
        return []
    waiting = [one for one in reminders if one.state is ReminderState.WAITING]
    options = [(str(days), f"In {_days(days)}" if days else "No reminder") for days in DAYS]
    chosen = "" if waiting else "0"
    change = press(address(paths.REMIND), {"message": report.message.id})
    return [*(_set(one, zone) for one in waiting), choice("remind", "Remind me", options, chosen, change)]


def remind_word(reminder: Reminder | None, zone: tzinfo) -> str:
    """What to say once one is set, or cannot be."""
    if reminder is None:
        return "There is nothing to wait for any more."
    return f"You are reminded {_moment(reminder.due_at, zone)}, {_UNLESS[reminder.kind]}."


def _set(reminder: Reminder, zone: tzinfo) -> Json:
    return line(f"Reminder {_moment(reminder.due_at, zone)}", below=_UNLESS[reminder.kind])


def _moment(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%a %-d %b, %H:%M")


def _after(days: int) -> str:
    return f"after {_days(days)}" if days else "never"


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
