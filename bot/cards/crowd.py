"""One card for many alerts at once: the ones that matter most by name, and how many others there are."""

from collections.abc import Sequence

from bot.blocks import Block, Card, context, section
from bot.cards.phone import phone_line, subject_of
from bot.cards.words import counted, counts, fate, recipients, subject, ticks, timeline_button
from bot.plaintext import code
from tracker.model import Summary
from tracker.ports import Report

NAMED = 5


def crowd_card(reports: Sequence[Report], others: int) -> Card | None:
    """News of these mails, the first ones named, and of so many others; None when there is none."""
    named, number = reports[:NAMED], len(reports) + others
    if not named:
        return None
    rest = number - len(named)
    title = f"{counted(number, 'mail has news', 'mails have news')}"
    hint = f"To see more of them: {code('/opens')}, or a name or word with it."
    return Card(
        phone_line(f"{title}, first of all " if number > 1 else f"{title}: ", *subject_of(named[0].message)),
        (
            section(f"*{title}*", *(["So many at once are told in one message."] if rest else [])),
            *map(_line, named),
            *([context(f"And {counted(rest, 'other mail')}. {hint}")] if rest else []),
        ),
    )


def importance(report: Report) -> tuple[int, float]:
    """Answers and bounces before clicks, clicks before opens, the latest first; the least comes first in order."""
    total: Summary = report.total
    rank = 0 if total.replied_at or total.bounced_at else 1 if total.clicks else 2 if total.opens else 3
    moments = filter(None, (total.replied_at, total.bounced_at, total.last_click_at, total.last_open_at))
    return rank, -max((at.timestamp() for at in moments), default=0.0)


def _line(report: Report) -> Block:
    total = report.total
    known = fate(report.summaries[0]) if len(report.summaries) == 1 else counts(total) or "not opened yet"
    lines = (f"{ticks(report)} *{subject(report.message)}*", f"{recipients(report.copies)} · {known}")
    return section(*lines, beside=timeline_button(report.message))
