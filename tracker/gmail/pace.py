"""Gmail's prices in quota units, and a pace that stays under what an account may spend in a minute."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

UNITS_A_MINUTE = 6_000
_MINUTE = 60.0
# developers.google.com/workspace/gmail/api/reference/quota, messages.get at its price since May 2026.
# What is not listed is paid as dearly as a mail's source, so that a new call is slow rather than refused.
_UNITS = {
    "gmail.users.getProfile": 1,
    "gmail.users.watch": 100,
    "gmail.users.stop": 50,
    "gmail.users.history.list": 2,
    "gmail.users.drafts.list": 5,
    "gmail.users.drafts.get": 5,
    "gmail.users.drafts.create": 10,
    "gmail.users.drafts.delete": 10,
    "gmail.users.drafts.send": 100,
    "gmail.users.messages.list": 5,
    "gmail.users.messages.send": 100,
    "gmail.users.messages.get": 20,
    "gmail.users.threads.modify": 10,
    "gmail.users.labels.list": 1,
    "gmail.users.labels.create": 5,
    "gmail.users.labels.patch": 5,
    "gmail.users.settings.sendAs.list": 1,
}


def units_of(what: str) -> int:
    """The price of a method."""
    return _UNITS.get(what, 20)


class Pace:
    """Lets requests pass in the order they come, so that no sixty seconds spend more than a minute's units.

    `now` counts seconds and never goes back. Every process of ours has a pace
    of its own; what two of them overspend together, Gmail refuses and patience repeats.
    """

    def __init__(
        self,
        units_a_minute: int = UNITS_A_MINUTE,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limit = units_a_minute
        self._now = now
        self._sleep = sleep
        self._spent: deque[tuple[float, int]] = deque()  # some of it in advance, by requests that still wait
        self._total = 0

    async def admit(self, units: int) -> None:
        """Return when this much may be spent."""
        now = self._now()
        at = self._earliest(now, units)
        self._spent.append((at, units))
        self._total += units
        if at > now:
            await self._sleep(at - now)

    def _earliest(self, now: float, units: int) -> float:
        at = max(now, self._spent[-1][0]) if self._spent else now
        while self._spent and (self._spent[0][0] <= at - _MINUTE or self._total + units > self._limit):
            spent_at, spent = self._spent.popleft()
            self._total -= spent
            at = max(at, spent_at + _MINUTE)
        return at
