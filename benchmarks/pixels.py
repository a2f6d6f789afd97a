"""Designs that answer a pixel, measured in interleaved rounds against the first of them."""

import contextlib
import os
import re
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import uvloop

from benchmarks.load import Measured, closed_loop, requests
from benchmarks.processes import LOAD_CORE, SERVER_CORE, cpu_seconds, family, pin

CONNECTIONS = 64

_Run = tuple[Measured, float]  # and the server's CPU seconds during it


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs: its process, with those that it started, and where it listens."""

    pid: int
    port: int


@dataclass(frozen=True, slots=True)
class Design:
    """A way to answer a pixel, how it is started, and whether it counts what it did not keep, as ours does.

    Paths are what it answers; our pixels where there are none.
    """

    name: str
    start: Callable[[], contextlib.AbstractContextManager[Running]]
    counts: bool = False
    paths: Callable[[], Iterator[bytes]] = requests


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


def compare(designs: Sequence[Design], rounds: int, seconds: float) -> list[Result]:
    """Measure each design once a round, so that a slow moment of the machine meets all of them."""
    with contextlib.ExitStack() as running:
        servers = [(design, running.enter_context(design.start())) for design in designs]
        for _, server in servers:
            pin(server.pid, SERVER_CORE)
        running.enter_context(on_the_load_core())
        runs: dict[str, list[_Run]] = {design.name: [] for design in designs}
        for _ in range(rounds):
            for design, server in servers:
                runs[design.name].append(_run(design, server, seconds))
        for design, server in servers:
            if design.counts:
                check_all_kept(design.name, server.port)
    base = runs[designs[0].name]
    return [_result(design.name, runs[design.name], base) for design in designs]


def _run(design: Design, server: Running, seconds: float) -> _Run:
    before = cpu_seconds(server.pid)
    measured = uvloop.run(closed_loop(server.port, CONNECTIONS, seconds, design.paths()))
    return measured, cpu_seconds(server.pid) - before


@contextlib.contextmanager
def on_the_load_core() -> Iterator[None]:
    """Only this process, and only meanwhile: what it starts later may use every core."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {LOAD_CORE} & before or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


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
    measured, used = run
    return max(used, 0.001) / measured.hits * 1e6


def check_all_kept(name: str, port: int) -> None:
    """A design that answers without keeping would look fast. Raises RuntimeError."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lost = re.findall(r"^twotick_hits_not_stored_total\{.*\} (.+)$", answer.read().decode(), re.MULTILINE)
    if any(float(count) for count in lost):
        raise RuntimeError(f"{name} answered hits that it did not keep")


def own_server(*arguments: str) -> Callable[[], contextlib.AbstractContextManager[Running]]:
    """How to start one of `benchmarks.servers`."""

    @contextlib.contextmanager
    def start() -> Iterator[Running]:
        command = [sys.executable, "-m", "benchmarks.servers", *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield Running(process.pid, int(process.stdout.readline()))
            finally:
                process.kill()

    return start


@contextlib.contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Let a foreign server run for as long as the block lasts, and end all that it started."""
    try:
        yield
    finally:
        for pid in reversed(family(process.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 9)
        process.wait()
