"""A full disk, a read-only one: pictures are answered, what is answered as kept is kept, and it goes on by itself."""

import asyncio
import os
import re
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from tests.disks import SmallDisk, small_disk
from tests.flows.conftest import Product, _free_port, until
from tests.makers import a_sent_copy, a_sent_message, an_account
from tests.nats import NatsNode
from tests.postgres import PostgresServer, database_name
from tracker.clock import utc_now
from tracker.model import Copy
from tracker.store.migrating import migrate
from tracker.store.opening import open_store
from tracker.tokens import Tokens
from tracker.web.pixel import GIF

KEY = "a secret key of this test"
MEGABYTES = 8


@dataclass
class Site:
    """A web process alone, with a mail that was sent."""

    product: Product
    picture: str

    async def fetched(self, times: int) -> None:
        """Each fetch gets its picture, at once; a header makes each hit as large as they come."""
        headers = {"User-Agent": "Outlook " + "x" * 900, "X-Forwarded-For": "93.184.216.34"}
        async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(4)) as http:
            for _ in range(times):
                async with http.get(self.picture) as answer:
                    assert await answer.read() == GIF

    async def fetched_until_refused(self) -> None:
        """A file may have room inside that was made earlier: go on until that is used up."""
        before = await self.count("not_stored")
        for _ in range(60):
            await self.fetched(100)
            if await self.count("not_stored") > before:
                return
        raise AssertionError("the disk does not get full")

    async def count(self, name: str) -> int:
        """How many opens were stored or not, as /metrics says."""
        found = re.search(rf'^twotick_hits_{name}_total{{kind="open"}} ([\d.]+)$', await self._got("/metrics"), re.M)
        assert found
        return int(float(found[1]))

    async def ready(self) -> bool:
        return await self._got("/readyz") == "can record\n"

    async def not_ready(self) -> bool:
        """Asked under load, as by a load balancer: pages that are full but for a few bytes may take some more."""
        await self.fetched(20)
        return not await self.ready()

    async def _got(self, path: str) -> str:
        async with aiohttp.ClientSession(self.product.environ["PUBLIC_URL"]) as http, http.get(path) as answer:
            return await answer.text()

    async def end(self) -> None:
        """Stop whatever runs, and whatever state it is in."""
        for name in list(self.product.running):
            await self.product.end(name, signal.SIGKILL)


@asynccontextmanager
async def site(folder: Path, database_url: str, **more: str) -> AsyncIterator[Site]:
    await migrate(database_url)
    port = _free_port()
    environ = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "ENCRYPTION_KEYS": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "SECRET_KEY": KEY,
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TRUSTED_PROXIES": "127.0.0.0/8",
        **more,
    }
    copy = await _sent(database_url)
    picture = f"{environ['PUBLIC_URL']}/o/{Tokens([KEY]).pixel(copy.id)}.gif"
    made = Site(Product(folder, environ, None, None), picture)  # type: ignore[arg-type]
    await made.product.start_web()
    try:
        yield made
    finally:
        await made.end()


