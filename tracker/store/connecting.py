"""Connecting to a database, or saying in words an operator can act on why not."""

import os
import sqlite3
from pathlib import Path

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.exceptions import DBConnectionError

from tracker.store.address import Address
from tracker.store.database import Database
from tracker.store.errors import CannotOpen


async def connect(address: Address, *, patience: float = 5, foreign_keys: bool = True, longest: float = 30) -> Database:
    """An open database. Raises CannotOpen when it is not there, refuses us, or cannot be written.

    `patience` is how many seconds to wait for another process that writes the same file;
    `longest` is how many one statement may take on a server.
    """
    if address.file:
        _try_file(address.file, patience)
    context = TortoiseContext()
    try:
        with context:
            await context.init(config=address.config(patience, foreign_keys, longest))
        await context.db().create_connection(with_db=True)
    except (OSError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, DBConnectionError) as refused:
        await context.close_connections()
        raise CannotOpen(f"DATABASE_URL: cannot use {address.shown}: {_advice(refused)}") from None
    return Database(context, address.file)


def _try_file(file: Path, patience: float) -> None:
    """Change the file and take the change back. Raises CannotOpen."""
    if file.is_dir():
        raise CannotOpen(f"DATABASE_URL: {file} is a folder; expected the path of a file in it")
    if not file.parent.is_dir():
        raise CannotOpen(f"DATABASE_URL: {file.parent} is no folder; make it, or run: twotick migrate")
    try:
        if not file.exists():
            raise CannotOpen(f"DATABASE_URL: there is no database at {file}; run: twotick migrate")
        where = f"{file.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(where, uri=True, isolation_level=None, timeout=patience)
    except (OSError, sqlite3.Error) as refused:
        raise unwritable(file, refused) from None
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        # A read-only file lets even BEGIN IMMEDIATE pass; only a change is refused.
        connection.execute("BEGIN IMMEDIATE")
        [version] = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("ROLLBACK")
    except sqlite3.Error as refused:
        raise unwritable(file, refused) from None
    finally:
        connection.close()


def unwritable(file: Path, refused: Exception) -> CannotOpen:
    """Why this file cannot be written, and what to do."""
    reason = str(refused)
    if "not a database" in reason:
        return CannotOpen(f"DATABASE_URL: {file} is no SQLite database; move it away, or name another file")
    if "locked" in reason:
        return CannotOpen(f"DATABASE_URL: another program holds {file} locked; end it and start again")
    # SQLite's files beside it keep the rights of their first day: mending those of the database is not enough.
    beside = [file.with_name(file.name + ending) for ending in ("-wal", "-shm")]
    locked = next((one for one in (file, *beside) if one.exists() and not os.access(one, os.W_OK)), file)
    return CannotOpen(
        f"DATABASE_URL: cannot write {locked} ({reason}); give this user the right to write the file and its folder"
    )


def _advice(refused: Exception) -> str:
    """The reason, and what to do; the server's own words carry no password."""
    if isinstance(refused, asyncpg.InvalidAuthorizationSpecificationError):
        return f"{refused}; correct the user and password in DATABASE_URL"
    if isinstance(refused, DBConnectionError | asyncpg.InvalidCatalogNameError):
        return "the server has no database of this name; create it with createdb, or correct the name"
    if isinstance(refused, TimeoutError):
        return "no answer within 10 seconds; start PostgreSQL, or correct host and port"
    if isinstance(refused, OSError):
        return f"{refused.strerror or refused}; start PostgreSQL, or correct host and port"
    return str(refused)
