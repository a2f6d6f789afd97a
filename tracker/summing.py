"""What a copy's hits add up to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tracker.model import Cause, HitKind, Judged, Summary
from tracker.readings import readings_of

_MACHINES = (Cause.SCANNER, Cause.PREFETCH, Cause.SELF, Cause.DUPLICATE)


def sum_of(judged: Sequence[Judged], start: Summary | None = None, prior: Sequence[Judged] = ()) -> Summary:
    """The summary after these hits, oldest first, on top of `start`, which sums the hits before them up.

    `prior` are the latest of those hits: a reading may go on across the cut.
    """
    starts = {reading.start.hit.id for reading in readings_of([*prior, *judged])}
    summary = start or Summary()
    for one in judged:
        summary = _with(summary, one, is_reading=one.hit.id in starts)
    return summary


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


def _with(summary: Summary, one: Judged, *, is_reading: bool) -> Summary:
    seen = replace(summary, last_hit_at=_later(summary.last_hit_at, one.hit.at))
    if one.verdict.counts:
        known = replace(seen, last_client=one.client, last_reason=one.verdict.reason, last_place=one.place)
        return _opened(known, one, is_reading) if one.hit.kind is HitKind.OPEN else _clicked(known, one)
    if one.verdict.cause in _MACHINES:
        return replace(seen, machines=seen.machines + 1)
    return replace(seen, unsure=seen.unsure + 1)


def _opened(summary: Summary, one: Judged, is_reading: bool) -> Summary:
    return replace(
        summary,
        opens=summary.opens + is_reading,
        first_open_at=min(summary.first_open_at or one.hit.at, one.hit.at),
        last_open_at=_later(summary.last_open_at, one.hit.at),
    )


def _clicked(summary: Summary, one: Judged) -> Summary:
    return replace(
        summary,
        clicks=summary.clicks + 1,
        first_click_at=min(summary.first_click_at or one.hit.at, one.hit.at),
        last_click_at=_later(summary.last_click_at, one.hit.at),
    )


def _later(known: datetime | None, at: datetime) -> datetime:
    """A clock that was set back, or a second web process, may bring an older hit after a newer one."""
    return max(known or at, at)
