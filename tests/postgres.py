"""A real PostgreSQL for tests: a server of our own in a folder under /tmp, a fresh database for each test."""

import itertools
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# A test's data need not survive a power cut; what it tests must not depend on the speed of the disk.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
_CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$name' AND pid <> pg_backend_pid()
"""
# Deleting few rows is quicker than truncating, and much quicker than making a database.
_EMPTY = (
    "SET session_replication_role = replica",
    # Parts of the hits that a test's worker made.
    """
    DO $$ DECLARE part regclass; BEGIN
        FOR part IN SELECT inhrelid::regclass FROM pg_inherits
            WHERE inhparent = to_regclass('hit') AND inhrelid <> to_regclass('hit_rest')
        LOOP EXECUTE format('DROP TABLE %s', part); END LOOP;
    END $$
    """,
    """
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'
        LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    END $$
    """,
)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server that only its tests know of."""

    binaries: Path
    version: int
    port: int
    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def fresh(self, template: str | None = None) -> str:
        """The URL of a new database: empty, or a copy of another one that nobody is connected to."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        # Copying files beats writing them into the log first, which is what PostgreSQL does since version 15.
        quick = "STRATEGY file_copy" if self.version >= 15 else ""
        self.run(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'} {quick}")
        return self.url(name)

    def empty(self, url: str) -> None:
        """Cut all connections of this database, bring it back to what it was once migrated, and delete all its rows."""
        cut = _CUT.replace("$name", database_name(url))
        self.run(cut, *_EMPTY, name=database_name(url))

    def cut(self, url: str) -> None:
        """Cut all connections of this database; new ones are let in."""
        self.run(_CUT.replace("$name", database_name(url)))

    def drop(self, url: str) -> None:
        self.run(f"DROP DATABASE {database_name(url)} WITH (FORCE)")

    def take_away(self, url: str) -> None:
        """Cut all connections of this database and refuse new ones, as when its server is gone."""
        self.run(
            f"ALTER DATABASE {database_name(url)} WITH ALLOW_CONNECTIONS false",
            _CUT.replace("$name", database_name(url)),
        )

    def give_back(self, url: str) -> None:
        self.run(f"ALTER DATABASE {database_name(url)} WITH ALLOW_CONNECTIONS true")

    def stop_at_once(self) -> None:
        """Stop without a word to anybody, as by a crash."""
        self._control("-m", "immediate", "stop")

    def start_again(self) -> None:
        """Start with what was on the disk, on the port it had."""
        self._control("-w", "-l", self.folder / "log", "restart")

    def _control(self, *command: str | Path) -> None:
        _as(_owner(), self.folder, self.binaries / "pg_ctl", "-D", self.folder / "data", *command)

    @property
    def pid(self) -> int:
        """The process that starts all others of this server."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def url(self, name: str) -> str:
        return f"postgres://postgres:not-asked@127.0.0.1:{self.port}/{name}"

    def run(self, *statements: str, name: str = "postgres") -> str:
        """Run SQL as the server's owner; what it printed."""
        commands = [part for statement in statements for part in ("-c", statement)]
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", name]
        psql = [self.binaries / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *where, *commands]
        return subprocess.run(psql, check=True, capture_output=True, text=True, timeout=30).stdout


def database_name(url: str) -> str:
    return url.rpartition("/")[2]


def postgres_binaries() -> Path | None:
    """The folder of the newest complete PostgreSQL server of this machine."""
    on_path = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    found = [*([Path(on_path).resolve().parent] if on_path else []), *reversed(installed)]
    needed = ("initdb", "pg_ctl", "postgres", "psql")
    return next((folder for folder in found if all((folder / name).exists() for name in needed)), None)


@contextmanager
def running_postgres(binaries: Path, settings: Sequence[str] = _FAST) -> Iterator[PostgresServer]:
    """Start a server on a free port of 127.0.0.1; it ends, and its folder goes, with this block or this process."""
    folder = Path(tempfile.mkdtemp(prefix="twotick-postgres-", dir="/tmp"))
    owner, port, data = _owner(), _free_port(), folder / "data"
    if owner:
        shutil.chown(folder, owner, owner)
    with _swept_away(binaries, folder):
        _as(owner, folder, binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8")
        switches = " ".join(f"-c {setting}" for setting in settings)
        options = f"-h 127.0.0.1 -p {port} -k {folder} {switches}"
        _as(owner, folder, binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
        yield PostgresServer(binaries, _version(binaries), port, folder)


@contextmanager
def _swept_away(binaries: Path, folder: Path) -> Iterator[None]:
    """Stop the server and remove its folder at the end, even when this process is killed before.

    A shell waits for the end of its input, which comes when we close it or are
    no more; a session of its own keeps Ctrl-C from it.
    """
    sweep = 'read -r never; "$0" -D "$1/data" -m immediate stop; rm -rf "$1"'
    sweeper = subprocess.Popen(
        ["sh", "-c", sweep, binaries / "pg_ctl", folder],
        **_identity(_owner()),
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        sweeper.communicate(timeout=30)


def _version(binaries: Path) -> int:
    says = subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"\d+", says)[0])  # "postgres (PostgreSQL) 15.13 (Debian …)"


def _owner() -> str | None:
    """Who may run the server: PostgreSQL refuses root, so that root needs somebody else."""
    return "postgres" if os.geteuid() == 0 else None


def _identity(user: str | None) -> dict[str, Any]:
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def _as(user: str | None, folder: Path, *command: str | Path) -> None:
    subprocess.run(
        command,
        **_identity(user),
        check=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
