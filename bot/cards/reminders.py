"""Reminders: what nobody opened or answered, and what was agreed about reminding."""

from collections.abc import Sequence
from datetime import datetime

from bot.blocks import Block, Card, actions, button, context, section, when
from bot.cards.phone import people_of, phone_line, subject_of
from bot.cards.words import (
    OPENED,
    SENT,
    counted,
    counts,
    fate,
    gmail_button,
    how_long,
    recipients,
    spoken,
    subject,
    ticks,
    timeline_button,
    who,
)
from bot.plaintext import code, escape, sentence
from bot.surfaces import more_menu
from tracker.outstanding import Outstanding, cannot_tell, first_read_at, outstanding, some_unsure
from tracker.ports import Report
from tracker.reminders import Reminder, ReminderKind
from tracker.reporting import Story
from tracker.summing import last_read_at, total_of

CHOICES = ((1, "in 1 day"), (3, "in 3 days"), (7, "in 7 days"))
SNOOZED_DAYS = 3
_COPIES_SHOWN = 8
_SHOWN = 10


def reminder_card(story: Story, kind: ReminderKind, now: datetime) -> Card | None:
    """What did not happen, what is known, and what can be done; None when it happened after all."""
    report = story.report
    pairs = outstanding(report, kind)
    if not pairs or report.message.sent_at is None:
        return None
    draw = _unopened if kind is ReminderKind.UNOPENED else _unanswered
    return draw(report, report.message.sent_at, pairs, now)


def remind_choices(report: Report) -> list[tuple[str, str]]:
    """Under an opened mail: when to be told that nobody replied."""
    kind = ReminderKind.UNANSWERED
    if not outstanding(report, kind):
        return []
    return [(f"Remind me {words}", f"remind:{days}:{kind}:{report.message.id}") for days, words in CHOICES]


def reminded_card(report: Report, reminder: Reminder) -> Card:
    """What will be said, when, and how to take it back."""
    name, at = subject(report.message), when(reminder.due_at)
    unless = "nobody opens" if reminder.kind is ReminderKind.UNOPENED else "nobody replies to"
    goes_on = reminder.kind is ReminderKind.UNOPENED and report.account.may_follow
    then = ["Once it is opened, as long after that, if nobody replies."] if goes_on else []
    return Card(
        f'I will remind you if {unless} "{name}" until then.',
        (
            section(f"*I will remind you* {at}", f"if {unless} *{name}* until then.", *then),
            actions(_stop_reminding(report)),
        ),
    )


def cannot_remind_card(report: Report, why: str) -> Card:
    """Why a reminder would never come, and what to do."""
    name = subject(report.message)
    return Card(f'No reminder for "{name}": {escape(why)}', (section(f"*No reminder for {name}*", escape(why)),))


def nothing_to_remind_card(report: Report) -> Card:
    """Why there is nothing to wait for any more."""
    name, why = subject(report.message), _closed_because(report)
    return Card(
        f'No reminder for "{name}": {why}',
        (section(f"*No reminder for {name}*", f"There is nothing to wait for: {why}"), *_ways_on(report)),
    )


def reminders_card(found: Sequence[tuple[Reminder, Report]], more: bool) -> Card:
    """What waits, the next first."""
    if not found:
        return Card(
            "No reminders are set.",
            (
                section("*No reminders are set.*", f"To set one: {code('/opens remind 3d acme')}"),
                context("In Gmail, the add-on's first page has reminders for every mail you send."),
            ),
        )
    lines = [_waiting(reminder, report) for reminder, report in found[:_SHOWN]]
    notes = ["There are more; these come first."] if more else []
    said = [f'"{subject(report.message)}"' for _, report in found[:_SHOWN]]
    return Card(
        "Reminders: " + ", ".join(said),
        (section("*Your reminders*"), *lines, context(f"To set one: {code('/opens remind 3d acme')}", *notes)),
    )


def forgotten_card(report: Report, were: bool) -> Card:
    """Nothing will be said about this message."""
    name = subject(report.message)
    title = f"No more reminders about {name}." if were else f"No reminder was set for {name}."
    return Card(title, (section(f"*{title}*", "Opens and replies are told as before." if were else ""),))


def which_card(words: str, reports: Sequence[Report], verb: str, action: str, prefix: str = "") -> Card:
    """Several messages match: which one is meant. A button's value is the prefix and the message."""
    title = f"Which one? {counted(len(reports), 'message matches', 'messages match')} “{escape(words, 80)}”"
    return Card(
        "\n".join([title, *map(spoken, reports)]),
        (
            section(f"*{title}*"),
            *(_offered(report, button(verb, action, f"{prefix}{report.message.id}")) for report in reports[:_SHOWN]),
            *([context("There are more: add a name or a word.")] if len(reports) > _SHOWN else []),
        ),
    )


