"""What a sender may say against a verdict, and what comes of it."""

from bot.blocks import Block, Card, Choices, actions, context, overflow, section, select
from bot.cards.words import counted, fate, subject, ticks, timeline_button, who
from bot.plaintext import sentence
from tracker.correcting import Corrected
from tracker.model import Cause
from tracker.ports import Report

ACTION = "correct"
_CHOICES = ((Cause.SELF, "That was me"), (Cause.SCANNER, "A scanner"), (Cause.HUMAN, "A real open"))
_NOTED = {
    Cause.SELF: "Noted: that was you.",
    Cause.SCANNER: "Noted: that was a scanner.",
    Cause.HUMAN: "Noted: that was a real open.",
}
_THEIRS = {
    Cause.SELF: ("is now yours", "are now yours"),
    Cause.SCANNER: ("now counts as a scanner", "now count as a scanner"),
    Cause.HUMAN: ("is now a real open", "are now real opens"),
}


def correction_select(placeholder: str, hit_id: str) -> Block:
    """The three answers, with words that say what they are for."""
    return select(placeholder, ACTION, _options(hit_id))


def correction_menu(hit_id: str) -> Block:
    """The same behind three dots, where every line has one."""
    return overflow(ACTION, _options(hit_id))


def read_choice(value: str) -> tuple[Cause, str] | None:
    """The cause and the hit that a menu's value names; None for what no menu of ours says."""
    name, _, hit_id = value.partition(":")
    cause = next((cause for cause, _ in _CHOICES if cause == name), None)
    return (cause, hit_id) if cause and hit_id else None


def corrected_card(report: Report, corrected: Corrected, cause: Cause) -> Card:
    """What a correction changed, in words, and how the message stands now."""
    noted = _NOTED[cause]
    others = _others(corrected, cause)
    return Card(
        " ".join([noted, *others]),
        (
            section(f"*{noted}*", *others),
            context(f"{ticks(report)} {subject(report.message)} · {_standing(report)}"),
            actions(timeline_button(report.message)),
        ),
    )


def _others(corrected: Corrected, cause: Cause) -> list[str]:
    if not corrected.others:
        return []
    one, many = _THEIRS[cause]
    looks = counted(corrected.others, "other look", "other looks")
    return [f"{looks} from the same place {one if corrected.others == 1 else many}, too."]


def _standing(report: Report) -> str:
    if len(report.copies) == 1:
        return sentence(fate(report.summaries[0]))
    return ", ".join(f"{who(copy)}: {fate(each)}" for copy, each in zip(report.copies, report.summaries, strict=True))


def _options(hit_id: str) -> Choices:
    return [(words, f"{cause.value}:{hit_id}") for cause, words in _CHOICES]
