"""Rejudging: what another rule set would say of the hits that are written down, and saying so."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from tracker.model import Cause, Judged
from tracker.ports import HitLog
from tracker.recording import Recording

_AT_ONCE = 50  # messages looked up together


Moves = Counter[tuple[Cause, Cause]]
Belongs = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What changes: messages and hits looked at, and how many hits go from one cause to another.

    `of_message` has the moves of each message that has any.
    """

    messages: int = 0
    hits: int = 0
    moves: Moves = field(default_factory=Counter)
    of_message: Mapping[str, Moves] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def changed(self) -> int:
        """How many hits get another cause."""
        return self.moves.total()

    def with_message(self, message_id: str, hits: int, changes: Sequence[tuple[Judged, Judged]]) -> "Rejudged":
        moves = Counter((old.verdict.cause, new.verdict.cause) for old, new in changes if _moved(old, new))
        of_message = {**self.of_message, message_id: moves} if moves else self.of_message
        return Rejudged(self.messages + 1, self.hits + hits, self.moves + moves, of_message)


async def anybodys(message_id: str) -> bool:
    """Every message belongs."""
    return True


class Rejudging:
    """Walks the messages whose hits an older rule set judged, a few at a time.

    Hits whose raw facts are destroyed keep their verdicts. Cards are redrawn
    where counts change, and nobody is notified.
    """

    def __init__(self, hits: HitLog, recording: Recording, ruleset: str) -> None:
        self._hits = hits
        self._recording = recording
        self._ruleset = ruleset

    async def preview(self, belongs: Belongs = anybodys) -> Rejudged:
        """What `apply` would change now about the messages that belong; nothing is written."""
        return await self._walk(belongs, write=False)

    async def apply(self, belongs: Belongs = anybodys) -> Rejudged:
        """Judge again and write. Interrupted, it goes on where it stood."""
        return await self._walk(belongs, write=True)

    async def _walk(self, belongs: Belongs, *, write: bool) -> Rejudged:
        so_far, after = Rejudged(), ""
        while found := await self._hits.outdated(self._ruleset, after, _AT_ONCE):
            for message_id in found:
                if await belongs(message_id):
                    hits, changes = await self._recording.rejudge(message_id, write=write)
                    so_far = so_far.with_message(message_id, hits, changes)
            after = found[-1]
        return so_far


def _moved(old: Judged, new: Judged) -> bool:
    return old.verdict.cause is not new.verdict.cause
