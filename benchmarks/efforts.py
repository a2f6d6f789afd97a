"""How long a run may take: what `make bench` does, all of it, or just enough to see that it works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """The sizes of everything that is measured."""

    name: str
    rounds: int  # of the pixels' designs, interleaved
    seconds: float  # of one of these rounds, and of a warm-up
    steady_seconds: float  # of 500 hits/s
    bursts: int
    flat_hits: int  # over which memory has to stay flat
    recorded_hits: int
    messages: int
    few_hits: int  # which growth is measured against
    many_hits: int
    asked: int  # times each question is put
    references: bool  # whether what has to be fetched from a package index is measured beside ours
    alert_seconds: float
    starts: int


USUAL = Effort("usual", 5, 2.0, 20.0, 3, 1_000_000, 20_000, 100_000, 100_000, 1_000_000, 20, True, 8.0, 5)
FULL = Effort("full", 5, 2.0, 60.0, 5, 1_000_000, 60_000, 100_000, 100_000, 10_000_000, 100, True, 10.0, 9)
QUICK = Effort("quick", 1, 0.3, 1.0, 1, 3_000, 300, 300, 300, 1_200, 1, False, 1.0, 1)
