"""What a copy's hits add up to."""

from collections.abc import Iterable
from dataclasses import replace

from tracker.model import Cause, HitKind, Judged, Summary

_MACHINES = (Cause.SCANNER, Cause.PREFETCH, Cause.SELF, Cause.DUPLICATE)


def sum_of(judged: Iterable[Judged], start: Summary | None = None) -> Summary:
    """The summary after these hits, oldest first, on top of `start`."""
    summary = start or Summary()
    for one in judged:
        summary = _with(summary, one)
    return summary


def _with(summary: Summary, one: Judged) -> Summary:
    seen = replace(summary, last_hit_at=one.hit.at)
    if one.verdict.counts:
        return _opened(seen, one) if one.hit.kind is HitKind.OPEN else _clicked(seen, one)
    if one.verdict.cause in _MACHINES:
        return replace(seen, machines=seen.machines + 1)
    return replace(seen, unsure=seen.unsure + 1)


def _opened(summary: Summary, one: Judged) -> Summary:
    return replace(
        summary,
        opens=summary.opens + 1,
        first_open_at=summary.first_open_at or one.hit.at,
        last_open_at=one.hit.at,
        last_client=one.client,
        last_reason=one.verdict.reason,
    )


def _clicked(summary: Summary, one: Judged) -> Summary:
    return replace(
        summary,
        clicks=summary.clicks + 1,
        first_click_at=summary.first_click_at or one.hit.at,
        last_click_at=one.hit.at,
        last_client=one.client,
        last_reason=one.verdict.reason,
    )
