"""`make bench`: what the product promises about speed, as ratios within one run. About two minutes."""

import contextlib
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import alerts
from benchmarks.classifying import (
    microseconds_a_hit,
    microseconds_an_unseen_agent,
    milliseconds_to_load_the_networks,
)
from benchmarks.pixels import CONNECTIONS, Design, Result, compare
from tests.postgres import postgres_binaries, running_postgres

_ROUNDS = 5
_SECONDS = 2.0


def main() -> None:
    print(
        f"{_machine()}\nPixels: {CONNECTIONS} connections, {_ROUNDS} interleaved rounds of {_SECONDS:g} s, medians.\n"
    )
    with tempfile.TemporaryDirectory() as folder, _postgres_design() as postgres:
        designs = [
            Design("bare aiohttp handler, nothing recorded", "bare", "-"),
            Design("the same on uvloop", "bare-uvloop", "-"),
            Design("Twotick on SQLite, durable", "durable", f"sqlite://{folder}/durable.sqlite3"),
            *postgres,
            Design("one SQLite transaction a hit", "naive", f"sqlite://{folder}/naive.sqlite3"),
        ]
        _print(compare(designs, _ROUNDS, _SECONDS))
    print()
    alerts.main()
    verdict, with_name = microseconds_a_hit()
    print(f"\nA verdict: {verdict:.1f} µs a hit; with the client's name: {with_name:.1f} µs.")
    print(f"An agent seen for the first time: {microseconds_an_unseen_agent():.0f} µs.")
    print(f"The list of networks, loaded by a process's first hit: {milliseconds_to_load_the_networks():.0f} ms.")


@contextlib.contextmanager
def _postgres_design() -> Iterator[list[Design]]:
    binaries = postgres_binaries()
    if binaries is None:
        print("No PostgreSQL server binaries here: left out.\n")
        yield []
        return
    with running_postgres(binaries, settings=()) as server:
        yield [Design("Twotick on PostgreSQL, durable", "durable", server.fresh())]


def _print(results: list[Result]) -> None:
    print(f"{'design':<42}{'hits/s':>9}{'ratio':>8}{'p50 ms':>8}{'p99 ms':>8}{'CPU µs/hit':>12}")
    for one in results:
        print(
            f"{one.name:<42}{one.rate:>9.0f}{one.ratio:>8.2f}{one.p50:>8.1f}{one.p99:>8.1f}"
            f"{one.cpu_us:>12.0f}  (CPU ratio {one.cpu_ratio:.2f})"
        )


def _machine() -> str:
    cpu = platform.processor() or platform.machine()
    with contextlib.suppress(OSError, IndexError):
        text = Path("/proc/cpuinfo").read_text()
        cpu = next(line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name"))
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
