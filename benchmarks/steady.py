"""Target 2: a web process under steady load, in bursts, and over a million hits; then every hit is looked for."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

import uvloop

from benchmarks.counting import kept_hits
from benchmarks.efforts import Effort
from benchmarks.generate import Size, copy_ids, generate
from benchmarks.load import Measured, closed_loop, requests
from benchmarks.open_loop import open_loop
from benchmarks.pixels import CONNECTIONS, Running, on_the_load_core
from benchmarks.processes import cpu_seconds, peak_mb, resident_mb
from benchmarks.targets import Finding, Section
from benchmarks.web_process import web_process
from tracker.store.intake_commits import QUEUE_LIMIT

RATE = 500.0
_BURST = 10.0  # times that rate
_BURST_SECONDS = 2.0
# As many as growth is promised for: a million hits on a few thousand would be a flood on each of them.
_MESSAGES = 100_000
_P99_MS, _RESIDENT_MB = 10.0, 90.0
_FLAT_MB = 5.0  # what memory may have grown by from a tenth of the hits on
_HEAD = ("load", "fetches", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "worst ms", "unanswered")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one process went through."""

    steady: Measured
    steady_cpu: float
    bursts: list[Measured]
    answered: int
    first_mb: float
    early_mb: float
    late_mb: float
    peak_mb: float


def section(effort: Effort) -> Section:
    with tempfile.TemporaryDirectory(prefix="twotick-steady-") as name:
        folder = Path(name)
        url = f"sqlite://{folder}/steady.sqlite3"
        asyncio.run(generate(url, Size(_MESSAGES, 0)))
        with web_process(folder, url) as web, on_the_load_core():
            seen = _lived_through(web, effort)
        recorded, waiting = kept_hits(url)
    steady, bursts = seen.steady, _together(seen.bursts)
    return Section(
        2,
        f"{RATE:.0f} hits/s on one core, bursts of {_BURST:.0f} times that, {effort.flat_hits:,} hits",
        [
            Finding(f"{RATE:.0f} hits/s: p99", steady.percentile(0.99), _P99_MS, "ms"),
            Finding("fetches unanswered, steady and in bursts", steady.unanswered + bursts.unanswered, 0, digits=0),
            Finding("hits answered and not kept", max(0, seen.answered - recorded - waiting), 0, digits=0),
            Finding("most memory ever resident", seen.peak_mb, _RESIDENT_MB, "MB", digits=0),
            Finding(
                "memory grown over nine tenths of the hits", seen.late_mb - seen.early_mb, _FLAT_MB, "MB", digits=1
            ),
        ],
        [_HEAD, _row(f"{RATE:.0f} hits/s", steady), _row(f"bursts of {RATE * _BURST:.0f} hits/s", bursts)],
        [
            f"The whole web process on SQLite, its recorder beside it, pinned to one core; {steady.seconds:.0f} s at"
            f" {steady.rate:.0f} hits/s took {seen.steady_cpu / steady.seconds:.0%} of that core. A fetch takes from"
            f" the moment at which it was due. {len(seen.bursts)} bursts of {_BURST_SECONDS:g} s, a quiet second before"
            f" each. {seen.answered:,} fetches were answered in all; {recorded:,} of their hits were recorded when the"
            f" process was ended, {waiting:,} waited on disk. Memory: {seen.first_mb:.0f} MB before the first"
            f" fetch, {seen.early_mb:.0f} MB after a tenth of the hits, {seen.late_mb:.0f} MB at the end."
            f" At most {QUEUE_LIMIT:,} hits wait in memory for their commit; beyond it a pixel is answered at once, and"
            " counted as not kept.",
        ],
    )


def _lived_through(web: Running, effort: Effort) -> _Seen:
    source = requests(copy_ids(_MESSAGES))

    def fetch(rate: float, seconds: float) -> Measured:
        return uvloop.run(open_loop(web.port, rate, seconds, source))

    first_mb = resident_mb(web.pid)
    warm = [fetch(RATE, effort.seconds)]
    before = cpu_seconds(web.pid)
    steady = fetch(RATE, effort.steady_seconds)
    used = cpu_seconds(web.pid) - before
    bursts = []
    for _ in range(effort.bursts):
        warm.append(fetch(RATE, min(1.0, effort.seconds)))
        bursts.append(fetch(RATE * _BURST, min(_BURST_SECONDS, effort.steady_seconds)))
    flat, early_mb = 0, 0.0
    while flat < effort.flat_hits:
        flat += uvloop.run(closed_loop(web.port, CONNECTIONS, effort.seconds, source)).hits
        early_mb = early_mb or (resident_mb(web.pid) if flat >= effort.flat_hits / 10 else 0.0)
    answered = flat + sum(one.hits for one in (*warm, steady, *bursts))
    return _Seen(steady, used, bursts, answered, first_mb, early_mb, resident_mb(web.pid), peak_mb(web.pid))


def _together(runs: list[Measured]) -> Measured:
    latencies = [one for run in runs for one in run.latencies]
    seconds = sum(run.seconds for run in runs)
    return Measured(len(latencies), seconds, latencies, sum(run.unanswered for run in runs))


def _row(name: str, run: Measured) -> tuple[str, ...]:
    figures = [f"{run.percentile(share):.1f}" for share in (0.5, 0.9, 0.99, 0.999, 1.0)]
    return (name, f"{run.hits:,}", *figures, str(run.unanswered))
