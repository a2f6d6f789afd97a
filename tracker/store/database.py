"""One way to ask both databases: `$1` for the values, `$many` for a list of them, rows as mappings."""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper
from tortoise.context import TortoiseContext
from tortoise.exceptions import DBConnectionError, OperationalError

from tracker.ports import TryLater
from tracker.store.rows import storable

Row = Mapping[str, Any]

_MOST = 5000  # values in a list; both databases take some 32,000 values a statement

_PASSING = (
    OSError,
    DBConnectionError,
    sqlite3.OperationalError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.TransactionRollbackError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.InvalidCatalogNameError,
)


class Statements:
    """Statements on one connection, inside its transaction when there is one."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self.client = client
        self.on_sqlite = client.capabilities.dialect == "sqlite"

    async def rows(self, sql: str, *values: object, many: Sequence[object] = ()) -> Sequence[Row]:
        """Run one statement; what it returns. `$many` takes the numbers after those of `values`.

        More than a statement can carry are asked for in parts: their rows come part by part.
        """
        found: list[Row] = []
        for start in range(0, max(len(many), 1), _MOST):
            part = many[start : start + _MOST]
            text = _spoken(sql, self.on_sqlite, len(values), len(part))
            found += await self.client.execute_query_dict(text, [_clean(value) for value in (*values, *part)])
        return found

    async def each(self, sql: str, values: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of values."""
        rows = [[_clean(value) for value in row] for row in values]
        if rows:
            await self.client.execute_many(_spoken(sql, self.on_sqlite, len(rows[0]), 0), rows)


class Database:
    """An open database. Its failures come out as TryLater."""

    def __init__(self, context: TortoiseContext) -> None:
        self._context = context
        self._client = context.db()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Statements]:
        """Statements that commit by themselves."""
        with _answering():
            yield Statements(self._client)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Statements]:
        """One transaction: everything in it is kept, or nothing.

        Tortoise's own one holds on to the connection for ever when it cannot
        begin, and on SQLite begins as a reader, which fails at once when
        another process writes.
        """
        with _answering():
            if isinstance(self._client, SqliteClient):
                async with _sqlite_transaction(self._client) as client:
                    yield Statements(client)
            else:
                assert isinstance(self._client, AsyncpgDBClient)
                async with _postgres_transaction(self._client) as client:
                    yield Statements(client)

    async def close(self) -> None:
        await self._context.close_connections()


@asynccontextmanager
async def _sqlite_transaction(client: SqliteClient) -> AsyncIterator[BaseDBAsyncClient]:
    async with client._lock:
        connection = client._connection
        assert connection is not None
        try:
            await connection.execute("BEGIN IMMEDIATE")
            yield SqliteTransactionWrapper(client)
            await connection.commit()
        except BaseException:
            # Cancelled or failed, begun or not: the next transaction must find the connection free.
            await connection.rollback()
            raise


@asynccontextmanager
async def _postgres_transaction(client: AsyncpgDBClient) -> AsyncIterator[BaseDBAsyncClient]:
    pool = client._pool
    assert pool is not None
    async with pool.acquire() as connection, connection.transaction():
        wrapper = TransactionWrapper(client)
        wrapper._connection = connection
        yield wrapper


class _answering:
    """Turn the drivers' words for "not now" into ours."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: object) -> None:
        cause = failure.args[0] if isinstance(failure, OperationalError) and failure.args else failure
        if isinstance(cause, _PASSING):
            raise TryLater(f"the database did not do it: {cause}") from failure


@lru_cache(maxsize=512)
def _spoken(sql: str, on_sqlite: bool, before: int, many: int) -> str:
    marks = ", ".join(f"${before + number}" for number in range(1, many + 1))
    text = sql.replace("$many", marks or "NULL")
    return re.sub(r"\$(\d+)", r"?\1", text) if on_sqlite else text


def _clean(value: object) -> object:
    return storable(value) if isinstance(value, str) else value
