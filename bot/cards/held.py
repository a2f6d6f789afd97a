"""What happened while nothing was to ring, in one message."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import Block, Card, context, section, when
from bot.cards.words import counted, counts, recipients, subject, ticks, timeline_button, who
from bot.plaintext import code, escape, sentence
from tracker.model import AlertKind
from tracker.outstanding import outstanding
from tracker.ports import Report
from tracker.reminders import ReminderKind
from tracker.summing import last_read_at

_SHOWN = 10
_REMINDERS = {AlertKind.NOT_OPENED: ReminderKind.UNOPENED, AlertKind.NOT_ANSWERED: ReminderKind.UNANSWERED}


@dataclass(frozen=True, slots=True)
class Held:
    """A message, and what was held back about it."""

    report: Report
    kinds: frozenset[AlertKind]


def still_so(kind: AlertKind, report: Report) -> bool:
    """Whether what an alert was about is believed now, when it is told."""
    total = report.total
    if kind in _REMINDERS:
        return bool(outstanding(report, _REMINDERS[kind]))
    if kind in (AlertKind.REPLIED, AlertKind.BOUNCED):
        return bool(total.replied_at if kind is AlertKind.REPLIED else total.bounced_at)
    return bool(total.passed_on if kind is AlertKind.PASSED_ON else total.opens or total.clicks)


def held_card(held: Sequence[Held]) -> Card:
    """The messages about which something was held back: replies first, then the latest."""
    ranked = sorted(held, key=_rank)
    rest = len(ranked) - _SHOWN
    more = [context(f"and {rest:,} more: {code('/opens')} shows the latest")] if rest > 0 else []
    others = f", and {len(ranked) - 1:,} more" if len(ranked) > 1 else ""
    return Card(
        f"While it was quiet: {_headline(ranked[0])}{others}",
        (section(f"*While it was quiet* · {counted(len(ranked), 'message')}"), *map(_line, ranked[:_SHOWN]), *more),
    )


def _rank(one: Held) -> tuple[bool, bool, float]:
    at = last_read_at(one.report.total)
    return AlertKind.REPLIED not in one.kinds, AlertKind.BOUNCED not in one.kinds, -(at.timestamp() if at else 0.0)


def _headline(one: Held) -> str:
    """The news in as many words as a phone shows."""
    message, people = one.report.message, one.report.copies
    name = escape(message.subject, 34) or "(no subject)"
    person = escape(people[0].recipients[0].label, 20) if people and people[0].recipients else "somebody"
    if AlertKind.REPLIED in one.kinds:
        return f'"{name}" was answered'
    if AlertKind.BOUNCED in one.kinds:
        return f'"{name}" could not be delivered'
    if one.kinds <= set(_REMINDERS):
        return f'"{name}" waits for {person}'
    alone = len(people) == 1 and len(people[0].recipients) == 1
    return f'{person} opened "{name}"' if alone else f'"{name}" was opened'


def _line(one: Held) -> Block:
    report = one.report
    return section(
        f"{ticks(report)} *{subject(report.message)}*",
        f"{recipients(report.copies)} · {' · '.join(_parts(one))}",
        beside=timeline_button(report.message),
    )


def _parts(one: Held) -> list[str]:
    total, parts = one.report.total, []
    if total.replied_at and AlertKind.REPLIED in one.kinds:
        parts.append(f"*replied* {when(total.replied_at)}")
    if AlertKind.BOUNCED in one.kinds:
        lost = [
            who(copy) for copy, each in zip(one.report.copies, one.report.summaries, strict=True) if each.bounced_at
        ]
        parts.append(f"⚠️ could not be delivered to {', '.join(lost[:3])}")
    if counts(total):
        last = last_read_at(total)
        parts.append(counts(total) + (f", last {when(last)}" if last else ""))
    if one.kinds & set(_REMINDERS):
        parts.append(
            "no reply yet, as you asked to be told" if counts(total) else "not opened yet, as you asked to be told"
        )
    if AlertKind.PASSED_ON in one.kinds and total.passed_on:
        parts.append(f"also loaded from another mail system: {escape(total.passed_on, 60)}")
    return parts or [sentence("not opened yet")]
