"""Hearing that another process wrote to the database, at next to no cost while nothing happens."""

import asyncio
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from tracker.store.address import Address
from tracker.store.outbox import CHANNEL

_LOOK_EVERY = 0.03  # seconds; a look is one read of shared memory


class Waker(Protocol):
    async def mark(self) -> None:
        """What is written from now on ends the next wait."""

    async def wait(self, seconds: float) -> None:
        """Return once something was written since the mark, at the latest after `seconds`."""

    async def close(self) -> None: ...


def waker_of(address: Address) -> Waker:
    return SqliteWaker(address.file) if address.file else PostgresWaker(dict(address.server))


class SqliteWaker:
    """Looks at the file's data version, which changes with every commit of any other connection."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._seen = self._version()

    async def mark(self) -> None:
        self._seen = self._version()

    async def wait(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while self._version() == self._seen and (left := end - loop.time()) > 0:  # noqa: ASYNC110
            # Nothing calls us when another process commits: its file is all that we see of it.
            await asyncio.sleep(min(_LOOK_EVERY, left))
        await self.mark()

    async def close(self) -> None:
        self._connection.close()

    def _version(self) -> int:
        [version] = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)


class PostgresWaker:
    """Listens on a connection of its own; while that is broken, waits are plain pauses."""

    def __init__(self, server: dict[str, Any]) -> None:
        self._server = server
        self._connection: asyncpg.Connection | None = None
        self._news = asyncio.Event()
        self._connecting = asyncio.Lock()

    async def mark(self) -> None:
        async with self._connecting:
            await self._listen()
        self._news.clear()

    async def wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return
        self._news.clear()

    async def close(self) -> None:
        if self._connection and not self._connection.is_closed():
            self._connection.remove_termination_listener(self._cut)
            await self._connection.close(timeout=2)

    async def _listen(self) -> None:
        if self._connection and not self._connection.is_closed():
            return
        # A failure is heard of by whoever asks the database next; here it only costs promptness.
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._connection = await asyncpg.connect(**self._server, timeout=5)
            self._connection.add_termination_listener(self._cut)
            await self._connection.add_listener(CHANNEL, self._told)

    def _told(self, *_: object) -> None:
        self._news.set()

    def _cut(self, *_: object) -> None:
        """What was said while we did not hear is looked for at once."""
        self._news.set()
