"""Which hits are worth saying."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from tracker.clock import new_id
from tracker.model import Alert, AlertKind, HitKind, Judged, Summary
from tracker.ports import History

_FIRST = {HitKind.OPEN: AlertKind.FIRST_OPEN, HitKind.CLICK: AlertKind.FIRST_CLICK}
_AGAIN = {HitKind.OPEN: AlertKind.OPEN_AGAIN, HitKind.CLICK: AlertKind.CLICK_AGAIN}


def alerts_for(
    history: History, before: Summary, judged: Sequence[Judged], now: datetime, settle: timedelta
) -> tuple[Alert, ...]:
    """The alerts that these hits raise, given what the copy's summary said before them.

    Each is named for its hit, so that judging the same hit twice says it once.
    """
    return tuple(
        Alert(
            id=new_id(),
            key=f"hit:{one.hit.id}",
            kind=kind,
            account_id=history.account.id,
            # A hit from a clock that ran ahead must not hold its alert back.
            due_at=min(one.hit.at, now) + settle,
            message_id=history.message.id,
            copy_id=history.copy.id,
            hit_id=one.hit.id,
        )
        for kind, one in _kinds(before, judged)
    )


def _kinds(before: Summary, judged: Sequence[Judged]) -> Iterator[tuple[AlertKind, Judged]]:
    known = {HitKind.OPEN: before.opens > 0, HitKind.CLICK: before.clicks > 0}
    for one in judged:
        if one.verdict.counts:
            yield (_AGAIN if known[one.hit.kind] else _FIRST)[one.hit.kind], one
            known[one.hit.kind] = True
