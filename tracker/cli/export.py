"""`twotick export`: everything about an account's tracked mail, as lines of JSON."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tracker.assembly import opened_store
from tracker.cli.choosing import account_of
from tracker.cli.failing import Failed
from tracker.cli.parsers import Commands
from tracker.giving import Exporting
from tracker.settings import load_settings


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("export", help="everything about an account's tracked mail, one JSON value a line")
    parser.add_argument("--account", required=True, metavar="E", help="the Gmail address")
    parser.add_argument("--out", metavar="FILE", help="a new file to write it to; stdout without it")
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    settings = load_settings()
    async with opened_store(settings) as store:
        account = await account_of(store.accounts, arguments.account)
        exporting = Exporting(store.rights, settings.public_url)
        with _written_to(arguments.out) as file:
            async for line in exporting.lines([account.id]):
                file.write(line)
    return 0


@contextmanager
def _written_to(name: str | None) -> Iterator[TextIO]:
    """Stdout, or a file that only its owner can read: it names everybody who was written to."""
    if name is None:
        yield sys.stdout
        return
    try:
        number = os.open(Path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as refused:
        raise Failed(
            f"--out: cannot make {name} ({refused.strerror}); expected a file that is not there yet."
        ) from None
    with os.fdopen(number, "w", encoding="utf-8") as file:
        yield file
