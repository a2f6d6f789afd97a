"""Runs a part of the product by a clock that a file sets: `python -m tests.flows.own_clock FILE tracker …`."""

import runpy
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import tracker.clock

_FILE, _MODULE = Path(sys.argv[1]), sys.argv[2]


def _now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(_FILE.read_text()))


# Before anything else of the product is imported: each takes the clock from there by its name.
tracker.clock.utc_now = _now
sys.argv = sys.argv[2:]
runpy.run_module(_MODULE, run_name="__main__", alter_sys=True)
