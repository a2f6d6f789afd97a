"""The answer to /opens doctor: one line for each thing that has to work."""

from collections.abc import Sequence

from bot.blocks import Card, context, section
from bot.cards.words import counted
from bot.plaintext import escape, sentence
from tracker.checkup import Finding, State, worst_first

_MARKS = {State.OK: "✓", State.LOOK: "△", State.BROKEN: "✗"}
_SPOKEN = {State.OK: "fine", State.LOOK: "look at this", State.BROKEN: "broken"}
_SHOWN = 30


def doctor_card(findings: Sequence[Finding]) -> Card:
    """What is broken first, each with what to do about it."""
    told = worst_first(findings)
    title = _title(told)
    spoken = [f"{one.about}: {_SPOKEN[one.state]}" for one in told[:_SHOWN]]
    left = len(told) - _SHOWN
    rest = [f"and {counted(left, 'more thing')} of which none is worse"] if left > 0 else []
    return Card(
        "\n".join([title, *spoken]),
        (
            section(f"*{title}*"),
            *(section(*_line(one)) for one in told[:_SHOWN]),
            context("✓ fine · △ look at this · ✗ broken", *rest),
        ),
    )


def _title(findings: Sequence[Finding]) -> str:
    states = [finding.state for finding in findings]
    if State.BROKEN in states:
        return f"{counted(states.count(State.BROKEN), 'thing')} broken"
    if State.LOOK in states:
        return f"Everything works; {counted(states.count(State.LOOK), 'thing')} to look at"
    return "Everything works"


def _line(finding: Finding) -> list[str]:
    about = escape(finding.about, 80)
    name = about if "@" in about else sentence(about)
    line = f"{_MARKS[finding.state]} *{name}*: {escape(finding.says, 300)}"
    return [line, *([f"→ {sentence(escape(finding.what_to_do, 300))}"] if finding.what_to_do else [])]
