"""Quieting: which news ring now, which only change a card, which wait. Pure; what is recorded is never its matter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from tracker.model import Alert, AlertKind, Copy
from tracker.noise import Hours, Mute, MuteKind, Noise
from tracker.ports import Report

_A_DAY = timedelta(days=1)
_SATURDAY = 5
# What somebody waits for, or asked for by name: no mute means these.
AWAITED = (AlertKind.REPLIED, AlertKind.BOUNCED, AlertKind.NOT_OPENED, AlertKind.NOT_ANSWERED)
_SOUNDLESS = (AlertKind.CORRECTED, AlertKind.AFTER_REPLY, AlertKind.LINE)  # these change a card and never ring
_REPEATS = (AlertKind.OPEN_AGAIN, AlertKind.CLICK_AGAIN, AlertKind.HOT, AlertKind.BACK)
_AT_ITS_TIME = (AlertKind.DIGEST, AlertKind.CHANNEL_LOST)  # its reader chose the moment, or has just done something


class Hush(StrEnum):
    SAY = "say"
    REDRAW = "redraw"  # a card that stands there may change; nothing rings
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What to do with a topic's alerts; with HOLD, `until` when."""

    hush: Hush
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the owner of an account said about noise."""

    noise: Noise
    mutes: Sequence[Mute] = ()


def judged(alerts: Sequence[Alert], wishes: Wishes, report: Report | None, now: datetime, zone: tzinfo) -> Judgement:
    """What becomes of one topic's alerts. `report` is their message, in `zone` its owner's clock stands."""
    if not heard(alerts, wishes, report, now):
        return Judgement(Hush.REDRAW)
    if wishes.noise.channel and routable(alerts):
        return Judgement(Hush.SAY)  # a channel rings for nobody by itself, and its other readers may be awake
    until = quiet_until(wishes.noise, now, zone)
    if until is None or all(alert.kind in _AT_ITS_TIME for alert in alerts):
        return Judgement(Hush.SAY)
    return Judgement(Hush.HOLD, until)


def heard(alerts: Sequence[Alert], wishes: Wishes, report: Report | None, now: datetime) -> tuple[Alert, ...]:
    """Those that ring, and that their reader has not muted."""
    return tuple(one for one in alerts if one.kind not in _SOUNDLESS and not _muted(one, wishes, report, now))


def routable(alerts: Sequence[Alert]) -> bool:
    """Whether these may go to a channel: what happens to a message may, one's own affairs stay private."""
    private = (AlertKind.NOT_OPENED, AlertKind.NOT_ANSWERED)
    return all(alert.message_id and alert.kind not in private for alert in alerts)


def quiet_until(noise: Noise, now: datetime, zone: tzinfo) -> datetime | None:
    """When the quiet in which we are is over, in this zone; None outside of it."""
    end = now
    # Nights and weekends may touch: a night that ends on a Saturday goes on until Monday.
    while later := max((until for begin, until in _spans(noise, end, zone) if begin <= end < until), default=None):
        if later - now > 14 * _A_DAY:
            break
        end = later
    return end if end > now else None


def _muted(alert: Alert, wishes: Wishes, report: Report | None, now: datetime) -> bool:
    if alert.message_id is None or alert.kind in AWAITED or report is None:
        return False
    if alert.kind in _REPEATS and not wishes.noise.repeats:
        return True
    copies = [copy for copy in report.copies if alert.copy_id in (None, copy.id)]
    return any(_means(mute, report, copies) for mute in wishes.mutes if mute.holds(now))


def _means(mute: Mute, report: Report, copies: Sequence[Copy]) -> bool:
    """Where several share a copy nobody can tell who read it: it is muted when all of them are."""
    if mute.kind is MuteKind.ALL:
        return True
    if mute.kind is MuteKind.MESSAGE:
        return mute.what == report.message.id
    addresses = [person.address.lower() for copy in copies for person in copy.recipients]
    if mute.kind is MuteKind.RECIPIENT:
        return bool(addresses) and all(address == mute.what for address in addresses)
    return bool(addresses) and all(_within(address, mute.what) for address in addresses)


def _within(address: str, domain: str) -> bool:
    host = address.rpartition("@")[2]
    return host == domain or host.endswith(f".{domain}")


def _spans(noise: Noise, at: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The quiet times around a moment. As moments, so that no hour that comes twice begins one again."""
    today = at.astimezone(zone).date()
    for day in (today - _A_DAY, today):
        if noise.quiet:
            yield _night(noise.quiet, day, zone)
    if noise.quiet_weekends and today.weekday() >= _SATURDAY:
        saturday = today - (today.weekday() - _SATURDAY) * _A_DAY
        yield _moment(saturday, time(0), zone), _moment(saturday + 2 * _A_DAY, time(0), zone)


def _night(hours: Hours, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    over_midnight = hours.end <= hours.begin
    return _moment(day, hours.begin, zone), _moment(day + _A_DAY if over_midnight else day, hours.end, zone)


def _moment(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
