"""What happens inside: the database's disk, the intake, the worker, the outbox, the places."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tracker.checkup.findings import Finding, broken, look, ok
from tracker.vitals import Backlog

WORKER = "worker"
_ROOM, _HARDLY_ROOM = 2_000_000_000, 200_000_000
_ALIVE, _ASLEEP = timedelta(minutes=2), timedelta(minutes=10)
_LATE, _STUCK = timedelta(minutes=5), timedelta(hours=1)
_OLD_PLACES = timedelta(days=60)
_RESTART = "start the worker (make run, or python -m bot), and look into its log"


def disk_finding(free: int) -> Finding:
    """Whether there is room for what is to come, in bytes."""
    says = f"{free / 1e9:.1f} GB free" if free >= 1e9 else f"{free // 1_000_000} MB free"
    if free < _HARDLY_ROOM:
        return broken("disk", says, "make room on the disk of DATA_DIR now: hits will be lost when it is full")
    if free < _ROOM:
        return look("disk", says, "make room on the disk of DATA_DIR")
    return ok("disk", says)


def intake_finding(reason: str | None) -> Finding:
    if reason is None:
        return ok("recording", "a hit would be kept now")
    return broken("recording", f"a hit would be lost now: {reason}", "mend what it says, then look at /readyz")


def worker_finding(beats: Mapping[str, datetime], now: datetime) -> Finding:
    at = beats.get(WORKER)
    if at is None:
        return broken("worker", "it was never seen", _RESTART)
    silent = now - at
    if silent > _ASLEEP:
        return broken("worker", f"not seen for {ago(silent)}", _RESTART)
    if silent > _ALIVE:
        return look("worker", f"not seen for {ago(silent)}", _RESTART)
    return ok("worker", "alive")


def outbox_finding(backlog: Backlog, now: datetime) -> Finding:
    if not backlog.waiting or backlog.oldest is None:
        return ok("alerts", "none waits")
    late = now - backlog.oldest
    says = f"{backlog.waiting:,} due, the oldest since {ago(late)}"
    if late > _STUCK:
        return broken("alerts", says, "look at Slack and at the worker: they are kept, and said when both work")
    if late > _LATE:
        return look("alerts", says, "wait a few minutes; if it stays, look at Slack and at the worker")
    return ok("alerts", says)


def buried_finding(backlog: Backlog) -> Finding | None:
    """What could never be said in the last days; None where there is nothing of the kind."""
    if not backlog.buried:
        return None
    reasons = "; ".join(f"{number:,} × {reason[:120]}" for reason, number in backlog.buried)
    return look("alerts never said", reasons, "the person or the channel may be gone: reconnect or remove the account")


def places_finding(made_at: datetime | None, now: datetime) -> Finding:
    """How old the database of places is; None when it cannot be read."""
    if made_at is None:
        return broken("places", "GEOIP_DB cannot be read", "set GEOIP_DB to a city database (.mmdb), or to nothing")
    age = now - made_at
    if age > _OLD_PLACES:
        return look("places", f"GEOIP_DB is {age.days} days old", "fetch a new one: addresses move")
    return ok("places", f"GEOIP_DB is {age.days} days old")


def ago(span: timedelta) -> str:
    """ "3 hours"; the largest unit alone."""
    for seconds, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        number = int(span.total_seconds() // seconds)
        if number:
            return f"{number:,} {name}{'' if number == 1 else 's'}"
    return "seconds"
