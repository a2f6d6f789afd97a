"""The console script in an empty folder, as its users type it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.makers import an_account
from tracker.store.opening import open_store

ROOT = Path(__file__).parent.parent.parent.parent


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: bytes
    errors: str

    @property
    def said(self) -> str:
        return self.out.decode()


Twotick = Callable[..., Ended]


@pytest.fixture
def twotick(tmp_path: Path) -> Twotick:
    """Runs one command; settings are given by name, and none is taken from the machine."""

    def run(*arguments: str, stdin: bytes = b"", **settings: str) -> Ended:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        command = [sys.executable, "-W", "error", "-m", "tracker", *arguments]
        environ = {**kept, "PYTHONPATH": str(ROOT), **settings}
        done = subprocess.run(
            command, cwd=tmp_path, env=environ, input=stdin, capture_output=True, timeout=30, check=False
        )
        return Ended(done.returncode, done.stdout, done.stderr.decode())

    return run


@pytest.fixture
def migrated(twotick: Twotick, migrated_file: Path, tmp_path: Path) -> Twotick:
    """The same, with a database in the folder."""
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_file, tmp_path / "data" / "twotick.sqlite3")
    return twotick


@pytest.fixture
async def connected(migrated: Twotick, tmp_path: Path, encryption_key: bytes) -> Twotick:
    """The same, with the account mara@studio.example in it."""
    async with await open_store(f"sqlite://{tmp_path / 'data' / 'twotick.sqlite3'}", [encryption_key]) as store:
        await store.accounts.add(an_account(email="mara@studio.example", slack_user="U0MARA"), "a grant")
    return migrated
