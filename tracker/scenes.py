"""Scenes: the hits of one message that bear on each other, judged together.

A burst shows only when it is complete: a hit is judged by what came before and
after it, so that hits which looked like a person are judged again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tracker.model import Correction, Hit, Judged
from tracker.ports import HISTORY_LIMIT, History

AROUND = timedelta(minutes=15)  # as far as any rule looks to both sides of a hit
_NEAREST = 50  # hits looked at on each side: in a flood, more would tell nothing more
_PASSES = 4  # a verdict may change a neighbour's, and that one another; what turns in a circle is left as it is

Judge = Callable[[Hit, History], Judged]


@dataclass(slots=True)
class _Spot:
    """A hit in its scene; `judged` is None until it is judged for the first time, by what was `seen` then."""

    hit: Hit
    judged: Judged | None
    is_open: bool
    seen: tuple[Sequence[Judged], Sequence[Judged]] | None = None


class Scene:
    """One message's copies, each with its history."""

    def __init__(self, histories: Iterable[History]) -> None:
        self.histories: Mapping[str, History] = {history.copy.id: history for history in histories}

    def learning(self, correction: Correction) -> "Scene":
        """The same scene to somebody who knows of a correction."""
        return Scene(
            replace(history, corrections=(correction, *_others(history.corrections, correction)))
            for history in self.histories.values()
        )

    def judged(
        self, judge: Judge, fresh: Sequence[Hit], reconsidered: Callable[[Judged], bool]
    ) -> Mapping[str, tuple[Judged, ...]]:
        """Every copy's hits as they are judged now, oldest first: the fresh ones and the past ones."""
        spots = self._spots(fresh, reconsidered)
        open_spots = sum(spot.is_open for spot in spots)
        for _ in range(_PASSES if open_spots > 1 else open_spots):
            if not self._judge(judge, spots):
                break
        after: dict[str, list[Judged]] = defaultdict(list)
        for spot in spots:
            if spot.judged:
                after[spot.hit.copy_id].append(spot.judged)
        return {copy_id: tuple(after[copy_id]) for copy_id in self.histories}

    def _spots(self, fresh: Sequence[Hit], reconsidered: Callable[[Judged], bool]) -> list[_Spot]:
        past = (one for history in self.histories.values() for one in history.judged)
        spots = [_Spot(one.hit, one, is_open=reconsidered(one)) for one in past]
        spots += [_Spot(hit, None, is_open=True) for hit in fresh]
        spots.sort(key=lambda spot: (spot.hit.at, spot.hit.id))
        return _open_near_the_fresh(spots) if fresh else spots

    def _judge(self, judge: Judge, spots: Sequence[_Spot]) -> bool:
        """Judge every open spot by what is believed of the others now; whether anything changed."""
        changed = False
        prior: dict[str, list[Judged]] = defaultdict(list)
        for place, spot in enumerate(spots):
            before = prior[spot.hit.copy_id]
            if spot.is_open:
                seen = tuple(before[-HISTORY_LIMIT:]), _near(spots, place)
                if seen != spot.seen:  # most of a second look is at what the first one saw
                    spot.seen = seen
                    history = replace(self.histories[spot.hit.copy_id], judged=seen[0], around=seen[1])
                    judged = judge(spot.hit, history)
                    if judged != spot.judged:
                        changed = True
                        spot.judged = _kept(spot.judged, judged)
            if spot.judged:
                before.append(spot.judged)
        return changed


def _open_near_the_fresh(spots: list[_Spot]) -> list[_Spot]:
    """Leave past hits alone that no fresh one has among its nearest: a large mailing is judged once, not each time."""
    places = [place for place, spot in enumerate(spots) if spot.judged is None]
    near = {place for one in places for place in range(one - _NEAREST, one + _NEAREST + 1)}
    for place, spot in enumerate(spots):
        spot.is_open = spot.is_open and place in near
    return spots


def _others(corrections: Iterable[Correction], correction: Correction) -> Iterator[Correction]:
    return (one for one in corrections if one.hit_id != correction.hit_id)


def _kept(old: Judged | None, new: Judged) -> Judged:
    """The new verdict; the client and place of a hit whose raw facts are destroyed can only be remembered."""
    return replace(old, verdict=new.verdict) if old and old.hit.forgotten else new


def _near(spots: Sequence[_Spot], place: int) -> tuple[Judged, ...]:
    before = _judged_within(spots, range(place - 1, max(-1, place - 1 - _NEAREST), -1), spots[place].hit)
    after = _judged_within(spots, range(place + 1, min(len(spots), place + 1 + _NEAREST)), spots[place].hit)
    return (*reversed([*before]), *after)


def _judged_within(spots: Sequence[_Spot], places: range, hit: Hit) -> Iterator[Judged]:
    for other in places:
        if abs(spots[other].hit.at - hit.at) > AROUND:
            return
        judged = spots[other].judged
        if judged:
            yield judged
