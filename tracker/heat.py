"""Heat: who reads a mail again and again, or comes back to it after a long pause."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tracker.model import Heat, Summary
from tracker.ringing import BURST, PAUSE, WITHIN

LATELY = timedelta(days=7)  # older heat has gone cold


def heat_of(opened: Sequence[datetime]) -> Heat | None:
    """The latest heat of one copy, from the moments of its openings, oldest first; None if it never was hot."""
    for number in reversed(range(1, len(opened))):
        at = opened[number]
        if (pause := at - opened[number - 1]) >= PAUSE:
            return Heat(at, pause=pause)
        if (burst := number + 1 - bisect_right(opened, at - WITHIN)) >= BURST:
            return Heat(at, openings=burst)
    return None


def hottest(summaries: Iterable[Summary], since: datetime | None = None) -> Heat | None:
    """The latest heat of a message's copies, or that since a moment; None while they are cool."""
    heats = (one.heat for one in summaries if one.heat and (since is None or one.heat.at >= since))
    return max(heats, key=lambda heat: heat.at, default=None)
