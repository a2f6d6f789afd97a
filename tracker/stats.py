"""Stats: what a stretch of sent mail adds up to, honest about the part of it that nobody can know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from statistics import median

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FEW = 10  # openings below which a "best hour" would be chance


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one tracked copy. `read_at` is its first open or click.

    `unsure` when it was loaded in a way that does not tell by whom.
    """

    sent_at: datetime
    read_at: datetime | None
    unsure: bool
    replied: bool


@dataclass(frozen=True, slots=True)
class Stats:
    """Copies sent, and of them those opened, those of which nobody can tell, and those answered.

    `by_hour` (24) and `by_weekday` (7, from Monday) count first openings in the
    reader's own time; `middle` is the median time from sending to the first opening.
    """

    days: float
    sent: int
    opened: int
    unsure: int
    replied: int
    middle: timedelta | None
    by_hour: tuple[int, ...]
    by_weekday: tuple[int, ...]

    @property
    def open_rate(self) -> float | None:
        """The share opened of those of which we can tell, 0 to 1; None where there are none."""
        told = self.sent - self.unsure
        return self.opened / told if told else None

    @property
    def reply_rate(self) -> float | None:
        return self.replied / self.sent if self.sent else None

    @property
    def best_hours(self) -> tuple[int, int] | None:
        """The two hours together in which most first openings fall, from and to; None while that would be chance."""
        if self.opened < _FEW:
            return None
        start = max(range(24), key=lambda hour: self.by_hour[hour] + self.by_hour[(hour + 1) % 24])
        return start, (start + 2) % 24

    @property
    def best_weekday(self) -> str | None:
        if self.opened < _FEW:
            return None
        return WEEKDAYS[max(range(7), key=lambda day: self.by_weekday[day])]


def stats_of(fates: Sequence[Fate], days: float, zone: tzinfo) -> Stats:
    """What these copies' fates add up to, with hours and weekdays in this zone."""
    opened = [(fate.sent_at, fate.read_at) for fate in fates if fate.read_at]
    local = [read_at.astimezone(zone) for _, read_at in opened]
    # Gmail's clock and ours differ by seconds: nobody reads a mail before it is sent.
    waits = [max(read_at - sent_at, timedelta()).total_seconds() for sent_at, read_at in opened]
    return Stats(
        days=days,
        sent=len(fates),
        opened=len(opened),
        unsure=sum(fate.unsure and not fate.read_at for fate in fates),
        replied=sum(fate.replied for fate in fates),
        middle=timedelta(seconds=round(median(waits))) if waits else None,
        by_hour=_counted([at.hour for at in local], 24),
        by_weekday=_counted([at.weekday() for at in local], 7),
    )


def _counted(places: Sequence[int], size: int) -> tuple[int, ...]:
    counts = [0] * size
    for place in places:
        counts[place] += 1
    return tuple(counts)
