"""What a verdict costs."""

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tracker.classify import classify, client_name
from tracker.classify.agents import read
from tracker.classify.labelled import Labelled, labelled_hit
from tracker.classify.networks import _networks, network_of

_HITS = Path(__file__).parent.parent / "tests" / "tracker" / "classify" / "hits.jsonl"
_ROUNDS = 50


def microseconds_a_hit() -> tuple[float, float]:
    """The median cost of a verdict, and of a verdict with the client's name, over all labelled hits; warm."""
    hits = labelled_hits()
    verdicts = [_timed(lambda: [classify(one.hit, one.known) for one in hits], len(hits)) for _ in range(_ROUNDS)]
    names = [_timed(lambda: [client_name(one.hit, one.known) for one in hits], len(hits)) for _ in range(_ROUNDS)]
    return statistics.median(verdicts), statistics.median(verdicts) + statistics.median(names)


def microseconds_an_unseen_agent() -> float:
    """The median cost of reading an agent for the first time."""
    agents = {one.hit.ua for one in labelled_hits()}

    def work() -> None:
        read.cache_clear()
        for agent in agents:
            read(agent)

    return statistics.median(_timed(work, len(agents)) for _ in range(_ROUNDS))


def milliseconds_to_load_the_networks() -> float:
    """What the first hit of a process waits for."""
    _networks.cache_clear()
    return _timed(lambda: network_of("192.0.2.1"), 1) / 1000


def _timed(work: Callable[[], object], count: int) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) / count * 1e6


def labelled_hits() -> Sequence[Labelled]:
    return [labelled_hit(line) for line in _HITS.read_text().splitlines()]
