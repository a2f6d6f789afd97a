"""The labelled hits, as values: what was seen, and what it was."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.makers import NOON, a_hit, a_judged, a_verdict
from tracker.classify import Known
from tracker.classify.networks import network_of, network_of_asn
from tracker.model import Cause, Hit, HitKind, Judged


@dataclass(frozen=True, slots=True)
class Labelled:
    hit: Hit
    known: Known
    cause: Cause
    reason: str


@lru_cache(maxsize=1)
def labelled_hits() -> Sequence[Labelled]:
    lines = (Path(__file__).parent / "hits.jsonl").read_text().splitlines()
    return tuple(_labelled(json.loads(line)) for line in lines)


def _labelled(row: dict[str, Any]) -> Labelled:
    hit = a_hit(
        id=row["id"],
        at=NOON + timedelta(seconds=row["seconds_after_send"]),
        kind=HitKind(row["kind"]),
        method=row["method"],
        ip=row["ip"],
        headers={name.lower(): value for name, value in row["headers"].items()},
    )
    known = Known(
        sent_at=NOON,
        recipient_mx=row["context"].get("recipient_mx", "unknown"),
        prior=tuple(_prior(hit, before) for before in row["context"].get("prior", ())),
        # Many addresses in the list are examples; the network's number beside them is what was seen.
        network=network_of(row["ip"]) or network_of_asn(row["asn"]),
    )
    return Labelled(hit, known, Cause(row["label"]), row["reason"])


def _prior(hit: Hit, before: dict[str, Any]) -> Judged:
    return a_judged(
        hit=a_hit(at=hit.at - timedelta(seconds=before["age_s"])),
        verdict=a_verdict(cause=Cause.LIKELY_HUMAN, reason=before["reason"]),
    )
