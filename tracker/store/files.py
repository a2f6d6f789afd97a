"""The files of SQLite databases: for our eyes only, and told apart from others that took their place."""

import os
from pathlib import Path


def make_private(file: Path) -> None:
    """Make an empty file that only we may read; one that is there stays as it is."""
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def identity_of(file: Path) -> tuple[int, int] | None:
    """What tells a file from another of the same name; None when there is none."""
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
