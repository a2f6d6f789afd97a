"""Which hits are worth saying."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.clock import new_id
from tracker.model import Alert, AlertKind, HitKind, Judged
from tracker.ports import History
from tracker.readings import readings_of
from tracker.ringing import Happening, ringing

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
        events, before = list(_events(after)), list(_events(self.history.judged))
        told = {event[0].hit.id for event in before}
        found = [] if self.quiet else [self._of_hit(kind, hits[0]) for kind, hits in self._new(events, told)]
        found += [self._undone(hit_id) for hit_id in _no_longer(self._rings(before), self._rings(events))]
        if self._redrawn(events, told):
            found.append(self._alert(f"corrected:{self.history.copy.id}:{self.history.version}", AlertKind.CORRECTED))
        if passed_on and not self.quiet and not self.history.summary.passed_on:
            found.append(self._alert(f"passed_on:{self.history.copy.id}", AlertKind.PASSED_ON, self.now + self.settle))
        return tuple(found)

    def _new(self, events: Sequence[Sequence[Judged]], told: set[str]) -> Iterator[tuple[AlertKind, Sequence[Judged]]]:
        summary, older = self.history.summary, not self.history.complete
        clicked = any(hits[0].hit.kind is HitKind.CLICK and hits[0].hit.id in told for hits in events)
        # An earlier click that comes late is no first one to whoever was told of a later one.
        known = {HitKind.OPEN: older and summary.opens > 0, HitKind.CLICK: clicked or (older and summary.clicks > 0)}
        rings = self._rings(events)
        for hits in events:
            hit = hits[0].hit
            if not any(one.hit.id in told for one in hits):
                plain = (_AGAIN if known[hit.kind] else _FIRST)[hit.kind]
                yield self._kind(hit.at, plain if hit.kind is HitKind.CLICK else rings.get(hit.id, plain)), hits
            known[hit.kind] = True

    def _kind(self, at: datetime, kind: AlertKind) -> AlertKind:
        """A reply closes the copy: what is opened after it is counted and shown, and rings no more."""
        replied_at = self.history.summary.replied_at
        return AlertKind.AFTER_REPLY if replied_at and at >= replied_at else kind

    def _rings(self, events: Sequence[Sequence[Judged]]) -> Mapping[str, AlertKind]:
        """Which of these ring by themselves. Of what is older than all that is loaded, the clicks are known."""
        clicked = not self.history.complete and self.history.summary.clicks > 0
        happened = (Happening(hits[0].hit.id, hits[0].hit.at, hits[0].hit.kind) for hits in events)
        return ringing(happened, clicked=clicked)

    def _redrawn(self, events: Sequence[Sequence[Judged]], told: set[str]) -> bool:
        if self.quiet and self.moved:
            return True
        return not told <= {one.hit.id for hits in events for one in hits}

    def _of_hit(self, kind: AlertKind, one: Judged) -> Alert:
        # A hit from a clock that ran ahead must not hold its alert back.
        return self._alert(f"hit:{one.hit.id}", kind, min(one.hit.at, self.now) + self.settle, one.hit.id)

    def _undone(self, hit_id: str) -> Alert:
        """What rang with this hit is no longer so: its message is redrawn, too."""
        key = f"undone:{hit_id}:{self.history.version}"
        return self._alert(key, AlertKind.CORRECTED, hit_id=hit_id)

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


def _no_longer(before: Mapping[str, AlertKind], after: Mapping[str, AlertKind]) -> list[str]:
    return [hit_id for hit_id, kind in before.items() if after.get(hit_id) is not kind]


def _events(judged: Sequence[Judged]) -> Iterator[Sequence[Judged]]:
    """Readings and clicks, oldest first: each is one thing that happened, with the hits that show it."""
    clicks = [[one] for one in judged if one.hit.kind is HitKind.CLICK and one.verdict.counts]
    openings = [reading.hits for reading in readings_of(judged)]
    yield from sorted([*openings, *clicks], key=lambda hits: (hits[0].hit.at, hits[0].hit.id))
