"""Which hits are worth saying."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.clock import new_id
from tracker.model import Alert, AlertKind, HitKind, Judged
from tracker.ports import History
from tracker.readings import readings_of

_FIRST = {HitKind.OPEN: AlertKind.FIRST_OPEN, HitKind.CLICK: AlertKind.FIRST_CLICK}
_AGAIN = {HitKind.OPEN: AlertKind.OPEN_AGAIN, HitKind.CLICK: AlertKind.CLICK_AGAIN}


@dataclass(frozen=True, slots=True)
class News:
    """What to say of one copy, and when.

    `settle` is how long an alert waits for evidence against it. With `quiet`,
    whoever caused the change knows it already: at most the card is redrawn, when
    past hits were `moved` to another cause.
    """

    history: History
    now: datetime
    settle: timedelta
    quiet: bool = False
    moved: bool = False

    def alerts(self, after: Sequence[Judged], passed_on: str) -> tuple[Alert, ...]:
        """What the copy's hits, as they are judged now, make worth saying beside what was worth it before.

        An alert is named for its hit, so that judging the same hit twice says
        it once. A later fetch within the same reading is nothing new. What is no
        longer so is redrawn.
        """
        events, told = list(_events(after)), {event[0].hit.id for event in _events(self.history.judged)}
        found = [] if self.quiet else [self._of_hit(kind, hits[0]) for kind, hits in self._new(events, told)]
        if self._redrawn(events, told):
            found.append(self._alert(f"corrected:{self.history.copy.id}:{self.history.version}", AlertKind.CORRECTED))
        if passed_on and not self.quiet and not self.history.summary.passed_on:
            found.append(self._alert(f"passed_on:{self.history.copy.id}", AlertKind.PASSED_ON, self.now + self.settle))
        return tuple(found)

    def _new(self, events: Sequence[Sequence[Judged]], told: set[str]) -> Iterator[tuple[AlertKind, Sequence[Judged]]]:
        summary, older = self.history.summary, not self.history.complete
        known = {HitKind.OPEN: older and summary.opens > 0, HitKind.CLICK: older and summary.clicks > 0}
        for hits in events:
            kind = hits[0].hit.kind
            if not any(one.hit.id in told for one in hits):
                yield self._kind(kind, hits[0].hit.at, again=known[kind]), hits
            known[kind] = True

    def _kind(self, kind: HitKind, at: datetime, *, again: bool) -> AlertKind:
        """A reply closes the copy: what is opened after it is counted and shown, and rings no more."""
        replied_at = self.history.summary.replied_at
        if replied_at and at >= replied_at:
            return AlertKind.AFTER_REPLY
        return (_AGAIN if again else _FIRST)[kind]

    def _redrawn(self, events: Sequence[Sequence[Judged]], told: set[str]) -> bool:
        if self.quiet and self.moved:
            return True
        return not told <= {one.hit.id for hits in events for one in hits}

    def _of_hit(self, kind: AlertKind, one: Judged) -> Alert:
        # A hit from a clock that ran ahead must not hold its alert back.
        return self._alert(f"hit:{one.hit.id}", kind, min(one.hit.at, self.now) + self.settle, one.hit.id)

    def _alert(self, key: str, kind: AlertKind, due_at: datetime | None = None, hit_id: str | None = None) -> Alert:
        return Alert(
            id=new_id(),
            key=key,
            kind=kind,
            account_id=self.history.account.id,
            due_at=due_at or self.now,
            message_id=self.history.message.id,
            copy_id=self.history.copy.id,
            hit_id=hit_id,
        )


def _events(judged: Sequence[Judged]) -> Iterator[Sequence[Judged]]:
    """Readings and clicks, oldest first: each is one thing that happened, with the hits that show it."""
    clicks = [[one] for one in judged if one.hit.kind is HitKind.CLICK and one.verdict.counts]
    openings = [reading.hits for reading in readings_of(judged)]
    yield from sorted([*openings, *clicks], key=lambda hits: (hits[0].hit.at, hits[0].hit.id))
