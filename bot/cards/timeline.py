"""Everything that happened to one message, with the reason for each verdict."""

from collections.abc import Sequence

from bot.blocks import Block, Card, actions, button, context, section, when
from bot.cards.correcting import correction_menu
from bot.cards.words import (
    MAX_NAMES,
    counted,
    fate,
    gmail_button,
    passed_on,
    recipients,
    spoken,
    subject,
    ticks,
    who,
)
from bot.plaintext import escape, sentence
from tracker.model import Message
from tracker.ports import Report
from tracker.reporting import Story, TimelineLine

_LINES_SHOWN = 20  # two blocks each, and Slack shows fifty


def timeline_card(story: Story, before: str = "") -> Card:
    """A page of lines, the latest first; what counts stands out. `before` is the last hit of the page above."""
    report = story.report
    lines = _older(story.timeline, before)
    shown, left = lines[:_LINES_SHOWN], len(lines) - _LINES_SHOWN
    hints = passed_on(report)
    return Card(
        spoken(report),
        (
            section(f"{ticks(report)} *{subject(report.message)}*", *_facts(report)),
            *([context(*hints)] if hints else []),
            *(block for line in shown for block in _told(line, report)),
            *_ways_on(report, shown[-1].hit_id if left > 0 else "", left),
        ),
    )


def read_page(value: str) -> tuple[str, str]:
    """The message that a button's value names, and the hit before which to go on."""
    message_id, _, before = value.partition(":")
    return message_id, before


def _older(lines: Sequence[TimelineLine], before: str) -> Sequence[TimelineLine]:
    """What comes after the page above: named by a hit, as newer ones may have come meanwhile."""
    at = next((number for number, line in enumerate(lines) if line.hit_id == before), -1)
    return lines[at + 1 :]


def _facts(report: Report) -> list[str]:
    message = report.message
    sent = f" · sent {when(message.sent_at)}" if message.sent_at else " · not sent yet"
    facts = [f"To {recipients(report.copies)}{sent}"]
    if message.untracked:
        return [*facts, f"Sent without tracking: {escape(message.untracked, 200)}"]
    if message.left_attached:
        facts.append(f"Still attached: {escape(message.left_attached, 300)}")
    if len(report.copies) == 1:
        return [*facts, sentence(fate(report.summaries[0]))]
    return [*facts, *(f"{who(copy)}: {fate(each)}" for copy, each in zip(report.copies, report.summaries, strict=True))]


def _told(line: TimelineLine, report: Report) -> tuple[Block, Block]:
    """What happened, by whom as far as anybody can tell, and in small grey print why we believe it."""
    said = escape(line.what, 160)
    what = f"*{said}*" if line.counts else said
    circumstances = " · ".join(filter(None, (_whose(line, report), escape(line.source, 100))))
    lines = filter(None, (f"{what} · {when(line.at)}", sentence(circumstances)))
    return section(*lines, beside=correction_menu(line.hit_id)), context(sentence(line.reason))


def _whose(line: TimelineLine, report: Report) -> str:
    """Whose copy it was where each has one; where they share one, who may have read it, which no machine did."""
    if len(report.copies) > 1 or (line.counts and len(report.copies[0].recipients) > 1):
        return escape(line.who, MAX_NAMES)
    return ""


def _ways_on(report: Report, last: str, left: int) -> list[Block]:
    earlier = [_earlier_button(report.message, last, left)] if left > 0 else []
    buttons = [*earlier, *filter(None, [gmail_button(report)])]
    return [actions(*buttons)] if buttons else []


def _earlier_button(message: Message, last: str, left: int) -> Block:
    return button(counted(left, "earlier look"), "timeline", f"{message.id}:{last}")
