"""What is still outstanding about a message: whose look, and whose answer. Pure."""

from datetime import datetime

from tracker.model import Copy, Summary
from tracker.ports import Report
from tracker.reminders import ReminderKind

Outstanding = list[tuple[Copy, Summary]]


def outstanding(report: Report, kind: ReminderKind) -> Outstanding:
    """The copies that nobody opened, or that somebody opened and nobody answered.

    A copy is closed by a reply, and by coming back; a message by its sender,
    who stopped tracking it. Of a mail without a picture nobody can tell.
    """
    return [(copy, summary) for copy, summary in _open(report) if opened(summary) is (kind is ReminderKind.UNANSWERED)]


def closed(report: Report) -> bool:
    """Whether nothing that may still happen to the message is worth waiting for."""
    return not _open(report)


def opened(summary: Summary) -> bool:
    return bool(summary.opens or summary.clicks)


def first_read_at(pairs: Outstanding) -> datetime | None:
    """When the first of these copies was opened, or a link in it clicked."""
    moments = (at for _, one in pairs for at in (one.first_open_at, one.first_click_at) if at)
    return min(moments, default=None)


def cannot_tell(pairs: Outstanding) -> bool:
    """Whether each of these unopened copies was loaded all the same, by who knows whom."""
    return all(summary.unsure for _, summary in pairs)


def _open(report: Report) -> Outstanding:
    if report.message.stopped_at or report.message.untracked:
        return []
    pairs = zip(report.copies, report.summaries, strict=True)
    return [(copy, one) for copy, one in pairs if copy.armed and not one.replied_at and not one.bounced_at]
