"""What a verdict costs."""

import json
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker.classify import Known, classify, client_name
from tracker.model import Hit, HitKind

_HITS = Path(__file__).parent.parent / "tests" / "tracker" / "classify" / "hits.jsonl"
_SENT_AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
_ROUNDS = 50


def microseconds_a_hit() -> tuple[float, float]:
    """The median cost of a verdict, and of a verdict with the client's name, over all labelled hits; warm."""
    hits = _hits()
    known = Known(sent_at=_SENT_AT)
    verdicts = [_timed(lambda: [classify(hit, known) for hit in hits], len(hits)) for _ in range(_ROUNDS)]
    names = [_timed(lambda: [client_name(hit, known) for hit in hits], len(hits)) for _ in range(_ROUNDS)]
    return statistics.median(verdicts), statistics.median(verdicts) + statistics.median(names)


def _timed(work: object, count: int) -> float:
    assert callable(work)
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) / count * 1e6


def _hits() -> Sequence[Hit]:
    rows = [json.loads(line) for line in _HITS.read_text().splitlines()]
    return [
        Hit(
            row["id"],
            _SENT_AT + timedelta(seconds=row["seconds_after_send"]),
            HitKind(row["kind"]),
            "copy",
            row["method"],
            row["ip"],
            {name.lower(): value for name, value in row["headers"].items()},
        )
        for row in rows
    ]
