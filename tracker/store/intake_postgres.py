"""The intake's batches in a table of PostgreSQL, written over one connection."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from secrets import token_hex

import asyncpg

from tracker.store.errors import CannotOpen
from tracker.store.intake_rows import COUNTED, Row, texts_of

_TABLE = "CREATE TABLE IF NOT EXISTS intake (id text PRIMARY KEY, facts text NOT NULL)"
_ADD = "INSERT INTO intake (id, facts) SELECT * FROM unnest($1::text[], $2::text[])"
_REMOVE = "DELETE FROM intake WHERE id = ANY($1::text[])"
_OLDEST = "SELECT id, facts FROM intake ORDER BY id LIMIT $1"
_WAITING = "SELECT COUNT(*) AS number, MIN(id) AS oldest FROM (SELECT id FROM intake ORDER BY id LIMIT $1) AS first"
# A batch that is written and taken back, to see whether one could be kept. It takes as much room as a large hit, and no
# compression makes it less: into the last page of a full disk a small one would still fit.
_PROOF, _PROOF_BYTES = "proof", 1000
_OPENING, _TURN = 0x7477_6F74_696E, 0x7477_7475_726E  # any numbers that nobody else locks
_LOOK_EVERY = 0.05
_TURN_SECONDS = 5.0  # who has hits in hand for longer may be frozen: they are judged twice, rather than not at all
_SECONDS = 2.0
_CLOSING_SECONDS = 2.0


class PostgresBatches:
    """Batches in the table `intake`. One connection writes and another reads, so that reading never delays a commit.

    The reader holds a lock while this process has batches in hand, which ends with its connection at the latest.
    """

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._writer: asyncpg.Connection | None = None
        self._reader: asyncpg.Connection | None = None
        self._reading = asyncio.Lock()
        self._has_turn = False

    async def open(self) -> None:
        try:
            self._writer = await self._connect()
            await _make_table(self._writer)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError) as refused:
            await self.close()
            reason = str(refused) or type(refused).__name__
            raise CannotOpen(f"DATABASE_URL: cannot keep hits in the PostgreSQL database: {reason}") from refused

    async def commit(self, added: Sequence[Row], removed: Sequence[str]) -> None:
        if self._writer is None or self._writer.is_closed():
            self._writer = await self._connect()
        try:
            await self._write(self._writer, added, removed)
        except BaseException:
            # Nobody knows what state this connection is in; the next commit starts from a new one.
            self._writer.terminate()
            raise

    async def oldest(self, limit: int) -> Sequence[tuple[str, str]]:
        end = asyncio.get_running_loop().time() + _TURN_SECONDS
        while not await self._our_turn() and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110
            # A lock that ends in another process tells nobody: asking without waiting keeps the connection free.
            await asyncio.sleep(_LOOK_EVERY)
        return [(row["id"], row["facts"]) for row in await self._read(_OLDEST, limit)]

    async def rest(self) -> None:
        if self._has_turn:
            await self._read("SELECT pg_advisory_unlock($1)", _TURN)
            self._has_turn = False

    async def waiting(self) -> tuple[int, str]:
        [row] = await self._read(_WAITING, COUNTED)
        return row["number"], row["oldest"] or ""

    async def close(self) -> None:
        for connection in (self._writer, self._reader):
            if connection is not None and not connection.is_closed():
                # A server that does not answer our goodbye must not keep us.
                with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                    await connection.close(timeout=_CLOSING_SECONDS)

    async def _our_turn(self) -> bool:
        if not self._has_turn or self._reader is None or self._reader.is_closed():
            [row] = await self._read("SELECT pg_try_advisory_lock($1) AS got", _TURN)
            self._has_turn = bool(row["got"])
        return self._has_turn

    async def _read(self, query: str, value: int) -> Sequence[asyncpg.Record]:
        async with self._reading:
            if self._reader is None or self._reader.is_closed():
                self._reader, self._has_turn = await self._connect(), False
            try:
                records: Sequence[asyncpg.Record] = await self._reader.fetch(query, value)
            except BaseException:
                # With a connection that nobody knows the state of goes the lock that it may hold.
                self._reader.terminate()
                raise
            return records

    async def _write(self, connection: asyncpg.Connection, added: Sequence[Row], removed: Sequence[str]) -> None:
        batches = list(texts_of(added))
        names, texts = [name for name, _ in batches], [text for _, text in batches]
        if not removed and batches:
            # One statement is its own transaction: one round trip instead of three.
            await connection.execute(_ADD, names, texts)
            return
        async with connection.transaction():
            await connection.execute(_ADD, names or [_PROOF], texts or [token_hex(_PROOF_BYTES)])
            await connection.execute(_REMOVE, [*removed, _PROOF])

    async def _connect(self) -> asyncpg.Connection:
        # A server may be set to answer before its log is on disk; a hit that we acknowledge must be there.
        settings = {"synchronous_commit": "on", "application_name": "twotick intake"}
        return await asyncpg.connect(self._url, timeout=_SECONDS, command_timeout=_SECONDS, server_settings=settings)


async def _make_table(connection: asyncpg.Connection) -> None:
    async with connection.transaction():
        # Two processes that start together: even CREATE TABLE IF NOT EXISTS collides with itself.
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _OPENING)
        await connection.execute(_TABLE)
