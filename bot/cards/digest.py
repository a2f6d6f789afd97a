"""The digest: what became of somebody's mail since the last one."""

from collections.abc import Callable, Sequence

from bot.blocks import Block, Card, actions, button, context, section, when
from bot.cards.words import counted, counts, loads, recipients, subject
from bot.charts import chart
from tracker.charts import Bars
from tracker.digesting import Digest
from tracker.noise import DigestEvery
from tracker.ports import Report
from tracker.stats import WEEKDAYS
from tracker.summing import last_read_at

_ON_A_PHONE = 4  # numbers: what is left out is what nobody can tell
_NAMED = 5  # of each kind: more is a list, and `/opens` shows lists
_TITLES = {DigestEvery.DAILY: "Your mail since the last digest", DigestEvery.WEEKLY: "Your mail last week"}


def digest_card(digest: Digest) -> Card:
    """Who opened, clicked and replied, what waits, what nobody can tell, and a week of openings as a chart."""
    title = _TITLES.get(digest.every, "Your mail")
    parts = (
        _part("Replied", digest.replied, _answered),
        _part("Clicked", _without(digest.clicked, digest.replied), _read),
        _part("Opened", _without(digest.opened, digest.clicked, digest.replied), _read),
        _part("Not opened yet", digest.unopened, _waiting),
        _part("Cannot tell", digest.unsure, _unsure),
    )
    return Card(
        f"{title}: {', '.join(_numbers(digest)[:_ON_A_PHONE])}",
        (
            section(f"*{title}*", f"since {when(digest.begin)} · {_summary(digest)}"),
            *(block for part in parts for block in part),
            *_openings(digest),
            context("An unopened mail may have been read with pictures off. `/opens` shows more."),
            actions(button("No more digests", "noise", "digest off")),
        ),
    )


def openings_chart(digest: Digest) -> Bars:
    """First openings of the last seven days, by day."""
    bars = tuple((f"{WEEKDAYS[day.weekday()]} {day.day}", number) for day, number in digest.by_day)
    return Bars("First openings, last 7 days", bars)


def _openings(digest: Digest) -> list[Block]:
    return [chart(openings_chart(digest))] if any(number for _, number in digest.by_day) else []


def _summary(digest: Digest) -> str:
    return ", ".join(_numbers(digest))


def _numbers(digest: Digest) -> list[str]:
    return [
        *([f"{len(digest.replied):,} replied"] if digest.replied else []),
        *([f"{len(digest.clicked):,} clicked"] if digest.clicked else []),
        f"{len(digest.opened):,} opened",
        *([f"{len(digest.unopened):,} not opened yet"] if digest.unopened else []),
        *([f"{len(digest.unsure):,} cannot tell"] if digest.unsure else []),
    ]


def _part(title: str, reports: Sequence[Report], what: Callable[[Report], str]) -> list[Block]:
    if not reports:
        return []
    rest = len(reports) - _NAMED
    lines = [f"• *{subject(one.message)}* · {recipients(one.copies)} · {what(one)}" for one in reports[:_NAMED]]
    more = [f"and {rest:,} more"] if rest > 0 else []
    return [section(f"*{title}*", *lines, *more)]


def _without(reports: Sequence[Report], *others: Sequence[Report]) -> list[Report]:
    """Those that stand nowhere above: each mail is named once, with all that happened to it."""
    named = {one.message.id for other in others for one in other}
    return [report for report in reports if report.message.id not in named]


def _read(report: Report) -> str:
    last = last_read_at(report.total)
    return counts(report.total) + (f", last {when(last)}" if last else "")


def _answered(report: Report) -> str:
    latest = max((one.replied_at for one in report.summaries if one.replied_at), default=None)
    return (f"{counts(report.total)}, " if counts(report.total) else "") + (f"replied {when(latest)}" if latest else "")


def _waiting(report: Report) -> str:
    return f"sent {when(report.message.sent_at)}" if report.message.sent_at else counted(0, "open")


def _unsure(report: Report) -> str:
    return f"{loads(report.total.unsure)} by services that hide who reads"
