"""`make bench`: all that is promised of speed, each figure beside its promise and what else there is, in one run."""

import argparse
import contextlib
import os
import platform
import sqlite3
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks import alerts, commands, durable_pixel, growth, recorder, scale, starting, steady
from benchmarks.efforts import FULL, QUICK, USUAL, Effort
from benchmarks.results import PAGE, block, with_block
from benchmarks.targets import Section, summing_up
from tests.postgres import postgres_binaries
from tracker.clock import utc_now

Measuring = Callable[[Effort], Sequence[Section]]

_MEASURED: Sequence[tuple[int, Measuring]] = (
    (1, lambda effort: [durable_pixel.section(effort)]),
    (2, lambda effort: [steady.section(effort)]),
    (3, lambda effort: [alerts.section(effort)]),
    (4, lambda effort: [recorder.section(effort)]),
    (5, growth.sections),
    (6, lambda effort: [commands.section(effort), starting.section(effort)]),
)
_ON_PAPER = 7
_BUSY = 0.5


def main(arguments: Sequence[str]) -> int:
    given = _given(arguments)
    effort = FULL if given.full else QUICK if given.quick else USUAL
    wanted = set(given.only or range(1, _ON_PAPER + 1))
    machine, began = _machine(), time.monotonic()
    print(machine, flush=True)
    sections: list[Section] = []
    broken = False
    for number, measure in _MEASURED:
        if number in wanted:
            found = _measured(number, measure, effort)
            broken = broken or not found
            sections += _shown(found)
    if _ON_PAPER in wanted:
        figures = {name: value for section in sections for name, value in section.figures.items()}
        sections += _shown([scale.section(figures)])
    print(f"\n{summing_up(sections)} It took {(time.monotonic() - began) / 60:.1f} minutes.")
    if given.write:
        PAGE.write_text(with_block(PAGE.read_text(), block(sections, machine, effort.name, utc_now())))
        print(f"Written into {PAGE}.")
    return int(broken)


def _given(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_true", help="with 10 million hits: half an hour and 10 GB of disk")
    size.add_argument("--quick", action="store_true", help="only to see that everything runs; its figures say nothing")
    parser.add_argument("--only", type=_numbers, metavar="1,4", help="these targets alone")
    parser.add_argument("--write", action="store_true", help=f"keep the results in {PAGE.name}")
    return parser.parse_args(arguments)


def _numbers(text: str) -> list[int]:
    numbers = [int(part) for part in text.split(",")]
    if not set(numbers) <= set(range(1, _ON_PAPER + 1)):
        raise ValueError
    return numbers


def _measured(number: int, measure: Measuring, effort: Effort) -> Sequence[Section]:
    """What was found; nothing when a benchmark broke, which must not take the others with it."""
    try:
        return measure(effort)
    except Exception:
        traceback.print_exc()
        print(f"\n### {number}. broke: see above", flush=True)
        return []


def _shown(sections: Sequence[Section]) -> Sequence[Section]:
    for section in sections:
        print("\n" + "\n".join(section.lines()), flush=True)
    return sections


def _machine() -> str:
    """Where this ran, and with what."""
    cpu = platform.processor() or platform.machine()
    with contextlib.suppress(OSError, StopIteration):
        text = Path("/proc/cpuinfo").read_text()
        cpu = next(line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name"))
    load = os.getloadavg()[0]
    parts = [
        f"{cpu}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in ("aiohttp", "uvloop")),
        f"SQLite {sqlite3.sqlite_version}",
        _postgres(),
        f"load {load:.1f} at the start",
    ]
    busy = " **The machine is busy with something else: these figures say little.**" if load > _BUSY else ""
    return ", ".join(part for part in parts if part) + "." + busy


def _postgres() -> str:
    binaries = postgres_binaries()
    if binaries is None:
        return ""
    told = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return f"PostgreSQL {told.split()[2]} with fsync"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
