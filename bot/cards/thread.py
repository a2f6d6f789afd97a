"""The thread under a living card: a line for what came after it, or one for all that came meanwhile."""

from collections.abc import Sequence
from datetime import datetime

from bot.blocks import Card, when
from bot.cards.words import MAX_NAMES, counted
from bot.plaintext import escape
from tracker.model import HitKind
from tracker.reporting import Story, TimelineLine


def untold(story: Story, told_at: datetime | None) -> Sequence[TimelineLine]:
    """The openings and clicks after this moment, oldest first."""
    lines = [line for line in reversed(story.timeline) if line.begins]
    return [line for line in lines if told_at is None or line.at > told_at]


def line_card(story: Story, lines: Sequence[TimelineLine]) -> Card | None:
    """One line for these openings and clicks; None when there are none."""
    if not lines:
        return None
    return Card(_of_one(story, lines[0]) if len(lines) == 1 else _of_many(lines))


def _of_one(story: Story, line: TimelineLine) -> str:
    again = any(one.begins and one.copy_id == line.copy_id and one.at < line.at for one in story.timeline)
    name, source = escape(line.who, MAX_NAMES), escape(line.source, 100)
    if line.document:
        did = f"opened the document {escape(line.document, 80)}"
    else:
        did = "clicked a link" if line.kind is HitKind.CLICK else f"opened it{' again' if again else ''}"
    return f"{name} {did} {when(line.at)}" + (f" · {source}" if source else "")


def _of_many(lines: Sequence[TimelineLine]) -> str:
    openings = sum(line.kind is HitKind.OPEN for line in lines)
    clicks = len(lines) - openings
    counts = [counted(openings, "more opening")] if openings else []
    counts += [counted(clicks, "more click")] if clicks else []
    return f"{' and '.join(counts)} since {when(lines[0].at)}"
