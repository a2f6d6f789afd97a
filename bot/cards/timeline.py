"""Everything that happened to one message, with the reason for each verdict."""

from datetime import UTC, datetime

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
from tracker.paging import Turn, read_turn
from tracker.ports import Report
from tracker.reporting import LINES, Story, TimelineLine
from tracker.summing import last_read_at

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
OLDER_LOOKS, NEWER_LOOKS = "timeline", "newer_looks"
_COPIES_SHOWN = 15  # of a mail with a copy for each recipient, those of which there is most to say first


def timeline_card(story: Story) -> Card:
    """A page of lines, the latest first; what counts stands out."""
    report = story.report
    hints = passed_on(report)
    return Card(
        spoken(report),
        (
            section(f"{ticks(report)} *{subject(report.message)}*", *_facts(report)),
            *([context(*hints)] if hints else []),
            *(block for line in story.timeline[:LINES] for block in _told(line, report)),
            *_ways_on(story),
        ),
    )


def read_page(value: str) -> tuple[str, Turn | None]:
    """The message that a button's value names, and which page of its timeline; None for the latest."""
    message_id, _, turn = value.partition(":")
    return message_id, read_turn(turn)


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
    return [*facts, *_each_copy(report)]


def _each_copy(report: Report) -> list[str]:
    """A line a copy; of many the latest read first, and how many more there are."""
    pairs = list(zip(report.copies, report.summaries, strict=True))
    if len(pairs) > _COPIES_SHOWN:
        pairs.sort(key=lambda pair: (last_read_at(pair[1]) or _NEVER, pair[1].unsure), reverse=True)
    lines = [f"{who(copy)}: {fate(each)}" for copy, each in pairs[:_COPIES_SHOWN]]
    rest = pairs[_COPIES_SHOWN:]
    opened = sum(bool(each.opens or each.clicks) for _, each in rest)
    return [*lines, f"and {counted(len(rest), 'more recipient')}, {opened:,} of whom opened it"] if rest else lines


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


def _ways_on(story: Story) -> list[Block]:
    message = story.report.message
    turns = (("Newer looks", NEWER_LOOKS, story.newer), ("Older looks", OLDER_LOOKS, story.older))
    buttons = [button(text, name, f"{message.id}:{turn.text}") for text, name, turn in turns if turn]
    buttons += filter(None, [gmail_button(story.report)])
    return [actions(*buttons)] if buttons else []
