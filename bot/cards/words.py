"""The turns of phrase that the cards share."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote

from bot.blocks import MAX_URL, Block, button, link_button, when
from bot.plaintext import escape
from tracker.model import Account, Copy, Message, Summary
from tracker.ports import Report
from tracker.summing import last_read_at
from tracker.wording import count_words, passed_on_words, who_words

SENT, OPENED, UNTRACKED = "✓", "✓✓", "–"
MAX_NAMES = 150  # room for three names, so that "(of 5)" after them is never cut off
_NAMED = 3  # recipients written out before "and 4 more"
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 open", "3 opens"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def nth_time(number: int) -> str:
    """ "3rd time"; 11th, 12th and 13th are not 11st, 12nd and 13rd."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number:,}{ending} time"


def how_long(gap: timedelta) -> str:
    """A span as people say it, in its largest unit: "2 hours"."""
    for unit, name in _UNITS:
        if gap >= unit:
            return counted(gap // unit, name)
    return "seconds"


def subject(message: Message) -> str:
    return escape(message.subject, 120) or "(no subject)"


def who(copy: Copy) -> str:
    return escape(who_words(copy), 60)


def recipients(copies: Sequence[Copy]) -> str:
    """ "Ada Lovelace, Grace Hopper and 4 more"."""
    everybody = [escape(person.label, 60) for copy in copies for person in copy.recipients]
    named = everybody if len(everybody) <= _NAMED + 1 else everybody[:_NAMED]
    rest = len(everybody) - len(named)
    return ", ".join(named) + (f" and {rest} more" if rest else "")


def fate(summary: Summary) -> str:
    """What became of a copy: "3 opens, 1 click · last today at 9:41", "not opened yet"."""
    replied = f" · replied {when(summary.replied_at)}" if summary.replied_at else ""
    if summary.opens or summary.clicks:
        last = last_read_at(summary)
        return counts(summary) + (f" · last {when(last)}" if last else "") + replied
    if summary.bounced_at:
        return "could not be delivered"
    if summary.replied_at:
        return replied.removeprefix(" · ")
    if summary.unsure:
        return f"cannot tell: {loads(summary.unsure)}, perhaps by a person"
    return "not opened yet"


def spoken(report: Report) -> str:
    """A message in one line for screen readers and notifications, where a tick may not be read out."""
    return f'"{subject(report.message)}" to {recipients(report.copies)}: {_spoken_fate(report)}'


def _spoken_fate(report: Report) -> str:
    if report.message.untracked:
        return "sent without tracking"
    said = ", ".join(words for words in map(counts, report.summaries) if words)
    return said or ("cannot tell" if report.total.unsure else "not opened yet")


def counts(summary: Summary) -> str:
    """ "3 opens, 1 click"; empty where nobody opened."""
    return count_words(summary) if summary.opens or summary.clicks else ""


def loads(number: int) -> str:
    return "loaded once" if number == 1 else f"loaded {number:,} times"


def passed_on(report: Report) -> list[str]:
    """The hints that another mail system loaded it, too."""
    return [escape(passed_on_words(one.passed_on), 200) for one in report.summaries if one.passed_on]


def ticks(report: Report) -> str:
    return UNTRACKED if report.message.untracked else report.ticks


def timeline_button(message: Message) -> Block:
    return button("Timeline", "timeline", message.id)


def gmail_button(report: Report, text: str = "Open in Gmail") -> Block | None:
    """Opens the thread in the sender's own mailbox, also where several are signed in."""
    thread = next((copy.thread_id for copy in report.copies if copy.thread_id), None)
    if not thread:
        return None
    return thread_button(report.account, thread, text)


def thread_button(account: Account, thread_id: str, text: str) -> Block | None:
    """Opens one conversation in this mailbox; a draft in it stands at its end."""
    mailbox = quote(account.email, safe="@")
    url = f"https://mail.google.com/mail/u/?authuser={mailbox}#all/{quote(thread_id, safe='')}"
    return link_button(text, "gmail", url) if len(url) <= MAX_URL else None


def all_buttons(report: Report) -> list[Block]:
    return [found for found in (timeline_button(report.message), gmail_button(report)) if found]
