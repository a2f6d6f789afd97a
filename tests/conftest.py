"""What many tests stand on: a database of each kind, migrated and fresh for every test."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import nats
import pytest
from nats.js.errors import NotFoundError

from tests.nats import NatsNode, nats_binary, running_nats
from tests.postgres import PostgresServer, postgres_binaries, running_postgres
from tracker.ports import Store
from tracker.store.jetstream import STREAM
from tracker.store.migrating import migrate
from tracker.store.opening import open_store


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, started when the first test asks for it."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server binaries (initdb, pg_ctl) on this machine")
    with running_postgres(binaries) as server:
        yield server


@pytest.fixture(scope="session")
def nats_node() -> Iterator[NatsNode]:
    """A real NATS server with JetStream, started when the first test asks for it."""
    binary = nats_binary()
    if binary is None:
        pytest.skip("no nats-server on this machine")
    with running_nats(binary) as (node,):
        yield node


@pytest.fixture
async def nats_url(nats_node: NatsNode) -> str:
    """A NATS server without a stream."""
    client = await nats.connect(nats_node.url)
    with suppress(NotFoundError):
        await client.jetstream().delete_stream(STREAM)
    await client.close()
    return nats_node.url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet, in a folder that does."""
    return f"sqlite://{tmp_path / 'twotick.sqlite3'}"


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database with nothing in it."""
    url = postgres_server.fresh()
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, for copying."""
    file = tmp_path_factory.mktemp("migrated") / "twotick.sqlite3"
    _migrate(f"sqlite://{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_server: PostgresServer) -> str:
    """A migrated PostgreSQL database, for use by one test after the other."""
    url = postgres_server.fresh()
    _migrate(url)
    return url


@pytest.fixture
def sqlite_url(migrated_file: Path, empty_sqlite_url: str) -> str:
    """A migrated SQLite file."""
    shutil.copy(migrated_file, empty_sqlite_url.removeprefix("sqlite://"))
    return empty_sqlite_url


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, migrated_postgres_url: str) -> str:
    """A migrated PostgreSQL database without rows."""
    postgres_server.empty(migrated_postgres_url)
    return migrated_postgres_url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database, once of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def encryption_key() -> bytes:
    return bytes(range(32))


@pytest.fixture
async def store(database_url: str, encryption_key: bytes) -> AsyncIterator[Store]:
    """The books of an empty database, once of each kind."""
    async with await open_store(database_url, [encryption_key]) as store:
        yield store


def _migrate(url: str) -> None:
    # In a thread of its own: a loop that ends here must not be the one that tests run on.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate(url)).result()
