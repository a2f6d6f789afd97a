"""How many hits an installation has kept: those that are recorded, and those that wait for it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg

from tracker.store.intake import intake_file

_RECORDED = "SELECT count(*) FROM hit"
_WAITING = "SELECT count(*) FROM waiting.intake, json_each(facts)"
# A recorder that was ended between its writing and its crossing out leaves a hit in both.
_BOTH = """
SELECT count(*) FROM (SELECT facts FROM waiting.intake ORDER BY id LIMIT 500) AS oldest, json_each(oldest.facts) AS one
WHERE EXISTS (SELECT 1 FROM hit WHERE hit.id = json_extract(one.value, '$[0]'))
"""


async def recorded_hits(database_url: str) -> int:
    """How many are recorded in a database of either kind."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(_file_of(database_url))) as file:
            return int(file.execute(_RECORDED).fetchone()[0])
    connection = await asyncpg.connect(database_url)
    try:
        return int(await connection.fetchval(_RECORDED))
    finally:
        await connection.close()


def kept_hits(database_url: str) -> tuple[int, int]:
    """On SQLite: how many are recorded, and how many more wait; its processes have to be ended before."""
    with closing(sqlite3.connect(_file_of(database_url))) as connection:
        connection.execute("ATTACH DATABASE ? AS waiting", (str(intake_file(database_url)),))
        recorded, waiting, both = (connection.execute(sql).fetchone()[0] for sql in (_RECORDED, _WAITING, _BOTH))
    return recorded, waiting - both


def _file_of(database_url: str) -> Path:
    return Path(database_url.removeprefix("sqlite://"))
