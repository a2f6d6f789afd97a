"""News of its own about a mail that has a card: short, and said once. The card goes on telling how things stand."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.blocks import Card, context, section, when
from bot.cards.opened import about_hit
from bot.cards.phone import Theirs, phone_line, reader_of, subject_of
from bot.cards.words import MAX_NAMES, counted, how_long, subject
from bot.plaintext import escape, sentence
from tracker.model import AlertKind, Copy, HitKind
from tracker.reporting import Story, TimelineLine
from tracker.ringing import BURST, PAUSE, WITHIN

_WEEK = timedelta(days=7)

# What they did, which stands before the subject, and what stands after it; None when it is not so.
Words = tuple[tuple[str | Theirs, ...], str] | None


def news_card(story: Story, hit_id: str, kind: AlertKind | None = None, *, mute: bool = False) -> Card:
    """What this hit is news for, or that it is none after all. Without a kind, what it now is."""
    line = next((line for line in story.timeline if line.hit_id == hit_id), None)
    kinds = (kind,) if kind else tuple(_WORDS)
    found = [(one, _WORDS[one](story, line)) for one in kinds] if line and line.begins else []
    told = next(((one, words) for one, words in found if words), None)
    if line is None or told is None:
        return _none_after_all(story, line)
    (which, (did, after)), message = told, story.report.message
    copy = next((copy for copy in story.report.copies if copy.id == line.copy_id), None)
    why = sentence(": ".join(filter(None, (escape(line.source, 100), line.reason))))
    return Card(
        phone_line(
            "Hot: " if which is AlertKind.HOT else "", reader_of(line.who, copy), *did, *subject_of(message), after
        ),
        (
            section(
                f"{_MARKS[which]}*{escape(line.who, MAX_NAMES)}*{_written(did)}*{subject(message)}*{after}",
                when(line.at),
            ),
            context(why, *_shared(copy)),
            about_hit(story.report, "Not a person…", line, mute=mute),
        ),
    )


def _none_after_all(story: Story, line: TimelineLine | None) -> Card:
    message = story.report.message
    return Card(
        phone_line("Not so after all: ", *subject_of(message)),
        (
            section(f"*{subject(message)}*", "Not so after all: what looked like a reader was none."),
            context(f"The look was not counted: {line.reason}." if line else "The look is not known any more."),
            about_hit(story.report, "Not right…", line),
        ),
    )


def _hot(story: Story, line: TimelineLine) -> Words:
    burst = [one for one in _openings(story, line) if line.at - WITHIN < one.at <= line.at]
    if line.kind is not HitKind.OPEN or len(burst) < BURST:
        return None
    first = min(one.at for one in burst)
    return (" opened ",), f" {counted(len(burst), 'time')} in {how_long(line.at - first)}"


def _back(story: Story, line: TimelineLine) -> Words:
    before = [one.at for one in story.timeline if one.begins and one.copy_id == line.copy_id and one.at < line.at]
    if line.kind is not HitKind.OPEN or not before or line.at - max(before) < PAUSE:
        return None
    return (" is back at ",), f" after {counted((line.at - max(before)) // _WEEK, 'week')}"


def _click(story: Story, line: TimelineLine) -> Words:
    if line.kind is not HitKind.CLICK:
        return None
    if line.document:
        return (" opened the document ", Theirs(line.document), " in "), ""
    return (" clicked a link in ",), ""


_WORDS: Mapping[AlertKind, Callable[[Story, TimelineLine], Words]] = {
    AlertKind.FIRST_CLICK: _click,
    AlertKind.HOT: _hot,
    AlertKind.BACK: _back,
}
_MARKS = {AlertKind.FIRST_CLICK: "✓✓ ", AlertKind.HOT: "🔥 ", AlertKind.BACK: "✓✓ "}


def _openings(story: Story, line: TimelineLine) -> list[TimelineLine]:
    return [one for one in story.timeline if one.begins and one.kind is HitKind.OPEN and one.copy_id == line.copy_id]


def _written(parts: tuple[str | Theirs, ...]) -> str:
    return "".join(part if isinstance(part, str) else escape(part.text, 40) for part in parts)


def _shared(copy: Copy | None) -> list[str]:
    """Honest about whom it may be where several share a picture."""
    return ["All recipients share one picture: it cannot name its reader."] if copy and len(copy.recipients) > 1 else []
