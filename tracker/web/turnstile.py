"""The turnstile: how fast one stranger may come to the pages that cost something."""

import ipaddress
import time
from collections.abc import Callable

_MOST_REMEMBERED = 10_000


class Turnstile:
    """Lets `burst` visits of an address through at once, and then one every `seconds`.

    It remembers the latest visitors only: a crowd of new addresses pushes the
    oldest out, and never uses more memory.
    """

    def __init__(self, burst: int = 20, seconds: float = 3.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = burst * seconds
        self._seconds = seconds
        self._clock = clock
        self._full_until: dict[str, float] = {}

    def admits(self, address: str | None) -> bool:
        """Count a visit, unless it is one too many."""
        visitor, now = _visitor(address), self._clock()
        until = max(self._full_until.pop(visitor, now), now)
        admitted = until + self._seconds <= now + self._patience
        self._full_until[visitor] = until + self._seconds if admitted else until
        if len(self._full_until) > _MOST_REMEMBERED:
            self._full_until.pop(next(iter(self._full_until)))
        return admitted


def _visitor(address: str | None) -> str:
    """One home in IPv6 is a whole /64; visitors without an address share one place."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)
