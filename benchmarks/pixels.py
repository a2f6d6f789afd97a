"""The durable pixel against a bare handler and against the naive design, in interleaved rounds."""

import contextlib
import os
import re
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvloop

from benchmarks.load import Measured, closed_loop

CONNECTIONS = 64
_SERVER_CORE, _LOAD_CORE = 0, 1

_Run = tuple[Measured, float]  # and the server's CPU seconds during it


@dataclass(frozen=True, slots=True)
class Design:
    name: str
    server: str
    database_url: str


@dataclass(frozen=True, slots=True)
class Result:
    """Medians over the rounds."""

    name: str
    rate: float
    ratio: float
    p50: float
    p99: float
    cpu_us: float
    cpu_ratio: float


def compare(designs: list[Design], rounds: int, seconds: float) -> list[Result]:
    """Measure each design once a round, so that a slow moment of the machine meets all of them."""
    with contextlib.ExitStack() as running:
        servers = [(design, *running.enter_context(_server(design))) for design in designs]
        pin(os.getpid(), _LOAD_CORE)
        runs: dict[str, list[_Run]] = {design.name: [] for design in designs}
        for _ in range(rounds):
            for design, pid, port in servers:
                before = _cpu_seconds(pid)
                measured = uvloop.run(closed_loop(port, CONNECTIONS, seconds))
                runs[design.name].append((measured, _cpu_seconds(pid) - before))
        for design, _, port in servers:
            if not design.server.startswith("bare"):
                _check_all_kept(design, port)
    base = runs[designs[0].name]
    return [_result(design.name, runs[design.name], base) for design in designs]


def _result(name: str, runs: list[_Run], base: list[_Run]) -> Result:
    pairs = list(zip(runs, base, strict=True))
    return Result(
        name=name,
        rate=statistics.median(run.rate for run, _ in runs),
        ratio=statistics.median(run.rate / other.rate for (run, _), (other, _) in pairs),
        p50=statistics.median(run.percentile(0.5) for run, _ in runs),
        p99=statistics.median(run.percentile(0.99) for run, _ in runs),
        cpu_us=statistics.median(_cpu_us(run) for run in runs),
        cpu_ratio=statistics.median(_cpu_us(other) / _cpu_us(run) for run, other in pairs),
    )


def _cpu_us(run: _Run) -> float:
    measured, cpu_seconds = run
    return cpu_seconds / measured.hits * 1e6


def _check_all_kept(design: Design, port: int) -> None:
    """A design that answers without keeping would look fast."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lost = re.findall(r"^twotick_hits_not_stored_total\{.*\} (.+)$", answer.read().decode(), re.MULTILINE)
    if any(float(count) for count in lost):
        raise RuntimeError(f"{design.name} answered hits that it did not keep")


@contextlib.contextmanager
def _server(design: Design) -> Iterator[tuple[int, int]]:
    command = [sys.executable, "-m", "benchmarks.servers", design.server, design.database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            pin(process.pid, _SERVER_CORE)
            assert process.stdout is not None
            yield process.pid, int(process.stdout.readline())
        finally:
            process.kill()


def pin(pid: int, core: int) -> None:
    """Keep a process on one core where the system can, so that the two sides do not steal from each other."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > core:
        os.sched_setaffinity(pid, {core})


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
