"""The living card of a message: drawn from what is known now, so that drawing it again is always right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import Block, Card, actions, context, section, when
from bot.cards.correcting import correction_select
from bot.cards.phone import Theirs, phone_line, reader_of, subject_of
from bot.cards.reminders import remind_choices
from bot.cards.words import (
    MAX_NAMES,
    OPENED,
    SENT,
    all_buttons,
    counted,
    counts,
    fate,
    gmail_button,
    how_long,
    nth_time,
    passed_on,
    recipients,
    subject,
    timeline_button,
    who,
)
from bot.plaintext import escape, sentence
from bot.surfaces import more_menu
from tracker.model import Copy, Summary
from tracker.ports import Report
from tracker.reporting import Story, TimelineLine
from tracker.wording import REASONS, passed_on_words, source_words, who_words

_COPIES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class _News:
    """The latest open or click, and the copy it happened to."""

    copy: Copy
    summary: Summary
    at: datetime
    clicked: bool
    line: TimelineLine | None = None

    @property
    def who(self) -> str:
        """Whose it was, or may have been among those who share the picture."""
        return escape(self.name, MAX_NAMES)

    @property
    def name(self) -> str:
        return self.line.who if self.line else who_words(self.copy)

    @property
    def times(self) -> int:
        return self.summary.clicks if self.clicked else self.summary.opens

    @property
    def document(self) -> str:
        return self.line.document if self.clicked and self.line else ""

    @property
    def did_on_a_phone(self) -> tuple[str | Theirs, ...]:
        if self.document:
            return " opened the document ", Theirs(self.document), " in "
        return (" clicked a link in " if self.clicked else " opened ",)

    @property
    def did_boldly(self) -> str:
        """What they did, with a document's name set apart from the words around it."""
        if self.document:
            return f"opened the document *{escape(self.document, 80)}* in"
        return "clicked a link in" if self.clicked else "opened"


def worth_saying(report: Report) -> bool:
    """Whether a person opened or clicked, as far as we believe now."""
    return _latest(report, ()) is not None


def open_card(story: Story, *, mute: bool = False) -> Card:
    """Who read what, how often, how soon, and why we believe it; the retraction when nobody did after all.

    With `mute`, it can be muted.
    """
    news = _latest(story.report, story.timeline)
    if news is None:
        return retracted_card(story)
    times = _times(news, story.timeline)
    again = f" ({nth_time(times)})" if times > 1 else ""
    message = story.report.message
    first = f"{OPENED} *{news.who}* {news.did_boldly} *{subject(message)}*"
    lines = (first, _how_often(story.report, news), *_came_back(story.report))
    return Card(
        phone_line(reader_of(news.name, news.copy), *news.did_on_a_phone, *subject_of(message), again),
        (
            section(*lines),
            *_everyone(story.report),
            context(*_grounds(story.report, news)),
            about_hit(story.report, "Not a person…", news.line, mute=mute),
        ),
    )


def retracted_card(story: Story) -> Card:
    """What replaces an alert that a closer look took back."""
    name = subject(story.report.message)
    why = f": {story.timeline[0].reason}" if story.timeline else ""
    return Card(
        phone_line("Not opened after all: ", *subject_of(story.report.message)),
        (
            section(f"{SENT} *{name}*", "Not opened after all. What looked like a reader was none."),
            context(f"The latest look was not counted{why}." if why else "Nothing is known that counts as an open."),
            about_hit(story.report, "Not right…", next(iter(story.timeline), None)),
        ),
    )


def passed_on_card(story: Story, copy_id: str | None) -> Card | None:
    """The hint that a mail was loaded from another mail system, too; None when nothing says so any more."""
    told = [
        (copy, summary.passed_on)
        for copy, summary in zip(story.report.copies, story.report.summaries, strict=True)
        if summary.passed_on and copy_id in (None, copy.id)
    ]
    if not told:
        return None
    (copy, system), name = told[0], subject(story.report.message)
    return Card(
        phone_line(*subject_of(story.report.message), " was also loaded from another mail system: ", Theirs(system)),
        (
            section(f"*{name}* to {recipients([copy])}", escape(passed_on_words(system), 200)),
            context("A hint from two signs that changed together. It names nobody."),
            actions(*all_buttons(story.report)),
        ),
    )


