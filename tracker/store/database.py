"""One way to ask both databases: `$1` for a value, `IN ($many)` for a list, rows as mappings."""

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper
from tortoise.context import TortoiseContext
from tortoise.exceptions import DBConnectionError, OperationalError

from tracker.ports import TryLater
from tracker.store.files import identity_of
from tracker.store.rows import storable

Row = Mapping[str, Any]

# SQLite keeps to an index's order only for lists that it sees; long ones are one value, for it takes no more places.
_FEW = 50
_FROM_JSON = "SELECT value FROM json_each(${})"

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

    async def rows(self, sql: str, *values: object, many: Sequence[object] | None = None) -> Sequence[Row]:
        """Run one statement; what it returns. `$many` stands for a list of texts, as in `IN ($many)`."""
        given = [_clean(value) for value in values]
        if many is None:
            return await self.client.execute_query_dict(_spoken(sql, self.on_sqlite), given)
        wanted = [_clean(value) for value in many]
        if self.on_sqlite and len(wanted) <= _FEW:
            text = _spoken(sql, self.on_sqlite, len(given) + 1, len(wanted))
            return await self.client.execute_query_dict(text, [*given, *wanted])
        listed = json.dumps(wanted) if self.on_sqlite else wanted
        text = _spoken(sql, self.on_sqlite, len(given) + 1)
        return await self.client.execute_query_dict(text, [*given, listed])

    async def each(self, sql: str, values: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of values."""
        rows = [[_clean(value) for value in row] for row in values]
        if rows:
            await self.client.execute_many(_spoken(sql, self.on_sqlite), rows)


class Database:
    """An open database. Its failures come out as TryLater."""

    def __init__(self, context: TortoiseContext, file: Path | None = None) -> None:
        self._context = context
        self._client = context.db()
        self.on_sqlite = self._client.capabilities.dialect == "sqlite"
        self._file = file
        self._identity = file and identity_of(file)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Statements]:
        """Statements that commit by themselves."""
        with answering():
            await self._stay_on_the_file()
            yield Statements(self._client)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Statements]:
        """One transaction: everything in it is kept, or nothing.

        Tortoise's own one holds on to the connection for ever when it cannot
        begin, and on SQLite begins as a reader, which fails at once when
        another process writes.
        """
        with answering():
            await self._stay_on_the_file()
            if isinstance(self._client, SqliteClient):
                async with _sqlite_transaction(self._client) as client:
                    yield Statements(client)
            else:
                assert isinstance(self._client, AsyncpgDBClient)
                async with _postgres_transaction(self._client) as client:
                    yield Statements(client)

    async def close(self) -> None:
        await self._context.close_connections()

    async def _stay_on_the_file(self) -> None:
        """Go over to a file that was put in the place of ours, as when a copy is restored.

        SQLite would go on with the file that has no name any more: what is
        written there is lost, though every commit succeeds.
        """
        if self._file is None or identity_of(self._file) == self._identity:
            return
        assert isinstance(self._client, SqliteClient)
        async with self._client._lock:
            there = identity_of(self._file)
            if there is None:
                raise TryLater(f"the database {self._file} is gone; put it back, or stop, migrate and start again")
            if there != self._identity:
                self._identity = None
                await self._client.close()
                await self._client.create_connection(with_db=True)
                self._identity = there


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


class answering:
    """Turn the drivers' words for "not now" into ours."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: object) -> None:
        cause = failure.args[0] if isinstance(failure, OperationalError) and failure.args else failure
        if isinstance(cause, _PASSING):
            raise TryLater(f"the database did not do it: {cause}") from failure


@lru_cache(maxsize=512)
def _spoken(sql: str, on_sqlite: bool, place: int = 0, few: int | None = None) -> str:
    """The statement as a database wants it; a list stands at `place`, or in `few` places from there."""
    if not on_sqlite:
        return sql.replace("IN ($many)", f"= ANY(${place}::text[])")
    one_by_one = ", ".join(f"${number}" for number in range(place, place + (few or 0)))
    text = sql.replace("$many", _FROM_JSON.format(place) if few is None else one_by_one)
    return re.sub(r"\$(\d+)", r"?\1", text)


def _clean(value: object) -> object:
    return storable(value) if isinstance(value, str) else value
