"""A whole cluster on this machine under load, and what each process costs, until Ctrl-C or `--seconds`."""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import nats

from benchmarks.fleet import Fleet, running_fleet
from benchmarks.ledger import Ledger
from tracker.store.jetstream import STREAM

_RATE = 100.0
_MESSAGES = 400
_EVERY_SECONDS = 5.0


async def watch(rate: float, seconds: float | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running_fleet(embedded=False, messages=_MESSAGES) as fleet:
        ledger = Ledger(fleet, rate, seed=1)
        load = asyncio.create_task(ledger.run(stop))
        print(f"Everything runs; {rate:g} pixels/s. Ctrl-C ends it all.", flush=True)
        showing = asyncio.create_task(_show_on(fleet, ledger))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
        stop.set()
        showing.cancel()
        await asyncio.gather(showing, load, return_exceptions=True)
    print("Everything has ended.")


async def _show_on(fleet: Fleet, ledger: Ledger) -> None:
    client = await nats.connect([node.url for node in fleet.nodes])
    try:
        before, answered = _cpu(fleet), 0
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            state = (await client.jetstream().stream_info(STREAM)).state
            now = _cpu(fleet)
            rate, ordered = (ledger.answered - answered) / _EVERY_SECONDS, sorted(ledger.latencies[-1000:]) or [0.0]
            print(
                f"\n{rate:.0f} pixels/s answered (p50 {ordered[len(ordered) // 2] * 1000:.1f} ms,"
                f" p99 {ordered[int(len(ordered) * 0.99)] * 1000:.1f} ms), {ledger.unanswered} not;"
                f" {state.messages} messages wait in the stream"
            )
            for name, pids in _pids(fleet).items():
                spent = (now[name] - before.get(name, 0.0)) / _EVERY_SECONDS
                print(f"  {name:<12}{spent:>7.1%} of a core {_megabytes(pids):>6.0f} MB", flush=True)
            before, answered = now, ledger.answered
    finally:
        await client.close()


def _pids(fleet: Fleet) -> dict[str, list[int]]:
    ours = {member.name: [member.process.pid] for member in fleet.members if member.process}
    nodes = {f"nats-{place}": [node.process.pid] for place, node in enumerate(fleet.nodes, 1) if node.process}
    return {**ours, **nodes, "postgres": _postgres(fleet)}


def _postgres(fleet: Fleet) -> list[int]:
    """The server and those that it started."""
    if fleet.postgres is None:
        return []
    first = int((fleet.postgres.folder / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [first, *map(int, children)]


def _cpu(fleet: Fleet) -> dict[str, float]:
    return {name: sum(map(_cpu_seconds, pids)) for name, pids in _pids(fleet).items()}


def _cpu_seconds(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _megabytes(pids: list[int]) -> float:
    """Memory that is theirs: what several share is shared out among them."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=_RATE, help="pixels a second")
    parser.add_argument("--seconds", type=float, help="end by itself after so long")
    wanted = parser.parse_args()
    asyncio.run(watch(wanted.rate, wanted.seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
