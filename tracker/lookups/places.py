"""Where an address is, from the operator's own database of places."""

import time
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import maxminddb
import structlog
from maxminddb import InvalidDatabaseError, Reader

log = structlog.get_logger()

_LOOK_AGAIN_SECONDS = 10.0  # the file is replaced once a month, and a look at it costs more than an answer
_KEPT = 4096  # addresses whose places are remembered
_LONGEST_NAME = 60

# A broken file makes the reader stumble in many ways.
_BROKEN = (InvalidDatabaseError, ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError)

Stamp = tuple[int, int, int]


class WrongDatabase(Exception):
    """The file cannot be read as a database of places; the text says why."""


class Places:
    """Answers from an mmdb file, read anew when the file is another.

    It is read into memory whole: a file that somebody overwrites in its place
    must not take the process down, as it would if it were mapped.
    """

    def __init__(self, path: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Raises WrongDatabase."""
        self._path = path
        self._monotonic = monotonic
        self._stamp = _stamp_of(path)
        self._reader = _opened(path)
        self._looked_at = monotonic()
        self._known: dict[str, str] = {}

    def place_of(self, ip: str) -> str:
        """City and country of an address ("Lyon, France"), as much as the database says, or nothing."""
        self._refresh()
        if ip not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[ip] = self._looked_up(ip)
        return self._known[ip]

    def _looked_up(self, ip: str) -> str:
        try:
            return _place(self._reader.get(_unmapped(ip)))
        except ValueError:  # no address, or an IPv6 address and a database without any
            return ""
        except _BROKEN as broken:
            log.warning("place_not_found", file=str(self._path), why=str(broken))
            return ""

    def _refresh(self) -> None:
        """Take a new file into use; one that cannot be read is left alone, and looked at again when it changes."""
        if self._monotonic() - self._looked_at < _LOOK_AGAIN_SECONDS:
            return
        self._looked_at = self._monotonic()
        stamp = self._stamp
        try:
            stamp = _stamp_of(self._path)
            if stamp == self._stamp:
                return
            self._reader = _opened(self._path)
            self._known.clear()
            log.info("places_reloaded", file=str(self._path))
        except WrongDatabase as wrong:
            log.error("places_not_reloaded", why=str(wrong), kept="the one read before")
        self._stamp = stamp


def made_at(path: Path) -> datetime | None:
    """When a database of places was made; None when it cannot be read."""
    try:
        with _opened(path) as reader:
            return datetime.fromtimestamp(reader.metadata().build_epoch, UTC)
    except (WrongDatabase, OverflowError, ValueError):
        return None


def _stamp_of(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError as missing:
        raise WrongDatabase(f"cannot read {path} ({missing.strerror})") from None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _opened(path: Path) -> Reader:
    try:
        return maxminddb.open_database(path, maxminddb.MODE_MEMORY)
    except OSError as missing:
        raise WrongDatabase(f"cannot read {path} ({missing.strerror})") from None
    except _BROKEN as broken:
        raise WrongDatabase(f"{path} is no mmdb file ({broken})") from None


def _unmapped(ip: str) -> str:
    mapped = ip.lower().removeprefix("::ffff:")
    return mapped if "." in mapped else ip


def _place(record: object) -> str:
    names = (_name(record, "city"), _name(record, "country"))
    return ", ".join(dict.fromkeys(name for name in names if name))


def _name(record: object, part: str) -> str:
    """The English name of a part of a record that may hold anything."""
    found = record
    for key in (part, "names", "en"):
        found = found.get(key) if isinstance(found, Mapping) else None
    if not isinstance(found, str):
        return ""
    printable = "".join(sign for sign in found if unicodedata.category(sign)[0] != "C")
    return printable.strip()[:_LONGEST_NAME]
