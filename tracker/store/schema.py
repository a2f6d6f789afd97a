"""Which schema a database has, and which one this code was written for."""

import pkgutil
from collections.abc import Sequence

from tracker.store import migrations
from tracker.store.address import Address
from tracker.store.database import Statements
from tracker.store.errors import CannotOpen

APP = "store"

_THERE_ON_SQLITE = "SELECT 1 AS there FROM sqlite_master WHERE type = 'table' AND name = 'tortoise_migrations'"
_THERE_ON_POSTGRES = "SELECT 1 AS there WHERE to_regclass('tortoise_migrations') IS NOT NULL"
_APPLIED = "SELECT name FROM tortoise_migrations WHERE app = 'store' ORDER BY name"


def known_migrations() -> list[str]:
    """The names of this code's migrations, in order."""
    return sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))


async def has_record(statements: Statements) -> bool:
    """Whether this database was ever migrated."""
    return bool(await statements.rows(_THERE_ON_SQLITE if statements.on_sqlite else _THERE_ON_POSTGRES))


async def applied_migrations(statements: Statements) -> list[str]:
    """The names of the migrations that this database has seen, in order."""
    if not await has_record(statements):
        return []
    return [row["name"] for row in await statements.rows(_APPLIED)]


def refuse_newer(applied: Sequence[str], address: Address) -> None:
    """Raises CannotOpen for a schema that a later version made."""
    known = known_migrations()
    if newer := [name for name in applied if name not in known]:
        raise CannotOpen(
            f"DATABASE_URL: {address.shown} was migrated by a newer Twotick ({newer[-1]}); start that version,"
            " or restore the copy made before its migration"
        )


def refuse_older(applied: Sequence[str], address: Address) -> None:
    """Raises CannotOpen for a schema that misses something."""
    if not applied:
        raise CannotOpen(f"DATABASE_URL: {address.shown} has no tables of ours yet; run: twotick migrate")
    if set(known_migrations()) - set(applied):
        raise CannotOpen(f"DATABASE_URL: {address.shown} has an older schema ({applied[-1]}); run: twotick migrate")
