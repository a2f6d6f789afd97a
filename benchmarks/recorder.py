"""Target 4: the recorder takes hits from a full intake faster than they come, and a verdict costs next to nothing."""

import asyncio
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

from benchmarks.classifying import (
    labelled_hits,
    microseconds_a_hit,
    microseconds_an_unseen_agent,
    milliseconds_to_load_the_networks,
)
from benchmarks.counting import recorded_hits
from benchmarks.efforts import Effort
from benchmarks.generate import Size, copy_ids, generate
from benchmarks.processes import SERVER_CORE, cpu_seconds, pin
from benchmarks.targets import Finding, Section
from tests.postgres import postgres_binaries, running_postgres
from tracker.clock import new_timed_id, utc_now
from tracker.model import Hit
from tracker.ports import Intake
from tracker.store.intake import open_intake

_PROMISED = {"SQLite": 2_000.0, "PostgreSQL": 5_000.0}
_A_VERDICT_US = 50.0
_TOGETHER = 64  # hits of one commit, as many connections would bring
_A_MAIL = 4  # hits, in these minutes: each is judged with those around it, so that a flood on one mail costs more
_SPREAD = timedelta(minutes=10)
_HEAD = ("database", "hits", "seconds", "hits/s", "hits per CPU second", "with the database's own CPU")


@dataclass(frozen=True, slots=True)
class Took:
    """What recording took, of the recorder's CPU and of its database's."""

    hits: int
    seconds: float
    cpu: float
    database_cpu: float

    @property
    def rate(self) -> float:
        return self.hits / self.seconds


def section(effort: Effort) -> Section:
    took, left_out = _both(effort.recorded_hits)
    verdict, with_name = microseconds_a_hit()
    found = [
        Finding(
            f"recorder on {name}: hits/s",
            took[name].rate if name in took else None,
            wanted,
            at_least=True,
            why_not="no PostgreSQL server here",
            digits=0,
        )
        for name, wanted in _PROMISED.items()
    ]
    found.append(Finding("a verdict, with the client's name", with_name, _A_VERDICT_US, "µs", digits=1))
    return Section(
        4,
        "The recorder keeps up",
        found,
        [_HEAD, *(_row(name, one) for name, one in took.items())],
        [
            f"One recorder on one core, from a full intake: {_A_MAIL} hits a mail within"
            f" {_SPREAD.total_seconds() / 60:.0f} minutes, each with the agent and headers of one of the labelled hits."
            f" A verdict alone: {verdict:.1f} µs; an agent seen for the first time {microseconds_an_unseen_agent():.0f}"
            f" µs; the list of networks, loaded once, {milliseconds_to_load_the_networks():.0f} ms.",
            *left_out,
        ],
        figures=_figures(took),
    )


def _both(number: int) -> tuple[dict[str, Took], Sequence[str]]:
    with ExitStack() as opened:
        folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="twotick-recorder-"))
        took = {"SQLite": recorded(f"sqlite://{folder}/recorder.sqlite3", number)}
        binaries = postgres_binaries()
        if binaries is None:
            return took, ["No PostgreSQL server (initdb, pg_ctl) here: left out."]
        server = opened.enter_context(running_postgres(binaries, settings=()))
        took["PostgreSQL"] = recorded(server.fresh(), number, server.pid)
        return took, []


def recorded(url: str, number: int, database_pid: int | None = None) -> Took:
    """Fill an empty database's intake, then have a process of its own empty it."""
    asyncio.run(_filled(url, number))
    command = [sys.executable, "-m", "benchmarks.recording_process", url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError("the recorder does not start")
        pin(process.pid, SERVER_CORE)
        before = cpu_seconds(database_pid) if database_pid else 0.0
        process.stdin.write("\n")
        process.stdin.flush()
        told = json.loads(process.stdout.readline())
        after = cpu_seconds(database_pid) if database_pid else 0.0
    if (written := asyncio.run(recorded_hits(url))) != number:
        raise RuntimeError(f"{written} of {number} hits were recorded")
    return Took(told["hits"], told["seconds"], told["cpu"], after - before)


async def _filled(url: str, number: int) -> None:
    await generate(url, Size(_mails(number), 0))
    intake = await open_intake(url)
    try:
        hits = _hits(number)
        for start in range(0, number, _TOGETHER):
            await _kept(intake, hits[start : start + _TOGETHER])
    finally:
        await intake.close()


async def _kept(intake: Intake, hits: Sequence[Hit]) -> None:
    await asyncio.gather(*(intake.append(hit) for hit in hits))


def _mails(hits: int) -> int:
    return max(1, hits // _A_MAIL)


def _hits(number: int) -> list[Hit]:
    """Some of ten minutes, oldest first; the same mail is often opened again."""
    chance, patterns, copies = random.Random(1), [one.hit for one in labelled_hits()], copy_ids(_mails(number))
    began = utc_now() - _SPREAD
    moments = [began + _SPREAD * place / number for place in range(number)]
    return [
        replace(chance.choice(patterns), id=new_timed_id(at), copy_id=chance.choice(copies), at=at) for at in moments
    ]


def _figures(took: Mapping[str, Took]) -> dict[str, float]:
    """What the paper plan needs to know of a recorder and its database."""
    if "PostgreSQL" not in took:
        return {}
    one = took["PostgreSQL"]
    return {"recorder": one.hits / one.cpu, "database": one.hits / max(one.database_cpu, 0.01)}


def _row(name: str, took: Took) -> tuple[str, ...]:
    whole = f"{took.hits / (took.cpu + took.database_cpu):,.0f}" if took.database_cpu else "-"
    figures = (f"{took.hits:,}", f"{took.seconds:.1f}", f"{took.rate:,.0f}", f"{took.hits / took.cpu:,.0f}")
    return (name, *figures, whole)