def _unopened(report: Report, sent_at: datetime, pairs: Outstanding, now: datetime) -> Card:
    waited, unsure = how_long(now - sent_at), cannot_tell(pairs)
    # Where one of them cannot be told, "not opened" would be said of them, too.
    title = f"No open seen for {waited}" if some_unsure(pairs) else f"Not opened for {waited}"
    title = f"Cannot tell if it was read in {waited}" if unsure else title
    known = [sentence(fate(pairs[0][1]))] if unsure and len(pairs) == 1 else []
    note = (
        "It was loaded only by services that hide whether a person reads."
        if unsure
        else "With pictures off, it may have been read all the same."
    )
    return _told(report, pairs, ReminderKind.UNOPENED, (SENT, title), known, note)


def _unanswered(report: Report, sent_at: datetime, pairs: Outstanding, now: datetime) -> Card:
    total = total_of([summary for _, summary in pairs])
    waited, last = how_long(now - (first_read_at(pairs) or sent_at)), last_read_at(total)
    known = [f"{counts(total)}{f' · last {when(last)}' if last else ''}"] if len(pairs) == 1 else []
    title = f"Opened, and no reply for {waited}"
    note = "An answer by phone is not seen here."
    return _told(report, pairs, ReminderKind.UNANSWERED, (OPENED, title), known, note)


def _told(
    report: Report,
    pairs: Outstanding,
    kind: ReminderKind,
    heading: tuple[str, str],
    known: Sequence[str],
    note: str,
) -> Card:
    """`heading` is the ticks, which a phone does not read out, and the title."""
    name, copies, (tick, title) = subject(report.message), [copy for copy, _ in pairs], heading
    sent = f"sent {when(report.message.sent_at)}" if report.message.sent_at else ""
    them = recipients(copies) + (f" ({len(pairs)} of {len(report.copies)})" if len(report.copies) > 1 else "")
    return Card(
        phone_line(f"{title}: ", *subject_of(report.message), " to ", *people_of(copies)),
        (
            section(f"{tick} *{title}*", f"*{name}* to {them} · {sent}", *known, *_each(report, pairs)),
            context(note),
            actions(button("Draft a nudge", "nudge", f"{kind}:{report.message.id}"), *_choices(report, kind)),
        ),
    )


def _choices(report: Report, kind: ReminderKind) -> list[Block]:
    snooze = button(f"Snooze {SNOOZED_DAYS} days", "snooze", f"{SNOOZED_DAYS}:{kind}:{report.message.id}")
    gmail = gmail_button(report)
    others = [("Timeline", f"timeline:{report.message.id}"), ("Stop tracking", f"stop:{report.message.id}")]
    return [snooze, more_menu(others, ("Open in Gmail", gmail["url"]) if gmail else None)]


def _each(report: Report, pairs: Outstanding) -> list[str]:
    """Where everybody got a copy of their own: how each of those stands."""
    if len(report.copies) < 2:
        return []
    lines = [f"{who(copy)}: {fate(summary)}" for copy, summary in pairs[:_COPIES_SHOWN]]
    rest = len(pairs) - len(lines)
    return [*lines, *([f"and {counted(rest, 'other')}"] if rest else [])]


def _waiting(reminder: Reminder, report: Report) -> Block:
    unless = "if nobody opens it" if reminder.kind is ReminderKind.UNOPENED else "if it is opened and nobody replies"
    return section(
        f"{ticks(report)} *{subject(report.message)}*",
        f"{recipients(report.copies)} · {when(reminder.due_at)}, {unless}",
        beside=_stop_reminding(report),
    )


def _stop_reminding(report: Report) -> Block:
    return button("Do not remind me", "unremind", report.message.id)


def _offered(report: Report, beside: Block) -> Block:
    sent = f" · sent {when(report.message.sent_at)}" if report.message.sent_at else ""
    lines = (f"{ticks(report)} *{subject(report.message)}*", f"{recipients(report.copies)}{sent}")
    return section(*lines, beside=beside)


def _closed_because(report: Report) -> str:
    if report.message.stopped_at:
        return "you stopped tracking it."
    if report.message.untracked:
        return "it was sent without tracking."
    if report.message.sent_at is None:
        return "it is not sent yet."
    replied = any(summary.replied_at for summary in report.summaries)
    return "it was answered." if replied else "it could not be delivered."


def _ways_on(report: Report) -> list[Block]:
    return [actions(*filter(None, [timeline_button(report.message), gmail_button(report)]))]
