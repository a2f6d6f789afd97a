"""The board in Home: messages that want action, in groups, each with what can be done about it."""

from collections.abc import Iterator
from datetime import datetime

from bot.blocks import Block, actions, button, context, section, when
from bot.cards.reminders import SNOOZED_DAYS
from bot.cards.words import counted, fate, gmail_button, how_long, recipients, subject, ticks
from bot.plaintext import code, escape
from bot.surfaces import more_menu
from tracker.board import Board, Entry, Want
from tracker.model import Heat, Message
from tracker.outstanding import outstanding
from tracker.reminders import ReminderKind
from tracker.summing import total_of

SHOWN = 5
_DIVIDER: Block = {"type": "divider"}


def board_blocks(board: Board, now: datetime) -> Iterator[Block]:
    """Each group that has something, under what it wants; what to do where none has."""
    if board.empty:
        yield _empty(board)
    for want, entries in board.groups.items():
        if entries:
            yield _DIVIDER
            yield section(f"*{_title(want, board)}*  ·  {len(entries):,}", _advice(want))
            for entry in entries[:SHOWN]:
                yield from _entry(entry, now, several=board.several)
            if len(entries) > SHOWN:
                yield context(_rest(want, board, len(entries) - SHOWN))


def _empty(board: Board) -> Block:
    if not board.any_sent:
        return section(
            "*Nothing tracked yet*",
            "Press *Send a tracked mail* above, or Send tracked in Gmail. What wants your attention will stand here.",
        )
    days = counted(max(board.unopened_days, board.unanswered_days), "day")
    return section(
        "*Nothing needs you*",
        f"All you sent tracked in the last 60 days was answered, or is younger than {days}, or waits for a reminder.",
        f"{code('/opens')} shows the latest.",
    )


def _title(want: Want, board: Board) -> str:
    match want:
        case Want.WARM:
            return "Warm now"
        case Want.UNANSWERED:
            return f"Opened, no reply for {counted(board.unanswered_days, 'day')}"
        case Want.UNOPENED:
            return f"Not opened for {counted(board.unopened_days, 'day')}"
        case Want.UNSURE:
            return "Cannot tell whether it was opened"


def _advice(want: Want) -> str:
    match want:
        case Want.WARM:
            return "Read again and again, or again after a long pause: a good moment to call."
        case Want.UNANSWERED:
            return "They have seen it. A short nudge helps."
        case Want.UNOPENED:
            return "Perhaps read with pictures off. Perhaps another subject, or another hour."
        case Want.UNSURE:
            return "Loaded only by services that hide whether a person reads."


def _entry(entry: Entry, now: datetime, *, several: bool) -> Iterator[Block]:
    report, message = entry.report, entry.report.message
    mailbox = f" · from {escape(report.account.email, 60)}" if several else ""
    yield section(
        f"{ticks(report)} *{subject(message)}*",
        f"{recipients(report.copies)} · {_why(entry, now)}{mailbox}",
    )
    gmail = gmail_button(report)
    choices = [("Timeline", f"timeline:{message.id}"), ("Stop tracking", f"stop:{message.id}")]
    yield actions(
        button("Draft a nudge", "nudge", message.id),
        button(f"Snooze {SNOOZED_DAYS} days", "snooze", f"{SNOOZED_DAYS}:{message.id}"),
        more_menu(choices, ("Open in Gmail", gmail["url"]) if gmail else None),
    )


def _why(entry: Entry, now: datetime) -> str:
    if entry.heat:
        return f"{_heat(entry.heat)} · last {when(entry.heat.at)}"
    open_ones = [
        summary for kind in ReminderKind for _, summary in outstanding(entry.report, kind)
    ]  # what is closed by a reply says nothing about what is not
    total = total_of(open_ones)
    read = fate(total)
    return read if total.opens or total.clicks else f"{read} · {_sent(entry.report.message, now)}"


def _heat(heat: Heat) -> str:
    if heat.openings:
        return f"hot: {counted(heat.openings, 'opening')} in a day"
    return f"back after {how_long(heat.pause)}"


def _sent(message: Message, now: datetime) -> str:
    return f"sent {how_long(now - message.sent_at)} ago" if message.sent_at else "sent"


def _rest(want: Want, board: Board, number: int) -> str:
    rest = f"and {number:,} more"
    match want:
        case Want.WARM:
            return f"{rest}: {code('/opens hot')}"
        case Want.UNOPENED | Want.UNSURE:
            return f"{rest}: {code(f'/opens unopened {board.unopened_days}d')}"
        case Want.UNANSWERED:
            return f"{rest}; they move up as you nudge, snooze or stop these"
