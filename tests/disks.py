"""A real small disk for tests: a filesystem in memory that can be filled, freed and made read-only."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A filesystem of a few megabytes, mounted for a test."""

    folder: Path

    def fill(self) -> None:
        """Leave no byte, as a log or a backup beside the database would."""
        with (self.folder / "ballast").open("ab", buffering=0) as ballast, suppress(OSError):
            for size in (1 << 16, 1 << 12, 1 << 8, 1):
                with suppress(OSError):
                    while True:
                        ballast.write(bytes(size))

    def free(self) -> None:
        (self.folder / "ballast").unlink()

    def make_read_only(self) -> None:
        """As a kernel does with a disk that fails. Whoever has a file open for writing keeps it from that."""
        _as_root("mount", "-o", "remount,ro", str(self.folder))

    def make_writable(self) -> None:
        _as_root("mount", "-o", "remount,rw", str(self.folder))


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount one at this folder until the block ends. Only root may: elsewhere the test is left out, and says so."""
    folder.mkdir()
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    _as_root("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "twotick-test", str(folder))
    try:
        yield SmallDisk(folder)
    finally:
        _as_root("umount", "--lazy", str(folder))


def _as_root(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
