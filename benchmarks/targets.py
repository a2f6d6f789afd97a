"""What was promised of speed, what was found, and by how much it was missed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

_HEAD = ("what", "ours", "promised", "verdict")


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure beside its promise; None when it could not be measured here."""

    what: str
    ours: float | None
    promised: float
    unit: str = ""
    at_least: bool = False
    why_not: str = ""
    digits: int = 2

    @property
    def reached(self) -> bool | None:
        if self.ours is None:
            return None
        return self.ours >= self.promised if self.at_least else self.ours <= self.promised

    @property
    def verdict(self) -> str:
        if self.ours is None:
            return f"not measured: {self.why_not}"
        if self.reached:
            return "reached"
        missed = abs(self.ours - self.promised)
        share = f" ({missed / self.promised:.0%})" if self.promised else ""
        return f"**missed by {self._shown(missed)}**{share}"

    @property
    def cells(self) -> tuple[str, ...]:
        ours = "-" if self.ours is None else self._shown(self.ours)
        return (self.what, ours, f"{'>=' if self.at_least else '<='} {self._shown(self.promised)}", self.verdict)

    def _shown(self, value: float) -> str:
        places = 0 if abs(value) >= 1000 else self.digits
        number = f"{value:,.{places}f}"
        return f"{number} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Section:
    """One of the seven targets: the measured table, if there is one, what was promised of it, and what else to say."""

    number: int
    title: str
    findings: Sequence[Finding] = ()
    table: Sequence[Sequence[str]] = ()
    told: Sequence[str] = ()
    figures: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))  # for the paper plan

    def lines(self) -> Iterable[str]:
        """Markdown that is read as easily on a terminal."""
        yield f"### {self.number}. {self.title}"
        for rows in (self.table, [_HEAD, *(finding.cells for finding in self.findings)] if self.findings else ()):
            if rows:
                yield ""
                yield from table(rows)
        if self.told:
            yield ""
            yield from self.told


def table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Rows as a Markdown table whose columns stand under each other; the first row is its head."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for number, row in enumerate(rows):
        yield "| " + " | ".join(_aligned(cell, width) for cell, width in zip(row, widths, strict=True)) + " |"
        if not number:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"


def _aligned(cell: str, width: int) -> str:
    number = cell[:1].isdigit() and not any(letter.isalpha() for letter in cell)
    return cell.rjust(width) if number else cell.ljust(width)


def summing_up(sections: Sequence[Section]) -> str:
    """How many promises were kept, and the names of the others."""
    findings = [(section.number, finding) for section in sections for finding in section.findings]
    missed = [f"{number}: {finding.what}" for number, finding in findings if finding.reached is False]
    unknown = [f"{number}: {finding.what}" for number, finding in findings if finding.reached is None]
    parts = [f"{sum(finding.reached is True for _, finding in findings)} of {len(findings)} promises reached"]
    parts += [f"missed: {'; '.join(missed)}"] if missed else []
    parts += [f"not measured: {'; '.join(unknown)}"] if unknown else []
    return ". ".join(parts) + "."
