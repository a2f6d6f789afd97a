"""Target 1: a pixel that is durable before it is answered costs about what one costs that keeps nothing."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.efforts import Effort
from benchmarks.pixels import CONNECTIONS, Design, Result, compare, own_server
from benchmarks.references import installed_pytracking, nginx, nginx_server, pytracking_paths, pytracking_server
from benchmarks.targets import Finding, Section
from tests.nats import nats_binary, running_nats
from tests.postgres import postgres_binaries, running_postgres

BARE = "bare aiohttp handler, nothing kept"
SQLITE, POSTGRES, STREAM = "Twotick on SQLite", "Twotick on PostgreSQL", "Twotick on JetStream"
TORTOISE, TORTOISE_POSTGRES = "one tortoise create a request, SQLite", "one tortoise create a request, PostgreSQL"
ONE_BY_ONE = "one SQLite transaction a request"
_HEAD = ("design", "hits/s", "ratio", "p50 ms", "p99 ms", "CPU µs/hit", "CPU ratio")
_PROMISED = ((SQLITE, 1.0), (POSTGRES, 0.75), (STREAM, 0.75))
_TIMES_SLOWER = 10.0


def section(effort: Effort) -> Section:
    """Every design that this machine can run, in the same rounds."""
    with tempfile.TemporaryDirectory(prefix="twotick-pixels-") as folder, ExitStack() as opened:
        left_out: list[str] = []
        designs = _designs(Path(folder), opened, left_out, with_references=effort.references)
        results = compare(designs, effort.rounds, effort.seconds)
    return Section(
        1,
        "A durable pixel",
        _findings(results),
        [_HEAD, *(_row(one) for one in results)],
        [
            f"{CONNECTIONS} connections, {effort.rounds} interleaved rounds of {effort.seconds:g} s, medians; ratios"
            " are those of the same round to the bare handler. The server has one core, the load the other. CPU is"
            " that of the web processes, without a database's or a stream's. Only ours and the designs with a"
            " database are durable: nginx writes a line to a log that a crash of the machine loses.",
            *left_out,
        ],
        figures={"web": min(one.rate for one in results if one.name in (SQLITE, POSTGRES, STREAM))},
    )


def _designs(folder: Path, opened: ExitStack, left_out: list[str], *, with_references: bool) -> Sequence[Design]:
    designs = [
        Design(BARE, own_server("bare", "-")),
        Design("the same on uvloop", own_server("bare-uvloop", "-")),
        Design(SQLITE, own_server("durable", f"sqlite://{folder}/durable.sqlite3"), counts=True),
        *_on_postgres(opened, left_out),
        *_on_jetstream(folder, opened, left_out),
        Design(ONE_BY_ONE, own_server("naive", f"sqlite://{folder}/naive.sqlite3"), counts=True),
        Design(TORTOISE, own_server("tortoise", f"sqlite://{folder}/tortoise.sqlite3")),
    ]
    binary = nginx()
    if binary:
        designs.append(Design("nginx empty_gif with its log", nginx_server(binary)))
    else:
        left_out.append("nginx is not installed here: left out.")
    if with_references:
        designs += _pytracking(opened, left_out)
    return designs


def _on_postgres(opened: ExitStack, left_out: list[str]) -> Sequence[Design]:
    binaries = postgres_binaries()
    if binaries is None:
        left_out.append("No PostgreSQL server (initdb, pg_ctl) here: left out.")
        return []
    server = opened.enter_context(running_postgres(binaries, settings=()))
    return [
        Design(POSTGRES, own_server("durable", server.fresh()), counts=True),
        Design(TORTOISE_POSTGRES, own_server("tortoise", server.fresh().replace("postgres://", "asyncpg://"))),
    ]


def _on_jetstream(folder: Path, opened: ExitStack, left_out: list[str]) -> Sequence[Design]:
    binary = nats_binary()
    if binary is None:
        left_out.append("No nats-server here: left out.")
        return []
    node = opened.enter_context(running_nats(binary))[0]
    arguments = ("durable", f"sqlite://{folder}/stream.sqlite3", node.url)
    return [Design(STREAM, own_server(*arguments), counts=True)]


def _pytracking(opened: ExitStack, left_out: list[str]) -> Sequence[Design]:
    venv = opened.enter_context(installed_pytracking())
    if isinstance(venv, str):
        left_out.append(f"pytracking: left out, because {venv}.")
        return []
    return [Design("pytracking's Django view, a row each", pytracking_server(venv), paths=pytracking_paths)]


def _findings(results: Sequence[Result]) -> list[Finding]:
    ratios = {one.name: one.ratio for one in results}
    found = [
        Finding(f"{name}: of a bare handler's rate", ratios.get(name), wanted, at_least=True, why_not="no server here")
        for name, wanted in _PROMISED
    ]
    slower = 1 / ratios[TORTOISE] if ratios[TORTOISE] else None
    found.append(Finding("the naive design: times slower", slower, _TIMES_SLOWER, at_least=True, digits=1))
    return found


def _row(one: Result) -> tuple[str, ...]:
    figures = (f"{one.ratio:.2f}", f"{one.p50:.1f}", f"{one.p99:.1f}", f"{one.cpu_us:.0f}", f"{one.cpu_ratio:.2f}")
    return (one.name, f"{one.rate:,.0f}", *figures)
