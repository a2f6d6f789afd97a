"""What the stand-ins know, kept in one file, so that a second start finds everything."""

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

_GATHER_SECONDS = 0.3  # changes that come together are written together


class Keepable(Protocol):
    def snapshot(self) -> dict[str, Any]: ...

    def restore(self, kept: dict[str, Any]) -> None: ...


def replace_private(path: Path, text: str) -> None:
    """Put this text into a file that only its owner can read, as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


class Kept:
    """The state of some stand-ins in a file, replaced as a whole and readable by its owner only."""

    def __init__(self, path: Path, parts: Mapping[str, Keepable], gather_seconds: float = _GATHER_SECONDS) -> None:
        self._path = path
        self._gather_seconds = gather_seconds
        self._parts = parts
        self._due: asyncio.TimerHandle | None = None

    def restore(self) -> str | None:
        """Bring back what was kept. A file that cannot be read is set aside, and the answer says so."""
        try:
            kept = json.loads(self._path.read_text())
            for name in self._parts.keys() & kept.keys():
                self._parts[name].restore(kept[name])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError) as broken:
            aside = self._path.with_suffix(".broken")
            os.replace(self._path, aside)
            return (
                f"The stand-ins' memory could not be read ({broken}); it was set aside as {aside} and they start anew."
            )
        return None

    def save(self) -> None:
        """Write everything now, whole or not at all. A part that is not in use now stays as it was kept."""
        self._due = None
        whole = {**self._others(), **{name: part.snapshot() for name, part in self._parts.items()}}
        replace_private(self._path, json.dumps(whole))

    def soon(self) -> None:
        """Save shortly, once for all changes until then. Outside a running loop, save at once."""
        if self._due is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.save()
        else:
            self._due = loop.call_later(self._gather_seconds, self.save)

    def close(self) -> None:
        if self._due is not None:
            self._due.cancel()
        self.save()

    def _others(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return {name: value for name, value in dict(kept).items() if name not in self._parts}
