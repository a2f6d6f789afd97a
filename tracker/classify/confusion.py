"""Confusion: what recorded hits were, against what we said of them."""

from collections import Counter
from collections.abc import Iterable, Mapping

from tracker.model import COUNTS_FROM, Cause, Verdict

_CAUSES = tuple(cause.value for cause in Cause)
PEOPLE = (Cause.HUMAN, Cause.LIKELY_HUMAN)
MACHINES = (Cause.SCANNER, Cause.PREFETCH, Cause.PRIVACY_PROXY, Cause.SELF)


class Confusion:
    """Counts of labels against verdicts, in memory that does not grow with the hits."""

    def __init__(self) -> None:
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._counted: Counter[str] = Counter()
        self._same_reason = 0
        self._with_reason = 0

    def __bool__(self) -> bool:
        return bool(self._pairs)

    def add(self, cause: Cause, reason: str, verdict: Verdict) -> None:
        self._pairs[cause.value, verdict.cause.value] += 1
        self._counted[cause.value] += verdict.counts
        self._same_reason += reason == verdict.reason
        self._with_reason += bool(reason)

    def facts(self) -> Mapping[str, object]:
        """The table for programs."""
        return {
            "hits": self._pairs.total(),
            "counted_from": COUNTS_FROM,
            "people_not_counted": self._of(PEOPLE) - sum(self._counted[cause.value] for cause in PEOPLE),
            "machines_counted": sum(self._counted[cause.value] for cause in MACHINES),
            "same_reason": self._same_reason,
            "table": {label: self._row(label) for label in _labels(self._pairs)},
        }

    def lines(self) -> Iterable[str]:
        """The table for people."""
        said = [cause for cause in _CAUSES if any(cause == verdict for _, verdict in self._pairs)]
        yield _line("labelled \\ said", [*said, "counted as opens"])
        for label in _labels(self._pairs):
            cells = [str(self._pairs[label, verdict] or "·") for verdict in said]
            yield _line(label, [*cells, f"{self._counted[label]} of {sum(self._row(label).values())}"], said)
        if self._with_reason:
            yield f"{self._same_reason} of {self._with_reason} for the reason in the label"

    def _row(self, label: str) -> Mapping[str, int]:
        return {verdict: number for (name, verdict), number in self._pairs.items() if name == label}

    def _of(self, causes: Iterable[Cause]) -> int:
        return sum(sum(self._row(cause.value).values()) for cause in causes)


def _labels(pairs: Mapping[tuple[str, str], int]) -> list[str]:
    return [cause for cause in _CAUSES if any(cause == label for label, _ in pairs)]


def _line(first: str, cells: list[str], heads: list[str] | None = None) -> str:
    widths = [len(head) for head in heads] if heads else [len(cell) for cell in cells]
    padded = [cell.rjust(width) for cell, width in zip(cells, [*widths, len("counted as opens")], strict=False)]
    return "  ".join([first.ljust(15), *padded]).rstrip()