async def _sent(database_url: str) -> Copy:
    account, now = an_account(), utc_now()
    message = a_sent_message(account_id=account.id, created_at=now, sent_at=now)
    copy = a_sent_copy(message_id=message.id, sent_at=now, attempted_at=now)
    async with await open_store(database_url, [bytes(range(32))]) as store:
        await store.accounts.add(account, "a refresh token")
        await store.messages.begin(message, [copy])
        await store.messages.arm(copy)
    return copy


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    """In a folder that PostgreSQL's own user may enter, too."""
    with tempfile.TemporaryDirectory(prefix="twotick-disk-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        with small_disk(Path(folder) / "disk", MEGABYTES) as mounted:
            yield mounted


def rows(disk: SmallDisk) -> int:
    connection = sqlite3.connect(disk.folder / "twotick.sqlite3", timeout=10)
    try:
        return int(connection.execute("SELECT count(*) FROM hit").fetchone()[0])
    finally:
        connection.close()


async def test_a_full_disk_under_sqlite_costs_no_picture_and_ends_by_itself(tmp_path: Path, disk: SmallDisk) -> None:
    async with site(tmp_path, f"sqlite://{disk.folder}/twotick.sqlite3") as running:
        await running.fetched(20)
        await until(lambda: rows(disk) == 20, "the first hits are recorded")

        disk.fill()
        await running.fetched_until_refused()
        assert not await running.ready()
        disk.free()

        await until(running.ready, "it can record again")
        await running.fetched(20)
        await all_recorded(running, partial(asyncio.to_thread, rows, disk))
        assert "cannot_record" in running.product.log("web")


async def test_a_read_only_disk_stops_the_start_with_what_to_do(tmp_path: Path, disk: SmallDisk) -> None:
    async with site(tmp_path, f"sqlite://{disk.folder}/twotick.sqlite3") as running:
        await running.end()
        disk.make_read_only()

        code, _, said = await running.product.tried("serve")

        assert (code, len(said.splitlines())) == (1, 1)
        assert re.search(r"DATABASE_URL.*twotick\.sqlite3.*right to write", said)
        disk.make_writable()
        await running.product.start_web()
        await running.fetched(3)
        await until(lambda: rows(disk) == 3, "hits are recorded once it can be written")


async def test_a_full_disk_under_the_spool_costs_no_picture_and_what_was_spooled_follows(
    tmp_path: Path, disk: SmallDisk, nats_node: NatsNode, nats_url: str, empty_postgres_url: str
) -> None:
    async with site(disk.folder, empty_postgres_url, NATS_URL=nats_url) as running:
        await running.fetched(20)
        nats_node.end()
        await running.fetched(5)  # by now the spool's file is there
        disk.fill()
        await running.fetched_until_refused()
        assert not await running.ready()

        disk.free()
        await until(running.ready, "it can spool again")
        nats_node.start()

        await all_recorded(running, partial(rows_in, empty_postgres_url))


async def test_a_full_disk_under_postgres_costs_no_picture_and_ends_by_itself(
    tmp_path: Path, disk: SmallDisk, postgres_server: PostgresServer
) -> None:
    """Its tables on the small disk: one under its log would be a server that is away."""
    space = disk.folder / "tables"
    space.mkdir()
    shutil.chown(space, "postgres", "postgres")
    name = f"small_{os.getpid()}"
    postgres_server.run(f"CREATE TABLESPACE {name} LOCATION '{space}'", f"CREATE DATABASE {name} TEMPLATE template0")
    postgres_server.run(f"ALTER DATABASE {name} SET default_tablespace = {name}")
    url = postgres_server.url(name)
    try:
        async with site(tmp_path, url) as running:
            await running.fetched(20)
            disk.fill()
            await running.fetched_until_refused()
            await until(running.not_ready, "it is told that nothing can be recorded")

            disk.free()
            await until(running.ready, "it can record again")
            await running.fetched(20)

            await all_recorded(running, partial(rows_in, url))
    finally:
        postgres_server.drop(url)
        postgres_server.run(f"DROP TABLESPACE {name}")


async def test_a_postgres_that_only_reads_costs_no_picture_and_is_used_again_when_it_writes(
    tmp_path: Path, postgres_server: PostgresServer, empty_postgres_url: str
) -> None:
    """As after the primary was lost and its replica answers."""
    name = database_name(empty_postgres_url)
    async with site(tmp_path, empty_postgres_url) as running:
        await running.fetched(20)
        await all_recorded(running, partial(rows_in, empty_postgres_url))
        postgres_server.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        postgres_server.cut(empty_postgres_url)

        await running.fetched(20)
        assert not await running.ready()
        assert await running.count("not_stored") == 20
        code, _, said = await running.product.tried("serve")
        assert (code, len(said.splitlines())) == (1, 1)
        assert re.search(r"DATABASE_URL.*read-only", said)

        postgres_server.run(
            "SET default_transaction_read_only = off", f"ALTER DATABASE {name} RESET default_transaction_read_only"
        )
        postgres_server.cut(empty_postgres_url)
        await until(running.ready, "it can record again")
        await running.fetched(20)
        await all_recorded(running, partial(rows_in, empty_postgres_url))
        assert await rows_in(empty_postgres_url) == 40


async def rows_in(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM hit"))
    finally:
        await connection.close()


async def all_recorded(running: Site, count: Callable[[], Awaitable[int]]) -> None:
    """Whatever was counted as stored is recorded. What was given up after two seconds may be there all the same."""
    stored, not_stored = await running.count("stored"), await running.count("not_stored")

    async def enough() -> bool:
        return await count() >= stored

    await until(enough, f"{stored} stored hits are recorded", 90)
    assert await count() <= stored + not_stored
