"""Stats: what a stretch of sent mail adds up to, honest about the part of it that nobody can know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FEW = 10  # openings below which a "best hour" would be chance


@dataclass(frozen=True, slots=True)
class Sums:
    """What tracked copies add up to, told by whoever keeps them: each row of a hundred thousand would take too long.

    `read` counts their first opens or clicks by the quarter of an hour in which
    they fell, with which the hours of every timezone begin. `middle` is the
    median time from sending to it; `unsure` are those never read, but loaded in
    a way that does not tell by whom.
    """

    sent: int = 0
    unsure: int = 0
    replied: int = 0
    middle: timedelta | None = None
    read: tuple[tuple[datetime, int], ...] = ()


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


def stats_of(sums: Sums, days: float, zone: tzinfo) -> Stats:
    """What copies add up to, with hours and weekdays in this zone."""
    local = [(at.astimezone(zone), number) for at, number in sums.read]
    return Stats(
        days=days,
        sent=sums.sent,
        opened=sum(number for _, number in sums.read),
        unsure=sums.unsure,
        replied=sums.replied,
        middle=sums.middle,
        by_hour=_counted([(at.hour, number) for at, number in local], 24),
        by_weekday=_counted([(at.weekday(), number) for at, number in local], 7),
    )


def _counted(places: Sequence[tuple[int, int]], size: int) -> tuple[int, ...]:
    counts = [0] * size
    for place, number in places:
        counts[place] += number
    return tuple(counts)
