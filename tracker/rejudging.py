"""Rejudging: what another rule set would say of the hits that are written down, and saying so."""

from collections import Counter
from dataclasses import dataclass, field

from tracker.model import Cause, Judged
from tracker.ports import HitLog
from tracker.recording import Recording

_AT_ONCE = 50  # messages looked up together


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What changes: messages and hits looked at, and how many hits go from one cause to another."""

    messages: int = 0
    hits: int = 0
    moves: Counter[tuple[Cause, Cause]] = field(default_factory=Counter)

    @property
    def changed(self) -> int:
        """How many hits get another cause."""
        return self.moves.total()

    def with_message(self, hits: int, changes: "list[tuple[Judged, Judged]]") -> "Rejudged":
        moves = Counter((old.verdict.cause, new.verdict.cause) for old, new in changes if _moved(old, new))
        return Rejudged(self.messages + 1, self.hits + hits, self.moves + moves)


class Rejudging:
    """Walks the messages whose hits an older rule set judged, a few at a time.

    Hits whose raw facts are destroyed keep their verdicts. Cards are redrawn
    where counts change, and nobody is notified.
    """

    def __init__(self, hits: HitLog, recording: Recording, ruleset: str) -> None:
        self._hits = hits
        self._recording = recording
        self._ruleset = ruleset

    async def preview(self) -> Rejudged:
        """What `apply` would change now; nothing is written."""
        return await self._walk(write=False)

    async def apply(self) -> Rejudged:
        """Judge again and write. Interrupted, it goes on where it stood."""
        return await self._walk(write=True)

    async def _walk(self, *, write: bool) -> Rejudged:
        so_far, after = Rejudged(), ""
        while found := await self._hits.outdated(self._ruleset, after, _AT_ONCE):
            for message_id in found:
                so_far = so_far.with_message(*await self._recording.rejudge(message_id, write=write))
            after = found[-1]
        return so_far


def _moved(old: Judged, new: Judged) -> bool:
    return old.verdict.cause is not new.verdict.cause
