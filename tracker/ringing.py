"""Which of the things that happen to a copy ring again: a burst of openings, a return after a pause, a first click."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.model import AlertKind, HitKind

BURST, WITHIN = 3, timedelta(hours=24)  # so many openings in so short a time are hot
PAUSE = timedelta(days=14)  # who comes back after this had put it away
RINGING = (AlertKind.FIRST_CLICK, AlertKind.HOT, AlertKind.BACK)


@dataclass(frozen=True, slots=True)
class Happening:
    """An opening or a click, by the hit with which it began."""

    hit_id: str
    at: datetime
    kind: HitKind


def ringing(
    happened: Iterable[Happening], last_at: datetime | None = None, *, clicked: bool = False
) -> Mapping[str, AlertKind]:
    """What rings of all that happened to a copy, oldest first, by hit.

    A burst rings with its third opening, and again only after it has cooled
    down: after an opening that makes no burst. Before the first, the copy was
    last looked at `last_at`, and was `clicked` or not.
    """
    found: dict[str, AlertKind] = {}
    opened: list[datetime] = []
    hot = False
    for one in happened:
        if one.kind is HitKind.CLICK:
            if not clicked:
                found[one.hit_id] = AlertKind.FIRST_CLICK
            clicked = True
        else:
            opened = [*(at for at in opened if one.at - at < WITHIN), one.at]
            burst = len(opened) >= BURST
            if burst and not hot:
                found[one.hit_id] = AlertKind.HOT
            elif last_at and one.at - last_at >= PAUSE:
                found[one.hit_id] = AlertKind.BACK
            hot = burst
        last_at = one.at
    return found
