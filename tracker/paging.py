"""Pages of lists whose members come and go while people turn them.

A page is named by the member at its edge, never by a number: what came in
meanwhile neither moves a page nor shows anything twice.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, Self, TypeVar

Member = TypeVar("Member")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT = re.compile(r"([on])(\d{1,18})\.([\w.:-]{1,80})", re.ASCII)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a member of a list stands: latest first, and by name among those of one moment."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Turn:
    """The page beyond an edge: of what is older, or of what is newer."""

    edge: Edge
    newer: bool = False

    @property
    def text(self) -> str:
        """For a button; `read_turn` reads it."""
        microseconds = (self.edge.at - _EPOCH) // timedelta(microseconds=1)
        return f"{'n' if self.newer else 'o'}{microseconds}.{self.edge.name}"


def read_turn(text: str) -> Turn | None:
    """What a button of ours carried; None for anything else."""
    found = _TEXT.fullmatch(text)
    at = _EPOCH + timedelta(microseconds=int(found[2])) if found and int(found[2]) < 10**17 else None
    return Turn(Edge(at, found[3]), found[1] == "n") if found and at and at < _LATEST else None


@dataclass(frozen=True, slots=True)
class Page(Generic[Member]):
    """Some members, latest first, and the turns to those before and after them; None where there are none."""

    members: tuple[Member, ...]
    older: Turn | None = None
    newer: Turn | None = None

    @classmethod
    def of(cls, found: Sequence[Member], size: int, turn: Turn | None, edge_of: Callable[[Member], Edge]) -> Self:
        """The page among what was found beyond a turn: latest first, one more than its size where there are more.

        Whether there is anything newer than a first page is nobody's question; beside an older page there is,
        namely the page it was turned from.
        """
        back = turn is not None and turn.newer
        more = len(found) > size
        members = tuple(found[-size:] if back else found[:size])
        if not members:
            return cls(())
        has_older, has_newer = (True, more) if back else (more, turn is not None)
        return cls(
            members,
            Turn(edge_of(members[-1])) if has_older else None,
            Turn(edge_of(members[0]), newer=True) if has_newer else None,
        )
