"""A store that cannot be used is refused at the start, in words an operator can act on."""

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from tests.makers import an_account
from tests.postgres import PostgresServer
from tracker.ports import NotAuthorized
from tracker.store.address import read_address
from tracker.store.connecting import connect
from tracker.store.errors import CannotOpen
from tracker.store.migrating import migrate
from tracker.store.opening import open_store

KEY = bytes(range(32))


async def refusal(url: str) -> str:
    with pytest.raises(CannotOpen) as refused:
        await open_store(url, [KEY])
    return str(refused.value)


async def migration_refusal(url: str) -> str:
    with pytest.raises(CannotOpen) as refused:
        await migrate(url)
    return str(refused.value)


async def test_a_missing_file_says_to_migrate(tmp_path: Path) -> None:
    text = await refusal(f"sqlite://{tmp_path}/none.sqlite3")

    assert re.search(rf"DATABASE_URL.*{tmp_path}/none\.sqlite3.*twotick migrate", text)


async def test_a_missing_file_is_not_made_by_looking(tmp_path: Path) -> None:
    await refusal(f"sqlite://{tmp_path}/none.sqlite3")

    assert os.listdir(tmp_path) == []


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert f"{tmp_path}/none is no folder" in await refusal(f"sqlite://{tmp_path}/none/twotick.sqlite3")


@pytest.mark.parametrize("refusal_of", [refusal, migration_refusal])
async def test_a_folder_is_no_database(tmp_path: Path, refusal_of: object) -> None:
    assert callable(refusal_of)

    text = await refusal_of(f"sqlite://{tmp_path}")

    assert re.search(rf"DATABASE_URL.*{tmp_path} is a folder", text)


@pytest.mark.parametrize("refusal_of", [refusal, migration_refusal])
async def test_a_file_of_something_else_is_no_database(tmp_path: Path, refusal_of: object) -> None:
    assert callable(refusal_of)
    (tmp_path / "letter.txt").write_text("Dear Ada,\n" * 100)

    text = await refusal_of(f"sqlite://{tmp_path}/letter.txt")

    assert re.search(r"DATABASE_URL.*letter\.txt is no SQLite database", text)


@pytest.mark.parametrize("place", ["/proc/twotick.sqlite3", "{file}/twotick.sqlite3"])
async def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    path = place.format(file=tmp_path / "file")

    text = await migration_refusal(f"sqlite://{path}")

    assert re.search(rf"DATABASE_URL.*{path}.*right to write", text)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o777, 0o444), (0o555, 0o666), (0o555, 0o444)])
def test_somebody_without_write_rights_is_told_so(
    sqlite_url: str, folder_mode: int, file_mode: int, open_folder: Path
) -> None:
    file = open_folder / "twotick.sqlite3"
    file.write_bytes(Path(sqlite_url.removeprefix("sqlite://")).read_bytes())
    file.chmod(file_mode)
    open_folder.chmod(folder_mode)

    text = _as_nobody(f"sqlite://{file}")

    assert re.search(rf"CannotOpen: DATABASE_URL: cannot write {file}.*right to write", text)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_file_beside_it_that_cannot_be_written_is_the_one_that_is_named(sqlite_url: str, open_folder: Path) -> None:
    file, beside = open_folder / "twotick.sqlite3", open_folder / "twotick.sqlite3-shm"
    file.write_bytes(Path(sqlite_url.removeprefix("sqlite://")).read_bytes())
    beside.touch()
    for path, mode in ((file, 0o666), (beside, 0o444), (open_folder, 0o777)):
        path.chmod(mode)

    text = _as_nobody(f"sqlite://{file}")

    assert re.search(rf"CannotOpen: DATABASE_URL: cannot write {beside} .*right to write", text)


