"""An outage: while Slack takes nothing, one topic asks for all the others.

Who is not even tried is in no doubt, so that what gathers meanwhile is told
together when Slack is back, and not looked up and said one by one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.pacing import RETRY_DELAYS, retry_delay

_FEW = 3  # failures in a row that are not an outage yet
_AN_ANSWER = timedelta(seconds=3)  # how long the others wait for what the one that asks is answered


@dataclass(slots=True)
class Outage:
    """Whether a workspace takes messages, as far as we have seen."""

    _failures: int = 0
    _until: datetime | None = None
    _asking: bool = False

    def over_at(self, now: datetime) -> datetime | None:
        """When to come back; None to try now."""
        if self._failures < _FEW or self._until is None:
            return None
        if now < self._until <= now + RETRY_DELAYS[-1]:  # later it can only be by a clock that was set back since
            return self._until
        self._until, self._asking = now + _AN_ANSWER, True
        return None

    def failed(self, now: datetime) -> None:
        """A try came to nothing. Many that were under way together are one failure, or a blip would be an outage."""
        if self._until and now < self._until and self._failures >= _FEW and not self._asking:
            return
        self._failures, self._asking = self._failures + 1, False
        self._until = now + retry_delay(self._failures - _FEW + 1)

    def ended(self) -> None:
        """Slack took something."""
        self._failures, self._until, self._asking = 0, None, False
