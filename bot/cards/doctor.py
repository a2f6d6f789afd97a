"""The answer to /opens doctor: one line for each thing that has to work."""

import re
from collections.abc import Sequence

from bot.blocks import Card, context, section
from bot.cards.words import counted
from bot.plaintext import code, escape, one_line, sentence
from tracker.checkup import Finding, State, worst_first

_MARKS = {State.OK: "✓", State.LOOK: "△", State.BROKEN: "✗"}
_SPOKEN = {State.OK: "fine", State.LOOK: "look at this", State.BROKEN: "broken"}
_SHOWN = 30
_ASKED = 3
_SETTING = re.compile(r"(\b[A-Z]+(?:_[A-Z]+)+\b)")


def doctor_card(findings: Sequence[Finding], ask: str = "") -> Card:
    """What is broken first, each with what to do about it; `ask` says who knows more, to whoever sees only theirs."""
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
            context("✓ fine · △ look at this · ✗ broken", *rest, *([ask] if ask else [])),
        ),
    )


def whom_to_ask(admins: Sequence[str]) -> str:
    """Who can look further and mend it."""
    if not admins:
        return "Whoever runs Twotick sees the rest with `twotick doctor`."
    return f"The rest is seen by {' or '.join(f'<@{user}>' for user in admins[:_ASKED])}: ask them."


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
    line = f"{_MARKS[finding.state]} *{name}*: {_copyable(finding.says)}"
    return [line, *([f"→ {sentence(_copyable(finding.what_to_do))}"] if finding.what_to_do else [])]


def _copyable(text: str) -> str:
    """The words, with names of settings as they are to be typed: a look-alike of `_` would set nothing."""
    parts = _SETTING.split(one_line(text, 300))
    return "".join(code(part) if _SETTING.fullmatch(part) else _around(part) for part in parts)


def _around(text: str) -> str:
    """Escaped, with the spaces that stand beside a setting's name."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{escape(text, 300)}{after}" if text.strip() else text
