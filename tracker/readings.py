"""Readings: what one reader fetches within three minutes is one opening, however often pictures are loaded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tracker.classify.readers import same_reader
from tracker.model import Cause, HitKind, Judged

READING = timedelta(minutes=3)  # a reader who comes back sooner never left

_ALIVE = 50  # readers at once that are told apart: a flood must not cost more

SameReader = Callable[[Judged, Judged], bool]


@dataclass(slots=True)
class Reading:
    """One opening: the hit that counts, and what the same reader fetched soon after it."""

    hits: list[Judged] = field(default_factory=list)

    @property
    def start(self) -> Judged:
        return self.hits[0]


def readings_of(judged: Sequence[Judged], same: SameReader = same_reader) -> list[Reading]:
    """The readings among a copy's hits, oldest first.

    Three minutes count from the reader's last fetch, and a duplicate keeps a
    reading alive without being one: then two halves of a timeline can be
    counted one after the other.
    """
    found: list[Reading] = []
    alive: list[Reading] = []
    for one in filter(_may_belong, judged):
        alive = [reading for reading in alive if one.hit.at - reading.hits[-1].hit.at < READING][-_ALIVE:]
        reading = next((reading for reading in reversed(alive) if same(reading.hits[-1], one)), None)
        if reading is None and one.verdict.counts:
            reading = Reading()
            found.append(reading)
            alive.append(reading)
        if reading is not None:
            reading.hits.append(one)
    return found


def _may_belong(one: Judged) -> bool:
    return one.hit.kind is HitKind.OPEN and (one.verdict.counts or one.verdict.cause is Cause.DUPLICATE)
