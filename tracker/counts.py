"""Counts: what this process did since it started, in few words that are bounded. Like the log, one for the process."""

import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import accumulate

from tracker.model import Cause

Words = tuple[str, ...]

OTHER = "other"
_MOST = 300  # different words of one count: whoever reads them keeps each for months


class Count:
    """How often something happened, by a few words. Words of people and secrets never are among them."""

    def __init__(self, name: str, meaning: str, labels: Sequence[str] = (), known: Iterable[Words] = ()) -> None:
        self.name, self.meaning, self.labels = name, meaning, tuple(labels)
        # What can happen stands there with nought, so that the first time is seen as a rise.
        self._numbers: dict[Words, float] = dict.fromkeys(known if labels else [()], 0.0)

    def add(self, *words: str, number: float = 1) -> None:
        """Once too many different words, they are counted as others."""
        if words not in self._numbers and len(self._numbers) >= _MOST:
            words = (OTHER,) * len(self.labels)
        self._numbers[words] = self._numbers.get(words, 0.0) + number

    def numbers(self) -> Mapping[Words, float]:
        return dict(self._numbers)


class Spread:
    """How long something took, as how often it took at most each of a few times."""

    labels = ()

    def __init__(self, name: str, meaning: str, bounds: Sequence[float]) -> None:
        self.name, self.meaning, self._bounds = name, meaning, tuple(bounds)
        self._numbers = [0] * (len(bounds) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        self._numbers[bisect_left(self._bounds, seconds)] += 1
        self.seconds += seconds

    def steps(self) -> list[tuple[str, float]]:
        """Each bound as text, with how many took at most as long."""
        names = [*map(str, self._bounds), "+Inf"]
        return list(zip(names, map(float, accumulate(self._numbers)), strict=True))

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Adds how long the block takes, however it ends."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add(time.perf_counter() - began)


_FAST = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
_CALLS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 90.0)

COMMITS = Spread("twotick_commit_seconds", "How long the intake's commits take", _FAST)
COMMITS_FAILED = Count("twotick_commits_failed", "Commits of the intake that failed")
VERDICTS = Count("twotick_verdicts", "Hits judged for the first time", ["cause"], [(cause.value,) for cause in Cause])
TAKEN = Count("twotick_recorder_hits", "Hits that the recorder is done with")
RECORDED = Spread("twotick_recorder_batch_seconds", "How long the recorder takes for a batch", _FAST)
RECORDING_FAILED = Count("twotick_recorder_failures", "Batches that could not be recorded and are tried again")
SLACK_CALLS = Count("twotick_slack_calls", "Calls of Slack, each try", ["method", "outcome"])
SLACK_SECONDS = Spread("twotick_slack_call_seconds", "How long Slack takes for a call", _CALLS)
GMAIL_CALLS = Count("twotick_gmail_calls", "Calls of Google, each try", ["method", "outcome"])
GMAIL_SECONDS = Spread("twotick_gmail_call_seconds", "How long Gmail takes for a call", _CALLS)

COUNTS = (COMMITS_FAILED, VERDICTS, TAKEN, RECORDING_FAILED, SLACK_CALLS, GMAIL_CALLS)
SPREADS = (COMMITS, RECORDED, SLACK_SECONDS, GMAIL_SECONDS)
