"""Rows for every table of a database, whatever its schema: made from what the database itself says of its tables."""

import asyncio
import json
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.makers import NOON
from tracker.clock import timed_prefix
from tracker.store.database import Statements
from tracker.store.moments import stamp

T = TypeVar("T")

_OURS = ("tortoise_migrations", "sqlite_sequence")
# Values that the product reads as more than text; a table's own goes before one for all tables.
_MEANT: Mapping[str, object] = {
    "state": "sent",
    "account.state": "connected",
    "account.profile": "standard",
    "reminder.state": "waiting",
    "send_order.state": "waiting",
    "level": "full",
    "recipients": json.dumps([["ada@acme.example", "Ada"]]),
    "headers": json.dumps({"user-agent": "Outlook"}),
    "rules": json.dumps(["G2"]),
    "cause": "human",
    "hit.kind": "open",
    "alert.kind": "first_open",
    "answer.kind": "reply",
    "reminder.kind": "unopened",
    "reminder.after_seconds": 259_200,
    "mute.kind": "recipient",
    "noise.digest": "daily",
    "thread_tick.shown": "sent",
    "export_offer.account_ids": json.dumps([]),
    "account.look_through": None,
}
# Rows that bear the name of what they are about.
_NAMED_AFTER = {"noise": "account", "preference": "account", "tick_mailbox": "account", "nudge": "copy"}
_COLUMNS_ON_POSTGRES = """
SELECT table_name AS in_table, column_name AS name, data_type AS type, is_nullable = 'YES' AS empty,
       column_default IS NOT NULL AS given
FROM information_schema.columns
WHERE table_schema = 'public' AND NOT (SELECT relispartition FROM pg_class WHERE oid = table_name::regclass)
ORDER BY table_name, ordinal_position
"""
_COLUMNS_ON_SQLITE = """
SELECT named.name AS in_table, info.name AS name, info.type AS type, NOT (info."notnull" OR info.pk) AS empty,
       info.dflt_value IS NOT NULL AS given
FROM sqlite_master AS named, pragma_table_info(named.name) AS info WHERE named.type = 'table'
"""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    empty: bool  # it may be
    given: bool  # by the database, where nobody else does


@dataclass(frozen=True, slots=True)
class Filled:
    """A row that was put in."""

    table: str
    values: Mapping[str, object]


async def tables_of(statements: Statements) -> dict[str, list[Column]]:
    asked = _COLUMNS_ON_SQLITE if statements.on_sqlite else _COLUMNS_ON_POSTGRES
    tables: dict[str, list[Column]] = {}
    for row in await statements.rows(asked):
        column = Column(row["name"], row["type"].lower(), bool(row["empty"]), bool(row["given"]))
        tables.setdefault(row["in_table"], []).append(column)
    return {name: columns for name, columns in tables.items() if name not in _OURS}


async def fill(statements: Statements, name: str) -> list[Filled]:
    """Put two rows into every table: one with every value, one with what must be there alone."""
    tables = await tables_of(statements)
    filled = []
    for family in (f"full-{name}", f"bare-{name}"):
        for table in _parents_first(tables):
            full = family.startswith("full")
            wanted = [column for column in tables[table] if full or not (column.empty or column.given)]
            row = Filled(table, {column.name: _value(table, column, family, tables) for column in wanted})
            await put(statements, row)
            filled.append(row)
    return filled


async def put(statements: Statements, row: Filled) -> None:
    places = ", ".join(f"${number + 1}" for number in range(len(row.values)))
    sql = f"INSERT INTO {row.table} ({', '.join(row.values)}) VALUES ({places})"  # noqa: S608
    await statements.rows(sql, *row.values.values())


def _parents_first(tables: Mapping[str, Sequence[Column]]) -> list[str]:
    """A column `x_id` means a row of `x`; documents alone have another name."""
    done: list[str] = []
    while len(done) < len(tables):
        done += [
            name
            for name, columns in tables.items()
            if name not in done and all(_parent(name, column, tables) in (None, name, *done) for column in columns)
        ]
    return done


def _parent(table: str, column: Column, tables: Mapping[str, Sequence[Column]]) -> str | None:
    if not column.name.endswith("_id") or column.name in ("gmail_id", "thread_id", "draft_id", "rfc_message_id"):
        return None
    parent = {"document": "shelved_document"}.get(column.name[:-3], column.name[:-3])
    return parent if parent in tables and parent != "post" and (table, parent) != ("message", "copy") else None


def _value(table: str, column: Column, family: str, tables: Mapping[str, Sequence[Column]]) -> object:
    for name in (f"{table}.{column.name}", column.name):
        if name in _MEANT:
            return _MEANT[name]
    parent = _parent(table, column, tables)
    if parent or column.name == "id":
        return _name(parent or _NAMED_AFTER.get(table, table), family)
    return _of_type(table, column, family)


def _name(table: str, family: str) -> str:
    """A row's name; a hit's begins with its time."""
    return f"{timed_prefix(NOON)}{family}" if table == "hit" else f"{table}-{family}"


def _of_type(table: str, column: Column, family: str) -> Any:
    if "bool" in column.type:
        return True
    if column.type in ("smallint",):
        return 1
    if column.type in ("int", "integer"):
        return 2
    if "int" in column.type:
        return stamp(NOON)
    if column.type in ("real", "double precision"):
        return 0.5
    if column.type in ("bytea", "blob"):
        return b"\0sealed"
    return f"{column.name} of {table} {family}"


def run(work: Coroutine[Any, Any, T]) -> T:
    """In a loop of its own: one that ends here must not be the one that tests run on."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
