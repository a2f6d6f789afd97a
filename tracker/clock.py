"""Time as the product knows it: aware, UTC, and passed in."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)


def within(at: datetime, earliest: datetime, latest: datetime) -> datetime:
    """What another's clock says, as far as it lies between two moments of ours."""
    return max(earliest, min(at, latest))


def new_id() -> str:
    """A fresh random name for a message, a copy or an alert: 16 hex digits, 8 bytes in a token."""
    return secrets.token_hex(8)


def new_timed_id(at: datetime) -> str:
    """A fresh name whose text order is time order: 12 hex digits of milliseconds, 20 of chance.

    Hits arrive in the millions: names in time order keep an index's inserts on its last page.
    """
    return f"{timed_prefix(at)}{secrets.token_hex(10)}"


def timed_prefix(at: datetime) -> str:
    """How timed names of this millisecond begin: those of earlier ones sort before it, those of later ones after."""
    return f"{int(at.timestamp() * 1000):012x}"


def moment_in(timed_id: str) -> datetime | None:
    """When a name was made by `new_timed_id`; None for another one."""
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(timed_id[:12], 16))
    except (ValueError, OverflowError):
        return None
