"""DATABASE_URL taken apart: which database, where, and how to name it without its password."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tracker.store.errors import CannotOpen

_MODELS = [
    "tracker.store.tables",
    "tracker.store.document_tables",
    "tracker.store.reminder_tables",
    "tracker.store.slack_tables",
    "tracker.store.share_tables",
    "tracker.store.tick_tables",
    "tracker.store.wish_tables",
    "tracker.store.vital_tables",
    "tracker.store.noise_tables",
]
TABLES = {"store": {"models": _MODELS, "migrations": "tracker.store.migrations"}}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is: `file` for SQLite, else the server's coordinates. `shown` has no password."""

    shown: str
    file: Path | None = None
    server: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def config(self, patience: float = 5, foreign_keys: bool = True, longest: float = 30) -> dict[str, Any]:
        """What Tortoise wants to know to connect."""
        if self.file:
            engine = "tortoise.backends.sqlite"
            credentials: dict[str, Any] = {
                "file_path": str(self.file),
                "busy_timeout": int(patience * 1000),
                "journal_mode": "WAL",
                "synchronous": "FULL",  # a commit is durable before we say so
                "foreign_keys": "ON" if foreign_keys else "OFF",
            }
        else:
            engine = "tortoise.backends.asyncpg"
            # A server may be set to answer before its log is on disk: what we sent or said would be done twice.
            # And it may be set for disks with heads: it would read a whole table to spare itself looks at an index.
            durable = {"server_settings": {"synchronous_commit": "on", "random_page_cost": "1.1"}}
            limits = {"minsize": 1, "maxsize": 8, "timeout": 10, "command_timeout": longest}
            credentials = {**self.server, **durable, **limits}
        return {"connections": {"default": {"engine": engine, "credentials": credentials}}, "apps": TABLES}


def read_address(database_url: str) -> Address:
    """Take a database's URL apart. Raises CannotOpen for one that names no database of ours."""
    try:
        parts = urlsplit(database_url)
        if parts.scheme == "sqlite" and (path := unquote(parts.netloc + parts.path)) and path != ":memory:":
            return Address(shown=path, file=Path(path))
        if parts.scheme in ("postgres", "postgresql") and parts.hostname and parts.path.strip("/"):
            return _server(parts.hostname, parts.port or 5432, parts.username, parts.password, parts.path, parts.query)
    except ValueError:
        pass  # a port that is no number, brackets that do not close
    raise CannotOpen("DATABASE_URL: expected sqlite:///path/to/file.sqlite3 or postgres://user:password@host:5432/name")


def _server(host: str, port: int, user: str | None, password: str | None, path: str, query: str) -> Address:
    name = unquote(path.lstrip("/"))
    switches = dict(parse_qsl(query))
    server: dict[str, Any] = {
        "host": host,
        "port": port,
        "user": unquote(user) if user else None,
        "password": unquote(password) if password else None,
        "database": name,
    }
    if "sslmode" in switches:
        server["ssl"] = switches["sslmode"]
    return Address(shown=f"{host}:{port}/{name}", server=server)
