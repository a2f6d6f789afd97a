"""Steadiness: whether the clock went as far as time did, before something is destroyed because it is old."""

import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from tracker.clock import Clock

log = structlog.get_logger()

_JUMP = timedelta(hours=1)  # more than any daylight saving that somebody may have wired into a clock
_DOUBTED_FOR = timedelta(days=1)  # who set it right by this jump waits a day; who set it wrong has a day to mend it


def seconds_since_boot() -> float:
    """Goes on while the machine sleeps, where the system can tell."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Steadiness:
    """Compares a clock with the seconds that went by, from look to look."""

    def __init__(self, clock: Clock, seconds: Callable[[], float] = seconds_since_boot) -> None:
        self._clock = clock
        self._seconds = seconds
        self._looked_at, self._looked = clock(), seconds()
        self._ahead = timedelta(0)
        self._doubted_since: float | None = None

    def trusted(self) -> bool:
        """Whether what is old by the clock is old. After a jump ahead only when the clock goes back, or a day later."""
        now, seconds = self._clock(), self._seconds()
        self._ahead += (now - self._looked_at) - timedelta(seconds=seconds - self._looked)
        self._looked_at, self._looked = now, seconds
        if self._ahead <= _JUMP:
            self._ahead, self._doubted_since = min(self._ahead, timedelta(0)), None
            return True
        if self._doubted_since is None:
            self._doubted_since = seconds
            log.warning(
                "the clock jumped ahead; nothing is destroyed by it for a day",
                hours=round(self._ahead.total_seconds() / 3600, 1),
                what_to_do="set this machine's clock right; if it is right now, there is nothing to do",
            )
        if seconds - self._doubted_since < _DOUBTED_FOR.total_seconds():
            return False
        self._ahead, self._doubted_since = timedelta(0), None
        return True
