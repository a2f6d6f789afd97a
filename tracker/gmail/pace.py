"""Gmail's prices in quota units, and a pace that stays under what an account may spend in a minute."""

import asyncio
import time
from collections.abc import Awaitable, Callable

UNITS_A_MINUTE = 6_000
_AT_ONCE = 1_500  # what may be spent in one go; the rest of the minute refills it, so that no minute exceeds the limit
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
    """Lets requests pass in the order they come, each when its price is there.

    `now` counts seconds. Every process of ours has a pace of its own; what two
    of them overspend together, Gmail refuses and patience repeats.
    """

    def __init__(
        self,
        units_a_minute: float = UNITS_A_MINUTE,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._most = units_a_minute * _AT_ONCE / UNITS_A_MINUTE
        self._rate = (units_a_minute - self._most) / 60
        self._now = now
        self._sleep = sleep
        self._there = self._most
        self._at = now()

    async def admit(self, units: int) -> None:
        """Return when this much may be spent."""
        moment = self._now()
        self._there = min(self._most, self._there + max(0.0, moment - self._at) * self._rate)
        self._at = moment
        self._there -= units  # below zero: spent in advance, for the time we now wait
        if self._there < 0:
            await self._sleep(-self._there / self._rate)
