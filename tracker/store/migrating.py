"""Bringing a database to the schema of this code, all at once or not at all."""

import sqlite3
from contextlib import closing, suppress
from glob import escape
from pathlib import Path
from types import ModuleType

from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.migration import Migration
from tortoise.migrations.schema_generator.state import State

from tracker.ports import TryLater
from tracker.store import migrations
from tracker.store.address import TABLES, Address, read_address
from tracker.store.connecting import connect, unwritable
from tracker.store.database import Statements
from tracker.store.errors import CannotOpen
from tracker.store.files import make_private
from tracker.store.schema import APP, applied_migrations, has_record, known_migrations, refuse_newer

_HOURS = 6 * 3600.0  # a statement about every hit takes its time
_BEFORE = ".before-"  # stands between a file's name and the migration for which it was copied
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7308895221)"


async def migrate(database_url: str, package: ModuleType = migrations) -> list[str]:
    """Apply what is missing; the names of the migrations applied. Safe to repeat, and to run twice at once.

    One transaction holds all of it, and the record of it: a crash leaves the
    old schema. On SQLite foreign keys are not enforced meanwhile, as a table
    that is rebuilt would take its children with it; they are checked before the
    end, and the file is copied beforehand when there is something to lose. The
    copies of earlier migrations go then: whom somebody had erased stands in them.
    """
    address = read_address(database_url)
    if address.file:
        _make_file(address.file)
    database = await connect(address, patience=60, foreign_keys=False, longest=_HOURS)
    try:
        async with database.writing() as transaction:
            migrated = await _migrate(transaction, address, package)
    except TryLater as failed:
        raise CannotOpen(f"DATABASE_URL: {address.shown} was not migrated, and is as it was: {failed}") from failed
    finally:
        await database.close()
    if migrated and address.file:
        _remove_older_copies(address.file)
    return migrated


async def _migrate(transaction: Statements, address: Address, package: ModuleType) -> list[str]:
    if not transaction.on_sqlite:
        await transaction.rows(_ONE_AT_A_TIME)
    applied = await applied_migrations(transaction)
    refuse_newer(applied, known_migrations(package), address)
    steps = _Steps(transaction, package)
    missing = await steps.missing()
    if missing and applied and address.file:
        _copy_file(address.file, Path(f"{address.file}{_BEFORE}{missing[0].name}"))
    if missing:
        await steps.take(missing, applied)
    if address.file and await transaction.rows("PRAGMA foreign_key_check"):
        raise CannotOpen(f"DATABASE_URL: {address.shown} was left as it was: its rows would lose what they belong to")
    return [migration.name for migration in missing]


class _Steps:
    """Tortoise's migrations, run and recorded in the transaction that we hold.

    Its own executor records a migration after committing it: a crash between
    the two would leave a database that can be migrated no more.
    """

    def __init__(self, transaction: Statements, package: ModuleType) -> None:
        self._transaction = transaction
        self._executor = MigrationExecutor(transaction.client, {APP: {**TABLES[APP], "migrations": package.__name__}})
        self._editor = self._executor._schema_editor(atomic=True)

    async def missing(self) -> list[Migration]:
        if not await has_record(self._transaction):
            await self._editor.create_model(self._executor.recorder.model)
        return [step.migration for step in await self._executor.plan()]

    async def take(self, missing: list[Migration], applied: list[str]) -> None:
        state: State = await self._executor._project_state({MigrationKey(APP, name) for name in applied})
        for migration in missing:
            await migration.apply(state, schema_editor=self._editor)
            await self._executor.recorder.record_applied(APP, migration.name)


def _make_file(file: Path) -> None:
    """An empty file that only we may read, where there is none."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            make_private(file)
    except OSError as refused:
        raise unwritable(file, refused) from None


def _copy_file(file: Path, copy: Path) -> None:
    """Copy a database while its writer waits. The copy appears whole or not at all."""
    unfinished = copy.with_name(copy.name + ".unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        make_private(unfinished)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
        unfinished.replace(copy)
    except (OSError, sqlite3.Error) as refused:
        unfinished.unlink(missing_ok=True)
        raise CannotOpen(
            f"DATABASE_URL: cannot copy {file} to {copy} before migrating ({refused}); make room"
        ) from None


def _remove_older_copies(file: Path) -> None:
    """Keep the latest copy alone. One that cannot be removed is there the next time, too."""
    copies = [one for one in file.parent.glob(f"{escape(file.name)}{_BEFORE}*") if one.is_file()]
    for older in sorted(copies, key=lambda one: one.stat().st_mtime)[:-1]:
        with suppress(OSError):
            older.unlink()
