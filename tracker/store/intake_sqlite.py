"""The intake's batches in a SQLite file of their own, written by one thread."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from tracker.store.errors import CannotOpen
from tracker.store.files import identity_of, make_private
from tracker.store.intake_rows import COUNTED, Row, texts_of

# FULL: a commit returns after its fsync, so that a power cut loses nothing that was answered; fullfsync asks macOS
# for the same. FAST: addresses of people are overwritten in the file when their batch goes, not just forgotten.
_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",
    "PRAGMA secure_delete=FAST",
    "PRAGMA journal_size_limit=33554432",
)
_TABLE = "CREATE TABLE IF NOT EXISTS intake (id TEXT PRIMARY KEY, facts TEXT NOT NULL) WITHOUT ROWID"
_ADD = "INSERT INTO intake (id, facts) VALUES (?, ?)"
_REMOVE = "DELETE FROM intake WHERE id = ?"
_OLDEST = "SELECT id, facts FROM intake ORDER BY id LIMIT ?"
_WAITING = "SELECT COUNT(*), MIN(id) FROM (SELECT id FROM intake ORDER BY id LIMIT ?)"
_PROVE = ("INSERT OR IGNORE INTO intake VALUES ('', '[]')", "DELETE FROM intake WHERE id = ''")
_BUSY_SECONDS = 1.0
_RETRY_SECONDS = 0.01
_CLOSING_SECONDS = 2.0


class SqliteBatches:
    """Batches in one file, written by one thread over one connection."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._thread = ThreadPoolExecutor(1, "intake-writer")

    async def open(self) -> None:
        try:
            await self._in_thread(self._connect)
            # A file that opens may still not take a write: find out now, not at the first hit.
            await self.commit((), ())
        except (sqlite3.Error, OSError) as refused:
            await self.close()
            raise CannotOpen(
                f"DATABASE_URL: cannot keep hits in {self._path} ({refused}); give this user the right to write the"
                " file and its folder"
            ) from refused

    async def commit(self, added: Sequence[Row], removed: Sequence[str]) -> None:
        await self._in_thread(partial(self._commit, added, removed))

    async def oldest(self, limit: int) -> Sequence[tuple[str, str]]:
        return await asyncio.to_thread(self._read, _OLDEST, limit)

    async def rest(self) -> None:
        """Two recorders on one file are rare, and each hit is recorded once all the same."""

    async def waiting(self) -> tuple[int, str]:
        [(number, oldest)] = await asyncio.to_thread(self._read, _WAITING, COUNTED)
        return number, oldest or ""

    async def close(self) -> None:
        closing = asyncio.ensure_future(self._in_thread(self._disconnect))
        # A disk that hangs keeps its thread; it must not keep us.
        await asyncio.wait([closing], timeout=_CLOSING_SECONDS)
        self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[[], object]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _commit(self, added: Sequence[Row], removed: Sequence[str]) -> None:
        connection = self._connection_to_a_living_file()
        batches = list(texts_of(added))
        try:
            if len(batches) == 1 and not removed:
                connection.execute(_ADD, batches[0])  # one statement is its own transaction
                return
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_ADD, batches)
            connection.executemany(_REMOVE, [(name,) for name in removed])
            for statement in () if batches or removed else _PROVE:
                connection.execute(statement)
            connection.execute("COMMIT")
        except BaseException:
            # After a failed write the next one starts from a new connection: it recovers whatever went wrong here.
            self._disconnect()
            raise

    def _connection_to_a_living_file(self) -> sqlite3.Connection:
        if self._connection is not None and identity_of(self._path) == self._identity:
            return self._connection
        # Moved or deleted under us: what we would write to the old file could never be taken again.
        self._disconnect()
        return self._connect()

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        make_private(self._path)  # addresses of people wait in it; what SQLite puts beside it gets the same rights
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=16
        )
        try:
            _write_ahead(connection)
            for statement in (*_PRAGMAS, _TABLE):
                connection.execute(statement)
        except BaseException:
            connection.close()
            raise
        self._connection, self._identity = connection, identity_of(self._path)
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self, query: str, limit: int) -> Sequence[tuple[Any, ...]]:
        # A connection a read: it costs 0.1 ms a batch, never shares a thread with a commit and sees a replaced file.
        with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=rw", uri=True, timeout=_BUSY_SECONDS)) as connection:
            return connection.execute(query, (limit,)).fetchall()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Have a new file written ahead. SQLite does not wait for another process that does the same now: we do."""
    end = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as refused:
            if refused.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                raise
        time.sleep(_RETRY_SECONDS)
