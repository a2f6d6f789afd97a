"""How a mail stands, in a few honest words: what came back about it, and what nobody can tell."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from tracker.following import Answer, AnswerKind
from tracker.ports import Report
from tracker.web.addon.cards.home import moment_words
from tracker.web.addon.cards.widgets import said
from tracker.wording import count_words

COUNT_ONLY = "You asked for a count alone: who opened it, when, and on what is not shown."
CANNOT_TELL = (
    "<b>Cannot tell</b> whether anybody read it: so far only programs loaded it that do so whether a mail is read or"
    " not, or that say too little about themselves."
)
MOST_SAID = 5  # replies, and addresses that were not reached


def title_of(report: Report) -> str:
    """Ticks and count, and first of all what matters more."""
    counted = f"{report.ticks} {count_words(report.total)}"
    if report.message.untracked:
        return "Sent without tracking"
    if report.total.replied_at:
        return f"Replied · {counted}"
    if all_bounced(report):
        return "Not delivered"
    return f"Partly not delivered · {counted}" if report.total.bounced_at else counted


def standings(report: Report, answers: Sequence[Answer], zone: tzinfo) -> Iterator[str]:
    """What is to be said of the whole mail, most important first. `answers` are what came back about it."""
    total = report.total
    replies = [one for one in answers if one.kind is AnswerKind.REPLY]
    bounces = [one for one in answers if one.kind is AnswerKind.BOUNCE]
    yield from (f"<b>{said(one.who, 80)} replied</b> {moment_words(one.at, zone)}." for one in replies[-MOST_SAID:])
    yield from (f"<b>Not delivered to {said(one.who, 120)}</b>: {said(one.why, 120)}." for one in bounces[-MOST_SAID:])
    if total.replied_at and not replies:
        yield f"<b>Replied</b> {moment_words(total.replied_at, zone)}."
    if total.bounced_at and not bounces:
        yield f"<b>Not delivered</b>: it came back {moment_words(total.bounced_at, zone)}."
    if total.unsure and not (total.opens or total.clicks or total.replied_at):
        yield CANNOT_TELL


def all_bounced(report: Report) -> bool:
    return bool(report.summaries) and all(summary.bounced_at for summary in report.summaries)
