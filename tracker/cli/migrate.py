"""`twotick migrate`: brings the database to the current schema."""

from argparse import Namespace

from tracker.cli.parsers import Commands
from tracker.settings import load_settings
from tracker.store.migrating import migrate


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("migrate", help="bring the database to the current schema")
    parser.set_defaults(run=_run)


async def _run(_: Namespace) -> int:
    applied = await migrate(load_settings().database_url)
    print("\n".join(f"applied {name}" for name in applied) or "the database is current")
    return 0