async def test_an_empty_file_says_to_migrate(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite3").touch()

    assert "no tables of ours yet; run: twotick migrate" in await refusal(f"sqlite://{tmp_path}/empty.sqlite3")


async def test_an_empty_postgres_says_to_migrate(empty_postgres_url: str) -> None:
    assert "no tables of ours yet; run: twotick migrate" in await refusal(empty_postgres_url)


async def test_an_older_schema_says_to_migrate(sqlite_url: str) -> None:
    _rename_migration(sqlite_url, "0001_first", "0000_zero")
    _forget_migration(sqlite_url, "0000_zero")

    assert "twotick migrate" in await refusal(sqlite_url)


@pytest.mark.parametrize("refusal_of", [refusal, migration_refusal])
async def test_a_newer_schema_is_left_alone(sqlite_url: str, refusal_of: object) -> None:
    assert callable(refusal_of)
    _rename_migration(sqlite_url, "0001_first", "9999_far_ahead")

    assert "newer Twotick (9999_far_ahead)" in await refusal_of(sqlite_url)


async def test_a_locked_file_is_named(sqlite_url: str) -> None:
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite://"), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(CannotOpen, match="another program holds"):
            await connect(read_address(sqlite_url), patience=0.05)


async def test_an_absent_server_is_named_without_the_password() -> None:
    text = await refusal("postgres://ada:s3cret-word@127.0.0.1:1/twotick")

    assert re.search(r"DATABASE_URL.*127\.0\.0\.1:1/twotick.*start PostgreSQL", text)
    assert "s3cret-word" not in text


async def test_an_unknown_host_is_named() -> None:
    assert "nowhere.invalid:5432/twotick" in await refusal("postgres://ada:x@nowhere.invalid/twotick")


async def test_an_unknown_database_says_to_create_it(postgres_server: PostgresServer) -> None:
    assert "createdb" in await refusal(postgres_server.url("no_such_database"))


async def test_an_unknown_user_is_told(postgres_server: PostgresServer) -> None:
    url = postgres_server.url("postgres").replace("postgres:not-asked", "mallory:s3cret-word")

    text = await refusal(url)

    assert re.search(r"DATABASE_URL.*mallory.*correct the user and password", text)
    assert "s3cret-word" not in text


@pytest.mark.parametrize("url", ["", "mysql://a/b", "sqlite://", "postgres://h:port/x", "postgres://[::1/x", "x"])
async def test_a_url_that_names_no_database_of_ours_is_refused(url: str) -> None:
    assert "expected sqlite:///path" in await refusal(url)


async def test_a_password_with_signs_of_its_own_is_understood(postgres_url: str) -> None:
    url = postgres_url.replace("not-asked", "p%40ss%2Fw%5Brd%5D")

    async with await open_store(url, [KEY]) as store:
        assert await store.accounts.all() == []


async def test_tls_can_be_switched_as_libpq_does(postgres_url: str) -> None:
    async with await open_store(f"{postgres_url}?sslmode=disable", [KEY]) as store:
        assert await store.accounts.all() == []


async def test_what_was_written_is_there_at_the_next_opening(database_url: str) -> None:
    async with await open_store(database_url, [KEY]) as store:
        account = await store.accounts.add(an_account(), "grant")

    async with await open_store(database_url, [KEY]) as store:
        assert await store.accounts.all() == [account]


async def test_a_grant_sealed_with_lost_keys_is_not_authorized(database_url: str) -> None:
    async with await open_store(database_url, [KEY]) as store:
        account = await store.accounts.add(an_account(), "grant")

    async with await open_store(database_url, [bytes(32)]) as store:
        with pytest.raises(NotAuthorized, match="ENCRYPTION_KEYS"):
            await store.accounts.refresh_token(account.id)


async def test_a_grant_pasted_into_another_row_is_not_authorized(sqlite_url: str) -> None:
    async with await open_store(sqlite_url, [KEY]) as store:
        victim = await store.accounts.add(an_account(), "grant")
        thief = await store.accounts.add(an_account(), "other")
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite://"), isolation_level=None)) as rows:
            rows.execute(
                "UPDATE account SET refresh_token = (SELECT refresh_token FROM account WHERE id = ?) WHERE id = ?",
                (victim.id, thief.id),
            )

        with pytest.raises(NotAuthorized):
            await store.accounts.refresh_token(thief.id)


async def test_no_grant_stands_in_the_file_in_clear(sqlite_url: str) -> None:
    async with await open_store(sqlite_url, [KEY]) as store:
        await store.accounts.add(an_account(), "1//a-grant-in-clear")

    file = Path(sqlite_url.removeprefix("sqlite://"))
    assert not any(b"a-grant-in-clear" in part.read_bytes() for part in file.parent.iterdir())


async def test_a_commit_is_durable_before_it_is_told(sqlite_url: str) -> None:
    database = await connect(read_address(sqlite_url))

    async with database.reading() as statements:
        settings = [
            *(await statements.rows("PRAGMA journal_mode"))[0].values(),
            *(await statements.rows("PRAGMA synchronous"))[0].values(),
            *(await statements.rows("PRAGMA foreign_keys"))[0].values(),
            *(await statements.rows("PRAGMA busy_timeout"))[0].values(),
        ]
    await database.close()

    assert settings == ["wal", 2, 1, 5000]


async def test_closing_ends_every_connection(postgres_url: str) -> None:
    async with await open_store(postgres_url, [KEY]) as store:
        await store.alerts.wait(0)
        await store.accounts.all()

    watching = await asyncpg.connect(postgres_url)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    left = await watching.fetchval(others)
    await watching.close()
    assert left == 0


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anybody may reach."""
    with tempfile.TemporaryDirectory(prefix="twotick-open-", dir="/tmp") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


def _as_nobody(url: str) -> str:
    """What a process prints that opens a store as an unprivileged user (its modules loaded while it still may)."""
    program = (
        "import asyncio, os; from tracker.store.opening import open_store;"
        " os.setgroups([]); os.setgid(65534); os.setuid(65534);"
        f" asyncio.run(open_store({url!r}, [bytes(32)]))"
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30).stderr


def _rename_migration(url: str, old: str, new: str) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None)) as rows:
        rows.execute("UPDATE tortoise_migrations SET name = ? WHERE name = ?", (new, old))


def _forget_migration(url: str, name: str) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None)) as rows:
        rows.execute("DELETE FROM tortoise_migrations WHERE name = ?", (name,))
