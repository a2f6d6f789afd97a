"""How much room the disk under the data folder has, for /metrics."""

import asyncio
import shutil
from math import nan
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge

from tracker.web.refreshing import Refreshing


class DiskMeters(Refreshing):
    """Gauges of the disk that the SQLite database, the intake or the spool, and the keys are on."""

    def __init__(self, registry: CollectorRegistry, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._free = Gauge("twotick_disk_free_bytes", "Room under the data folder for us", registry=registry)
        self._size = Gauge("twotick_disk_size_bytes", "Size of the disk under the data folder", registry=registry)

    async def _ask(self) -> None:
        # In a thread: a disk that hangs must not hold up pixels.
        usage = await asyncio.to_thread(shutil.disk_usage, self._folder)
        self._free.set(usage.free)
        self._size.set(usage.total)

    def _forget(self) -> None:
        self._free.set(nan)
        self._size.set(nan)
