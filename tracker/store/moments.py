"""Moments as the tables keep them: whole microseconds since 1970, in UTC."""

from datetime import UTC, datetime, timedelta

_START = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=1)


def stamp(at: datetime) -> int:
    """The number of a moment. Raises ValueError for one that does not say its zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return (at - _START) // _STEP


def stamp_or_none(at: datetime | None) -> int | None:
    return None if at is None else stamp(at)


def moment(number: int) -> datetime:
    """The moment of a number, aware and in UTC."""
    return _START + number * _STEP


def moment_or_none(number: int | None) -> datetime | None:
    return None if number is None else moment(number)
