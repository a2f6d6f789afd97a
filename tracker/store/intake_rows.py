"""Hits as the rows an intake keeps them in, and what an engine must do with those rows."""

import json
from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, Protocol

from tracker.model import Hit, HitKind


class Row(NamedTuple):
    """A hit's id, whose order is time order, and all its facts as values that JSON knows.

    Engines keep the facts as ASCII JSON text, so that neither a NUL nor half a
    surrogate pair out of a hostile header can make them refuse the row.
    """

    id: str
    facts: Sequence[object]


class Rows(Protocol):
    """A table of rows in one engine. Whatever it raises means that nothing is known to be written."""

    async def open(self) -> None:
        """Make the table where there is none. Raises CannotOpen."""

    async def commit(self, added: Sequence[Row], removed: Sequence[str]) -> None:
        """Add rows, then remove rows, durably, in one transaction; adding a row that is there changes nothing."""

    async def oldest(self, limit: int) -> Sequence[tuple[str, str]]:
        """Ids with their facts as JSON text, in the order of the ids."""

    async def close(self) -> None: ...


def row_of(hit: Hit) -> Row:
    return Row(
        hit.id, (hit.at.isoformat(), hit.kind.value, hit.copy_id, hit.method, hit.ip, dict(hit.headers), hit.link)
    )


def hit_of(row_id: str, facts: str) -> Hit:
    """The hit again, out of what an engine kept."""
    at, kind, copy_id, method, ip, headers, link = json.loads(facts)
    moment = datetime.fromisoformat(at)
    return Hit(row_id, moment, HitKind(kind), copy_id, method, ip, MappingProxyType(headers), link)
