"""One card for many alerts at once: the ones that matter most by name, and how many others there are."""

from collections.abc import Sequence

from bot.blocks import Block, Card, context, section
from bot.cards.phone import people_of, phone_line, subject_of
from bot.cards.words import counted, counts, fate, recipients, subject, ticks, timeline_button
from bot.plaintext import code
from tracker.model import Summary
from tracker.ports import Report

NAMED = 5


def crowd_card(reports: Sequence[Report], others: int, *, hide: bool = False) -> Card | None:
    """News of these mails, the first ones named, and of so many others; None when there is none.

    With `hide`, for a channel that is not to read subjects.
    """
    named, number = reports[:NAMED], len(reports) + others
    if not named:
        return None
    rest = number - len(named)
    title = f"{counted(number, 'mail has news', 'mails have news')}"
    more = f"And {counted(rest, 'other mail')}. To see more of them: {code('/opens')}, or a name or word with it."
    last = [*([more] if rest else []), *(["Subjects are hidden here."] if hide else [])]
    first = ("a message to ", *people_of(named[0].copies)) if hide else subject_of(named[0].message)
    return Card(
        phone_line(f"{title}, first of all " if number > 1 else f"{title}: ", *first),
        (
            section(f"*{title}*", *(["So many at once are told in one message."] if rest else [])),
            *(_line(report, hide=hide) for report in named),
            *([context(*last)] if last else []),
        ),
    )


def importance(report: Report) -> tuple[int, float]:
    """Answers and bounces before clicks, clicks before opens, the latest first; the least comes first in order."""
    total: Summary = report.total
    rank = 0 if total.replied_at or total.bounced_at else 1 if total.clicks else 2 if total.opens else 3
    moments = filter(None, (total.replied_at, total.bounced_at, total.last_click_at, total.last_open_at))
    return rank, -max((at.timestamp() for at in moments), default=0.0)


def _line(report: Report, *, hide: bool) -> Block:
    total = report.total
    known = fate(report.summaries[0]) if len(report.summaries) == 1 else counts(total) or "not opened yet"
    if hide:
        return section(f"{ticks(report)} *A message to {recipients(report.copies)}*", known)
    lines = (f"{ticks(report)} *{subject(report.message)}*", f"{recipients(report.copies)} · {known}")
    return section(*lines, beside=timeline_button(report.message))
