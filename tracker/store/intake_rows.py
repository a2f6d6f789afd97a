"""Hits as an intake keeps them: the hits of one commit are one row, and what an engine must do with such rows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from types import MappingProxyType
from typing import NamedTuple, Protocol

import structlog

from tracker.clock import moment_in
from tracker.model import Hit, HitKind
from tracker.vitals import Queue

log = structlog.get_logger()

COUNTED = 10_000  # batches: counting more would be felt by whoever writes
_MOST = 500  # hits in one row: what a recorder takes at a time, and some 500 kB at the most


class Row(NamedTuple):
    """A hit's id, whose order is time order, and all its facts as values that JSON knows."""

    id: str
    facts: Sequence[object]


@dataclass(eq=False, slots=True)
class Batch:
    """Hits that were committed together: their row's name, and those of them that are not done yet, by id."""

    name: str
    hits: dict[str, Hit]


class Batches(Protocol):
    """A table of batches in one engine. Whatever it raises means that nothing is known to be written."""

    async def open(self) -> None:
        """Make the table where there is none. Raises CannotOpen."""

    async def commit(self, added: Sequence[Row], removed: Sequence[str]) -> None:
        """Add hits and remove batches by name, durably, in one transaction.

        Asked to do neither, it writes something and takes it back: proof that it could.
        """

    async def oldest(self, limit: int) -> Sequence[tuple[str, str]]:
        """Names of batches, in their order, which is time order, with their hits as JSON text.

        While another process has some in hand it is waited for, for seconds: they would be judged twice.
        """

    async def rest(self) -> None:
        """Nothing is in hand: let another process look."""

    async def waiting(self) -> tuple[int, str]:
        """How many batches there are, counted up to COUNTED, and the name of the oldest; empty where there is none."""

    async def close(self) -> None: ...


def row_of(hit: Hit) -> Row:
    return Row(hit.id, (hit.at.isoformat(), hit.kind, hit.copy_id, hit.method, hit.ip, hit.headers, hit.link))


def hit_of(row_id: str, facts: Sequence[object]) -> Hit:
    """The hit again, out of what an engine kept."""
    at, kind, copy_id, method, ip, headers, link = facts
    moment = datetime.fromisoformat(str(at))
    return Hit(row_id, moment, HitKind(str(kind)), copy_id, method, ip, MappingProxyType(headers), link)  # type: ignore[arg-type]


def text_of(rows: Sequence[Row]) -> str:
    """The rows as JSON text.

    ASCII, so that neither a NUL nor half a surrogate pair out of a hostile
    header can make an engine refuse it.
    """
    return json.dumps(rows, default=dict)  # a mapping that is no dict


def texts_of(rows: Sequence[Row]) -> Iterable[tuple[str, str]]:
    """The rows as batches, named and as JSON text. A name begins with its first hit's id, and is never given twice."""
    for start in range(0, len(rows), _MOST):
        part = rows[start : start + _MOST]
        yield f"{part[0].id}{token_hex(4)}", text_of(part)


def batch_of(name: str, text: str) -> Batch:
    """The batch again, out of what an engine kept."""
    return Batch(name, {row_id: hit_of(row_id, facts) for row_id, facts in json.loads(text)})


async def queue_of(where: str, batches: Batches) -> Queue:
    """What waits there; without figures when it does not answer."""
    try:
        number, oldest = await batches.waiting()
    # Of a database or a disk that is away, its own figures are told by others.
    except Exception as away:
        log.warning("queue_not_counted", where=where, why=f"{type(away).__name__}: {away}")
        return Queue(where)
    return Queue(where, number, moment_in(oldest))
