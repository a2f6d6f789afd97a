"""What the benchmarks know of a process: its CPU time, its memory, its core."""

import os
import socket
from pathlib import Path

SERVER_CORE, LOAD_CORE = 0, 1
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def family(pid: int) -> list[int]:
    """A process and all that it started, as far as they run."""
    found = [pid]
    for thread in _entries(f"/proc/{pid}/task"):
        try:
            children = (thread / "children").read_text().split()
        except OSError:  # it ended meanwhile
            continue
        found += [one for child in children for one in family(int(child))]
    return found


def cpu_seconds(pid: int) -> float:
    """What a process and all that it started have used."""
    return sum(map(_own_cpu_seconds, family(pid)))


def resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6


def peak_mb(pid: int) -> float:
    """The most that was ever resident."""
    text = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in text.splitlines() if line.startswith("VmHWM"))


def pin(pid: int, core: int) -> None:
    """Keep a process and all that it started on one core where the system can: two sides must not steal time."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > core:
        for one in family(pid):
            for thread in _entries(f"/proc/{one}/task"):
                os.sched_setaffinity(int(thread.name), {core})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _own_cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _entries(folder: str) -> list[Path]:
    try:
        return list(Path(folder).iterdir())
    except OSError:  # it ended meanwhile
        return []
