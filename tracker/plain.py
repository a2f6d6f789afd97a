"""Answers as plain text for a terminal, and as JSON for a program."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tracker.model import Heat, Summary
from tracker.ports import Report
from tracker.questions import QuestionKind
from tracker.reporting import Answer, Story, TimelineLine
from tracker.stats import Stats
from tracker.wording import count_words, passed_on_words


def answer_lines(answer: Answer, *, hits: bool = False) -> Iterator[str]:
    """The answer, line by line; `hits` shows the names of hits, for corrections."""
    if answer.story:
        yield from _story_lines(answer.story, hits)
    elif answer.reports:
        for report in answer.reports:
            heat = answer.heats.get(report.message.id)
            yield report_line(report) + (f"  ({_heat_words(heat)})" if heat else "")
        if answer.older:
            yield f"… and more. Add words to find one, or go on with: --page {answer.older.text}"
    elif answer.question.kind is QuestionKind.MATCHING:
        yield f"Nothing tracked matches {' '.join(answer.question.words)}."
    elif answer.question.kind is QuestionKind.UNOPENED:
        days = answer.question.days
        yield f"Nothing is waiting to be opened{f' that was sent {days:g} days ago or earlier' if days else ''}."
    elif answer.question.kind is QuestionKind.HOT:
        yield "Nothing is hot: opened three times within a day, or again after two weeks, in the last 7 days."
    elif answer.question.kind in (QuestionKind.TODAY, QuestionKind.WEEK):
        span = "today" if answer.question.kind is QuestionKind.TODAY else "since Monday"
        yield f"Nothing was sent or opened {span}."
    else:
        yield "No tracked mail yet. Send one with `twotick send`."


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values; times in ISO 8601."""
    told: dict[str, Any] = {
        "question": answer.question.kind.value,
        "words": list(answer.question.words),
        "more": answer.more,
        "older": answer.older.text if answer.older else None,
        "newer": answer.newer.text if answer.newer else None,
        "messages": [_report_json(report, answer.heats.get(report.message.id)) for report in answer.reports],
    }
    if answer.story:
        told["timeline"] = [_line_json(line) for line in answer.story.timeline]
    return told


def report_line(report: Report) -> str:
    """A message as one line: ticks, recipients, subject, how often, when last."""
    who = printable(", ".join(recipient.label for copy in report.copies for recipient in copy.recipients))
    untracked = report.message.untracked is not None
    counted = "sent without tracking" if untracked else count_words(report.total) + _last(report.total)
    return f"{'–' if untracked else report.ticks:<2}  {who}  “{printable(report.message.subject)}”  {counted}"


def _story_lines(story: Story, hits: bool) -> Iterator[str]:
    yield report_line(story.report)
    if story.report.message.untracked:
        yield f"  not tracked: {story.report.message.untracked}"
    if story.report.message.left_attached:
        yield f"  still attached: {printable(story.report.message.left_attached)}"
    for summary in story.report.summaries:
        if summary.passed_on:
            yield f"  {printable(passed_on_words(summary.passed_on))}"
    for line in story.timeline:
        mark, name = "•" if line.counts else "◦", f"  {line.hit_id}" if hits else ""
        source = f" ({printable(line.source)})" if line.source else ""
        yield f"  {mark} {_moment(line.at)}{name}  {printable(line.who)}: {printable(line.what)}{source}; {line.reason}"
    if hits and story.timeline:
        yield "  One of these wrong? twotick correct --account E HIT --as me|scanner|open"


def _last(summary: Summary) -> str:
    return f", last {_moment(summary.last_open_at)}" if summary.last_open_at else ""


def _moment(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def printable(text: str) -> str:
    """Text of strangers without what could steer a terminal: control and direction characters."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))


def stats_lines(stats: Stats) -> Iterator[str]:
    """What a stretch of mail adds up to, with bars for the hours."""
    yield f"Tracked mail of the last {stats.days:g} days: {stats.sent:,} sent, {stats.opened:,} opened{_share(stats)}"
    if stats.replied:
        yield f"  {stats.replied:,} replied"
    if stats.unsure:
        yield f"  of {stats.unsure:,} nobody can tell: a privacy proxy loads every message; left out of the rate"
    if stats.middle is not None:
        yield f"  half of those opened were opened within {stats.middle}"
    highest = max(stats.by_hour) or 1
    for hour, number in enumerate(stats.by_hour if stats.opened else ()):
        yield f"  {hour:2}:00  {'█' * round(30 * number / highest):<30}  {number:,}"


def stats_json(stats: Stats) -> dict[str, Any]:
    """The same as JSON values; times in seconds, hours and weekdays on the clock of the machine."""
    return {
        "question": "stats",
        "days": stats.days,
        "sent": stats.sent,
        "opened": stats.opened,
        "unsure": stats.unsure,
        "replied": stats.replied,
        "open_rate": stats.open_rate,
        "reply_rate": stats.reply_rate,
        "median_seconds": stats.middle.total_seconds() if stats.middle is not None else None,
        "by_hour": list(stats.by_hour),
        "by_weekday": list(stats.by_weekday),
    }


def _share(stats: Stats) -> str:
    return f" ({stats.open_rate:.0%})" if stats.open_rate is not None else ""


def _heat_words(heat: Heat) -> str:
    return f"back after {heat.pause.days // 7} weeks" if heat.pause else f"{heat.openings} openings within a day"


def _report_json(report: Report, heat: Heat | None) -> dict[str, Any]:
    return {
        "id": report.message.id,
        "subject": report.message.subject,
        "sent_at": _iso(report.message.sent_at),
        "untracked": report.message.untracked,
        "hot": _heat_words(heat) if heat else None,
        "copies": [
            {
                "recipients": [recipient.address for recipient in copy.recipients],
                "opens": summary.opens,
                "clicks": summary.clicks,
                "machines": summary.machines,
                "unsure": summary.unsure,
                "first_open_at": _iso(summary.first_open_at),
                "last_open_at": _iso(summary.last_open_at),
                "passed_on": summary.passed_on,
            }
            for copy, summary in zip(report.copies, report.summaries, strict=True)
        ],
    }


def _line_json(line: TimelineLine) -> dict[str, Any]:
    return {
        "hit": line.hit_id,
        "at": _iso(line.at),
        "who": line.who,
        "what": line.what,
        "client": line.client,
        "place": line.place,
        "reason": line.reason,
        "counts": line.counts,
        "document": line.document,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
