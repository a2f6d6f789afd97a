"""Target 5: `/opens` answers as quickly after years as after a month, and what a hit takes on disk."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.answers import Asked, asked
from benchmarks.counting import recorded_hits
from benchmarks.efforts import FULL, Effort
from benchmarks.generate import Size, generate
from benchmarks.targets import Finding, Section
from tests.postgres import PostgresServer, database_name, postgres_binaries, running_postgres

_P99_MS, _TIMES = 30.0, 1.5
_FELT_MS = 5.0  # of what takes less nobody feels by how much: an empty list becomes a full one
_HEAD = ("question", "few: p50", "few: p99", "many: p50", "many: p99", "ratio of p50")


@dataclass(frozen=True, slots=True)
class Grown:
    """A database of some size: what was asked of it, how large it is, how long it took to make."""

    hits: int
    asked: Sequence[Asked]
    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Growth:
    """One engine, small and large."""

    engine: str
    few: Grown
    many: Grown

    @property
    def ratios(self) -> dict[str, float]:
        before = {one.question: max(_FELT_MS, one.percentile(0.5)) for one in self.few.asked}
        return {
            one.question: max(_FELT_MS, one.percentile(0.5)) / before[one.question]
            for one in self.many.asked
            if one.question in before
        }

    @property
    def bytes_a_hit(self) -> float:
        return (self.many.size - self.few.size) / (self.many.hits - self.few.hits)


def sections(effort: Effort) -> list[Section]:
    """A section for each engine that is here."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="twotick-growth-")))
        found = [_section(effort, _on_sqlite(effort, folder))]
        binaries = postgres_binaries()
        if binaries is None:
            left_out = Section(
                5, "Growth on PostgreSQL", told=["No PostgreSQL server (initdb, pg_ctl) here: left out."]
            )
            return [*found, left_out]
        server = opened.enter_context(running_postgres(binaries, settings=()))
        return [*found, _section(effort, _on_postgres(effort, server))]


def _on_sqlite(effort: Effort, folder: Path) -> Growth:
    def grown(name: str, hits: int) -> Grown:
        file = folder / name
        return _grown(
            effort, hits, f"sqlite://{file}", lambda: sum(one.stat().st_size for one in folder.glob(f"{name}*"))
        )

    return Growth("SQLite", grown("few.sqlite3", effort.few_hits), grown("many.sqlite3", effort.many_hits))


def _on_postgres(effort: Effort, server: PostgresServer) -> Growth:
    def grown(hits: int) -> Grown:
        url = server.fresh()
        return _grown(effort, hits, url, lambda: int(server.run(f"SELECT pg_database_size('{database_name(url)}')")))

    return Growth("PostgreSQL", grown(effort.few_hits), grown(effort.many_hits))


def _grown(effort: Effort, hits: int, url: str, size: Callable[[], int]) -> Grown:
    began = time.perf_counter()
    asyncio.run(generate(url, Size(effort.messages, hits)))
    took = time.perf_counter() - began
    answers = asyncio.run(asked(url, effort.asked))
    return Grown(asyncio.run(recorded_hits(url)), answers, size(), took)


def _section(effort: Effort, growth: Growth) -> Section:
    few, many, ratios = growth.few, growth.many, growth.ratios
    slowest = max(many.asked, key=lambda one: one.percentile(0.99))
    grew = max(ratios, key=lambda question: ratios[question])
    return Section(
        5,
        f"Growth on {growth.engine}: {effort.messages:,} messages of one person, {few.hits:,} and {many.hits:,} hits",
        [
            Finding(f"slowest answer, {slowest.question}: p99", slowest.percentile(0.99), _P99_MS, "ms", digits=1),
            Finding(f"most grown, {grew}: times", ratios[grew], _TIMES),
        ],
        [_HEAD, *_rows(growth)],
        [
            f"Each question up to {effort.asked} times, milliseconds (below 100 times, p99 is the worst of them);"
            f" {_late(many.asked)} of {len(many.asked)} have a p99 above {_P99_MS:.0f} ms."
            f" Ratios are those of at least {_FELT_MS:.0f} ms."
            f" {growth.bytes_a_hit:.0f} bytes on disk a hit with its indexes."
            f" Generated in {few.seconds:.0f} and {many.seconds:.0f} s ({many.hits / many.seconds:,.0f} hits/s).",
            *([] if effort.many_hits >= FULL.many_hits else [_WITHOUT_FULL]),
        ],
        figures={f"bytes a hit on {growth.engine}": growth.bytes_a_hit},
    )


_WITHOUT_FULL = (
    f"**Promised for {FULL.many_hits:,} hits, which this run left out**: `make bench ARGS=--full` makes them (it takes"
    " some minutes and 10 GB of disk)."
)


def _late(questions: Sequence[Asked]) -> int:
    return sum(one.percentile(0.99) > _P99_MS for one in questions)


def _rows(growth: Growth) -> list[tuple[str, ...]]:
    before = {one.question: one for one in growth.few.asked}
    return [
        (one.question, *_figures(before[one.question]), *_figures(one), f"{growth.ratios[one.question]:.2f}")
        for one in growth.many.asked
        if one.question in before
    ]


def _figures(one: Asked) -> tuple[str, str]:
    return f"{one.percentile(0.5):.1f}", f"{one.percentile(0.99):.1f}"