def about_hit(report: Report, question: str, line: TimelineLine | None, *, mute: bool = False) -> Block:
    """What can be pressed under a card; the menu is about the hit that the card speaks of.

    One row where the window is narrow: what is seldom wanted is behind three dots.
    """
    timeline, gmail = timeline_button(report.message), gmail_button(report, "Gmail")
    muting = [("Mute…", f"mute:{report.message.id}")] if mute else []
    choices = [*remind_choices(report), *muting]
    others = [found for found in (gmail, more_menu(choices) if choices else None) if found]
    if line is None:
        return actions(timeline, *others)
    # Slack remembers a choice by the block's name: named for its hit, the menu is fresh for the next one.
    return {**actions(timeline, correction_select(question, line.hit_id), *others), "block_id": f"about:{line.hit_id}"}


def _latest(report: Report, timeline: Sequence[TimelineLine]) -> _News | None:
    found = [
        _News(copy, summary, at, clicked, _line_of(copy, timeline))
        for copy, summary in zip(report.copies, report.summaries, strict=True)
        for at, clicked in ((summary.last_open_at, False), (summary.last_click_at, True))
        if at is not None
    ]
    return max(found, key=lambda news: (news.at, news.clicked), default=None)


def _times(news: _News, timeline: Sequence[TimelineLine]) -> int:
    """How often it happened; with documents, to this one."""
    if not news.document:
        return news.times
    this = (news.copy.id, news.document)
    return sum(line.counts and (line.copy_id, line.document) == this for line in timeline)


def _line_of(copy: Copy, timeline: Sequence[TimelineLine]) -> TimelineLine | None:
    """The latest line of a copy that counts."""
    return next((line for line in timeline if line.counts and line.copy_id == copy.id), None)


def _how_often(report: Report, news: _News) -> str:
    first = min(filter(None, (news.summary.first_open_at, news.summary.first_click_at)), default=news.at)
    soon = _after_sending(report, first)
    if news.summary.opens + news.summary.clicks == 1:
        return f"{when(news.at)}{f', {soon}' if soon else ''}"
    said = f"{counts(news.summary)} · last {when(news.at)}"
    return f"{said}, the first {soon}" if soon else said


def _came_back(report: Report) -> list[str]:
    """Whether it was answered, or came back undelivered."""
    replied = min((one.replied_at for one in report.summaries if one.replied_at), default=None)
    bounced = min((one.bounced_at for one in report.summaries if one.bounced_at), default=None)
    said = [f"Replied {when(replied)}"] if replied else []
    return said + ([f"Could not be delivered {when(bounced)}"] if bounced else [])


def _after_sending(report: Report, at: datetime) -> str:
    sent_at = report.message.sent_at
    return f"{how_long(at - sent_at)} after you sent it" if sent_at and at >= sent_at else ""


def _everyone(report: Report) -> list[Block]:
    """One line for each person where everybody got a copy of their own."""
    if len(report.copies) < 2:
        return []
    pairs = sorted(
        zip(report.copies, report.summaries, strict=True),
        key=lambda pair: pair[1].opens + pair[1].clicks,
        reverse=True,
    )
    lines = [
        f"{OPENED if summary.opens or summary.clicks else SENT} {who(copy)} · {fate(summary)}"
        for copy, summary in pairs[:_COPIES_SHOWN]
    ]
    rest = len(pairs) - len(lines)
    return [section(*lines, *([f"and {counted(rest, 'other')}"] if rest else []))]


def _grounds(report: Report, news: _News) -> list[str]:
    reason = REASONS.get(news.summary.last_reason, "")
    source = escape(source_words(news.summary.last_client, news.summary.last_place), 100)
    why = [sentence(": ".join(filter(None, (source, reason))))] if source or reason else []
    shared = ["All recipients share one picture: it cannot name its reader."] if len(news.copy.recipients) > 1 else []
    return [*why, *shared, *passed_on(report), *_not_counted(report)] or ["Judged to be a person."]


def _not_counted(report: Report) -> list[str]:
    machines = sum(summary.machines for summary in report.summaries)
    unsure = sum(summary.unsure for summary in report.summaries)
    said = [counted(machines, "look by machines or yourself", "looks by machines or yourself")] if machines else []
    said += [counted(unsure, "unclear look")] if unsure else []
    return ["Not counted: " + ", ".join(said)] if said else []
