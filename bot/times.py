"""Times as people say them, made moments on their own clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.grammar_of_sending import At

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FARTHEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class NoTime:
    """Why this is no time to send at, in words."""

    why: str


def moment_of(at: At, now: datetime, zone: tzinfo) -> datetime | NoTime:
    """The moment that somebody in this zone means: without a day the next time their clock shows it.

    A time that comes twice, as the clocks go back, is the first of the two.
    """
    here = now.astimezone(zone)
    clock, day = time(at.hour, at.minute), _day(at.day, here.date())
    if not at.day and _moment(day, clock, zone) <= now:
        day += timedelta(days=1)
    if at.day in _WEEKDAYS and _moment(day, clock, zone) <= now:
        day += timedelta(days=7)
    shown, moment = f"{clock:%H:%M} on {day:%b} {day.day}, {day.year}", _moment(day, clock, zone)
    if moment.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, clock):
        return NoTime(f"{shown} does not exist: the clocks go forward over it.")
    if moment <= now:
        return NoTime(f"{shown} is past.")
    if moment > now + _FARTHEST:
        return NoTime(f"{shown} is more than a year away.")
    return moment


def _day(name: str, today: date) -> date:
    if name == "tomorrow":
        return today + timedelta(days=1)
    if name in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS.index(name) - today.weekday()) % 7)
    return date.fromisoformat(name) if name and name != "today" else today


def _moment(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
