"""The labelled hits: what was seen, and what it was."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from tracker.classify.labelled import Labelled, labelled_hit

HITS = Path(__file__).parent / "hits.jsonl"


@lru_cache(maxsize=1)
def labelled_hits() -> Sequence[Labelled]:
    return tuple(labelled_hit(line) for line in HITS.read_text().splitlines())
