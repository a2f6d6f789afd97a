"""When to speak next: Slack takes one message a second and channel, and outages end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

Name = TypeVar("Name")

EVERY = timedelta(seconds=1.05)  # a little over Slack's second, as its clock and ours differ
# Capped at a minute, so that the news after an outage is at most a minute old.
RETRY_DELAYS = tuple(timedelta(seconds=s) for s in (1, 2, 5, 10, 20, 40, 60))
_STEP = timedelta(seconds=5)  # less is waited for
_AT_ONCE = timedelta(seconds=10)  # refusals of two channels within this are one of the workspace


def retry_delay(tries: int) -> timedelta:
    """How long to wait after this many tries."""
    return RETRY_DELAYS[min(max(tries, 1), len(RETRY_DELAYS)) - 1]


@dataclass(slots=True)
class Pace:
    """Gives each thing to say its own moment in its channel, in the order of asking."""

    _free_at: dict[str, datetime] = field(default_factory=dict)
    _promised: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _refused_at: dict[str, datetime] = field(default_factory=dict)
    _everybody_at: datetime | None = None
    _asked_at: datetime | None = None

    def turn(self, channel: str, topic: str, now: datetime) -> datetime:
        """The moment from which this topic may speak in this channel; the same one however often it asks."""
        if self._asked_at and now < self._asked_at - _STEP:
            self._start_over()
        self._asked_at = now
        self._forget(now)
        if (channel, topic) not in self._promised:
            at = max(now, self._free_at.get(channel, now), self._everybody_at or now)
            self._promised[channel, topic] = at
            self._free_at[channel] = at + EVERY
        return self._promised[channel, topic]

    def spoken(self, channel: str, topic: str) -> None:
        """The turn is used up."""
        self._promised.pop((channel, topic), None)

    def refused(self, channel: str, now: datetime, pause: timedelta) -> None:
        """Slack asked for a pause in this channel; when it asks in two at once, it means all of them.

        It does not say which limit was met: a channel's, or the workspace's.
        """
        elsewhere = [at for other, at in self._refused_at.items() if other != channel and now - at < _AT_ONCE]
        self._refused_at[channel] = now
        self._free_at[channel] = max(now + pause, self._free_at.get(channel, now))
        if elsewhere:
            self._everybody_at = max(now + pause, self._everybody_at or now)
        # Whoever was promised an earlier moment asks again.
        self._promised = {key: at for key, at in self._promised.items() if not elsewhere and key[0] != channel}

    def _start_over(self) -> None:
        """The clock was set back: what was promised by it would be hours away."""
        self._free_at, self._promised, self._refused_at, self._everybody_at = {}, {}, {}, None

    def _forget(self, now: datetime) -> None:
        """Drop what lies long behind, so that a worker that runs for months does not grow."""
        old = now - timedelta(minutes=10)
        self._free_at = _later(self._free_at, old) if len(self._free_at) > 1000 else self._free_at
        self._refused_at = _later(self._refused_at, old) if len(self._refused_at) > 1000 else self._refused_at
        self._promised = _later(self._promised, old) if len(self._promised) > 1000 else self._promised


def _later(moments: Mapping[Name, datetime], than: datetime) -> dict[Name, datetime]:
    return {name: at for name, at in moments.items() if at > than}
