"""Everything that happened to one message, with the reason for each verdict."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.blocks import Block, Card, actions, context, section, when
from bot.cards.words import counted, fate, gmail_button, recipients, spoken, subject, ticks, who
from bot.plaintext import escape, sentence
from tracker.ports import Report
from tracker.reporting import Story, TimelineLine

_LINES_SHOWN = 20  # two blocks each at most, and Slack shows fifty
_NOTES_A_BLOCK = 10


def timeline_card(story: Story) -> Card:
    """What counts stands out, what does not is told with its reason; the latest comes first."""
    report = story.report
    shown, earlier = story.timeline[:_LINES_SHOWN], len(story.timeline) - _LINES_SHOWN
    named = len(report.copies) > 1
    gmail = gmail_button(report)
    return Card(
        spoken(report),
        (
            section(f"{ticks(report)} *{subject(report.message)}*", *_facts(report)),
            *_told(shown, named),
            *([context(f"and {counted(earlier, 'earlier look')}")] if earlier > 0 else []),
            *([actions(gmail)] if gmail else []),
        ),
    )


def _facts(report: Report) -> list[str]:
    message = report.message
    sent = f" · sent {when(message.sent_at)}" if message.sent_at else " · not sent yet"
    facts = [f"To {recipients(report.copies)}{sent}"]
    if message.untracked:
        return [*facts, f"Sent without tracking: {escape(message.untracked, 200)}"]
    if len(report.copies) == 1:
        return [*facts, sentence(fate(report.summaries[0]))]
    return [*facts, *(f"{who(copy)}: {fate(each)}" for copy, each in zip(report.copies, report.summaries, strict=True))]


def _told(lines: Sequence[TimelineLine], named: bool) -> Iterator[Block]:
    """Opens and clicks as text, what does not count as grey notes between them."""
    for counts_now, group in groupby(lines, key=lambda line: line.counts):
        said = list(group)
        if counts_now:
            yield from (block for line in said for block in _counted(line, named))
        else:
            starts = range(0, len(said), _NOTES_A_BLOCK)
            yield from (context(*(_note(line, named) for line in said[at : at + _NOTES_A_BLOCK])) for at in starts)


def _counted(line: TimelineLine, named: bool) -> tuple[Block, Block]:
    return section(f"*{line.what}* · {_circumstances(line, named)}"), context(sentence(line.reason))


def _note(line: TimelineLine, named: bool) -> str:
    return f"{line.what} · {_circumstances(line, named)}: {line.reason}"


def _circumstances(line: TimelineLine, named: bool) -> str:
    by = f" · {escape(line.who, 60)}" if named else ""
    client = f" · {escape(line.client, 60)}" if line.client else ""
    return f"{when(line.at)}{by}{client}"
