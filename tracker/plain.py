"""Answers as plain text for a terminal, and as JSON for a program."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tracker.model import Summary
from tracker.ports import Report
from tracker.questions import QuestionKind
from tracker.reporting import Answer, Story, TimelineLine
from tracker.wording import count_words, passed_on_words


def answer_lines(answer: Answer, *, hits: bool = False) -> Iterator[str]:
    """The answer, line by line; `hits` shows the names of hits, for corrections."""
    if answer.story:
        yield from _story_lines(answer.story, hits)
    elif answer.reports:
        yield from map(report_line, answer.reports)
        if answer.more:
            yield "… and more. Add words to find one: a name, an address, a part of the subject."
    elif answer.question.kind is QuestionKind.MATCHING:
        yield f"Nothing tracked matches {' '.join(answer.question.words)}."
    elif answer.question.kind is QuestionKind.UNOPENED:
        days = answer.question.days
        yield f"Nothing is waiting to be opened{f' that was sent {days:g} days ago or earlier' if days else ''}."
    else:
        yield "No tracked mail yet. Send one with `twotick send`."


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values; times in ISO 8601."""
    told: dict[str, Any] = {
        "question": answer.question.kind.value,
        "words": list(answer.question.words),
        "more": answer.more,
        "messages": [_report_json(report) for report in answer.reports],
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


def _report_json(report: Report) -> dict[str, Any]:
    return {
        "id": report.message.id,
        "subject": report.message.subject,
        "sent_at": _iso(report.message.sent_at),
        "untracked": report.message.untracked,
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
