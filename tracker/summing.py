"""What a copy's hits add up to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tracker.heat import heat_of
from tracker.model import Cause, HitKind, Judged, Summary
from tracker.readings import readings_of

_MACHINES = (Cause.SCANNER, Cause.PREFETCH, Cause.SELF, Cause.DUPLICATE)


def sum_of(judged: Sequence[Judged], start: Summary | None = None, prior: Sequence[Judged] = ()) -> Summary:
    """The summary after these hits, oldest first, on top of `start`, which sums the hits before them up.

    `prior` are the latest of those hits: a reading may go on across the cut.
    """
    begun = [reading.start.hit for reading in readings_of([*prior, *judged])]
    starts = {hit.id for hit in begun}
    known = start or Summary()
    counted = [one for one in judged if one.verdict.counts]
    opens = [one for one in counted if one.hit.kind is HitKind.OPEN]
    clicks = [one for one in counted if one.hit.kind is not HitKind.OPEN]
    machines = sum(one.verdict.cause in _MACHINES for one in judged if not one.verdict.counts)
    last = counted[-1] if counted else None
    return replace(
        known,
        opens=known.opens + sum(one.hit.id in starts for one in opens),
        clicks=known.clicks + len(clicks),
        machines=known.machines + machines,
        unsure=known.unsure + len(judged) - len(counted) - machines,
        first_open_at=_earliest(known.first_open_at, opens),
        last_open_at=_latest(known.last_open_at, opens),
        first_click_at=_earliest(known.first_click_at, clicks),
        last_click_at=_latest(known.last_click_at, clicks),
        last_client=last.client if last else known.last_client,
        last_reason=last.verdict.reason if last else known.last_reason,
        last_hit_at=_latest(known.last_hit_at, judged),
        last_place=last.place if last else known.last_place,
        heat=heat_of([hit.at for hit in begun]) or known.heat,
    )


def total_of(summaries: Sequence[Summary]) -> Summary:
    """What several copies' summaries add up to; client, reason and place are those of the latest open or click."""
    latest = max(summaries, key=_time_of_last_read, default=Summary())
    return Summary(
        opens=sum(one.opens for one in summaries),
        clicks=sum(one.clicks for one in summaries),
        machines=sum(one.machines for one in summaries),
        unsure=sum(one.unsure for one in summaries),
        first_open_at=min((one.first_open_at for one in summaries if one.first_open_at), default=None),
        last_open_at=max((one.last_open_at for one in summaries if one.last_open_at), default=None),
        first_click_at=min((one.first_click_at for one in summaries if one.first_click_at), default=None),
        last_click_at=max((one.last_click_at for one in summaries if one.last_click_at), default=None),
        last_client=latest.last_client,
        last_reason=latest.last_reason,
        last_hit_at=max((one.last_hit_at for one in summaries if one.last_hit_at), default=None),
        last_place=latest.last_place,
        passed_on=next((one.passed_on for one in summaries if one.passed_on), ""),
        replied_at=min((one.replied_at for one in summaries if one.replied_at), default=None),
        bounced_at=min((one.bounced_at for one in summaries if one.bounced_at), default=None),
    )


def last_read_at(summary: Summary) -> datetime | None:
    """The moment of the latest open or click; what machines did after it does not matter."""
    return max(filter(None, (summary.last_open_at, summary.last_click_at)), default=None)


def _time_of_last_read(summary: Summary) -> float:
    at = last_read_at(summary)
    return at.timestamp() if at else 0.0


def _earliest(known: datetime | None, hits: Sequence[Judged]) -> datetime | None:
    return min((*_times(known), *(one.hit.at for one in hits)), default=None)


def _latest(known: datetime | None, hits: Sequence[Judged]) -> datetime | None:
    """A clock that was set back, or a second web process, may bring an older hit after a newer one."""
    return max((*_times(known), *(one.hit.at for one in hits)), default=None)


def _times(known: datetime | None) -> tuple[datetime, ...]:
    return () if known is None else (known,)
