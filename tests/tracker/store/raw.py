"""A database as anybody sees it who gets hold of it."""

import sqlite3
from contextlib import closing
from typing import Any

import asyncpg


async def raw_rows(database_url: str, sql: str) -> list[tuple[Any, ...]]:
    """Run a statement beside the product."""
    if database_url.startswith("sqlite://"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite://"), isolation_level=None)) as connection:
            return connection.execute(sql).fetchall()
    connection = await asyncpg.connect(database_url)
    try:
        return [tuple(row) for row in await connection.fetch(sql)]
    finally:
        await connection.close()
