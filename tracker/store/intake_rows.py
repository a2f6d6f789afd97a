"""Hits as the rows an intake keeps them in, and what an engine must do with those rows."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, Protocol

from tracker.model import Hit, HitKind


class Row(NamedTuple):
    """A hit's id, whose order is time order, and all its facts as ASCII JSON.

    ASCII, so that neither a NUL nor half a surrogate pair out of a hostile
    header can make an engine refuse the row.
    """

    id: str
    facts: str


class Rows(Protocol):
    """A table of rows in one engine. Whatever it raises means that nothing is known to be written."""

    async def open(self) -> None:
        """Make the table where there is none. Raises CannotOpen."""

    async def commit(self, added: Sequence[Row], removed: Sequence[str]) -> None:
        """Add rows, then remove rows, durably, in one transaction; adding a row that is there changes nothing."""

    async def oldest(self, limit: int) -> Sequence[Row]: ...

    async def close(self) -> None: ...


def row_of(hit: Hit) -> Row:
    facts = (hit.at.isoformat(), hit.kind.value, hit.copy_id, hit.method, hit.ip, dict(hit.headers), hit.link)
    return Row(hit.id, json.dumps(facts))


def hit_of(row: Row) -> Hit:
    at, kind, copy_id, method, ip, headers, link = json.loads(row.facts)
    return Hit(row.id, datetime.fromisoformat(at), HitKind(kind), copy_id, method, ip, _frozen(headers), link)


def _frozen(headers: dict[str, str]) -> Mapping[str, str]:
    return MappingProxyType(headers)
