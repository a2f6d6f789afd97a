"""Heat: who reads a mail again and again, or comes back to it after a long pause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.model import Judged
from tracker.readings import readings_of
from tracker.ringing import BURST, PAUSE, WITHIN

LATELY = timedelta(days=7)  # older heat has gone cold


@dataclass(frozen=True, slots=True)
class Heat:
    """The latest of it: `openings` within a day, or the `pause` that an opening ended; the other is nothing."""

    at: datetime
    openings: int = 0
    pause: timedelta = timedelta()


def heat_of(judged: Sequence[Judged], since: datetime) -> Heat | None:
    """The heat of one copy's hits, oldest first, since a moment; None while they are cool."""
    opened = [reading.start.hit.at for reading in readings_of(judged)]
    found = None
    for number, at in enumerate(opened):
        if at < since:
            continue
        burst = sum(at - WITHIN < other <= at for other in opened[: number + 1])
        pause = at - opened[number - 1] if number else timedelta()
        if pause >= PAUSE:
            found = Heat(at, pause=pause)
        elif burst >= BURST:
            found = Heat(at, openings=burst)
    return found
