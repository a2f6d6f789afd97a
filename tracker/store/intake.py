"""The intake's front door: the database's URL decides where hits become durable."""

from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from tracker.ports import Intake
from tracker.store.errors import CannotOpen
from tracker.store.intake_postgres import PostgresBatches
from tracker.store.intake_sqlite import SqliteBatches
from tracker.store.intake_waiting import DurableIntake
from tracker.vitals import Queues


class CountedIntake(Intake, Queues, Protocol):
    """An intake that tells what waits in it."""


async def open_intake(database_url: str, nats_url: str = "", spool: Path | None = None) -> CountedIntake:
    """Open the intake that belongs to this database, or the stream that runs ahead of it. Raises CannotOpen.

    Beside a SQLite database it is a file of its own, so that a main database
    that is locked, migrating or being backed up never delays a pixel.
    """
    if nats_url:
        return await _open_stream_intake(nats_url, spool or Path("twotick-spool.sqlite3"))
    batches = PostgresBatches(database_url) if _is_postgres(database_url) else SqliteBatches(intake_file(database_url))
    await batches.open()
    return DurableIntake(batches)


async def _open_stream_intake(nats_url: str, spool: Path) -> CountedIntake:
    # The client of NATS is imported where there is a NATS: others start without it.
    from tracker.store.intake_stream import StreamIntake
    from tracker.store.jetstream import open_stream

    batches = SqliteBatches(spool)
    await batches.open()
    try:
        return StreamIntake(await open_stream(nats_url), batches)
    except CannotOpen:
        await batches.close()
        raise


def intake_file(database_url: str) -> Path:
    """The intake's file, named after the main database's. Raises CannotOpen when that is not a file."""
    parts = urlsplit(database_url)
    main = Path(parts.netloc + parts.path)
    if parts.scheme != "sqlite" or not main.name or ":memory:" in database_url:
        raise CannotOpen("DATABASE_URL: expected sqlite:///path/to/file.sqlite3 or postgres://…, to keep hits in")
    return main.absolute().with_name(f"{main.stem}-intake.sqlite3")


def _is_postgres(database_url: str) -> bool:
    return urlsplit(database_url).scheme in ("postgres", "postgresql")
