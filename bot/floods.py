"""Floods: what was told to whom just now, and who was told too much at once a moment ago."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

JUST_NOW = timedelta(seconds=4)  # Slack takes a message a second: what comes faster would ring for minutes
LASTS = timedelta(minutes=1)  # after the last that was told together
_MANY = 1000


class Floods:
    """In the memory of one worker: each counts what it says itself. A clock that was set back ends a flood, too."""

    def __init__(self) -> None:
        self._told: dict[str, dict[str, datetime]] = defaultdict(dict)
        self._last: dict[str, datetime] = {}

    def tell(self, account_id: str, topics: Iterable[str], now: datetime) -> None:
        """These are about to be told."""
        if len(self._told) > _MANY:
            fresh = {one: topics for one, topics in self._told.items() if self.told(one, now)}
            self._told = defaultdict(dict, fresh)
        known = self._told[account_id]
        self._told[account_id] = {one: known[one] for one in self.told(account_id, now)} | dict.fromkeys(topics, now)

    def told(self, account_id: str, now: datetime) -> Sequence[str]:
        """What was told just now."""
        return [topic for topic, at in self._told.get(account_id, {}).items() if abs(now - at) < JUST_NOW]

    def rise(self, account_id: str, now: datetime) -> None:
        """It was too much: what comes within a minute is told together, too."""
        self._last = {one: at for one, at in self._last.items() if abs(now - at) < LASTS} | {account_id: now}

    def last(self, account_id: str, now: datetime) -> bool:
        """Whether a flood of theirs is not over yet."""
        at = self._last.get(account_id)
        return at is not None and abs(now - at) < LASTS
