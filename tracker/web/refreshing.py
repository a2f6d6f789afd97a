"""Figures that have to be asked for: at a scrape, and at most once in a while."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

import structlog

log = structlog.get_logger()

_EVERY_SECONDS = 15.0
_PATIENCE_SECONDS = 2.0  # Prometheus gives up on a scrape after ten


class Refreshing(ABC):
    """Gauges of something outside; while it is away they are no numbers, which fire no alert."""

    def __init__(self, passed: Callable[[], float] = time.monotonic) -> None:
        self._passed = passed
        self._next = float("-inf")

    async def refresh(self) -> None:
        """Ask, unless it was asked just now. Never raises, and never takes longer than our patience."""
        if self._passed() < self._next:
            return
        self._next = self._passed() + _EVERY_SECONDS
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._ask()
        # Whatever keeps it from answering: the other meters are wanted then more than ever.
        except Exception as away:
            self._forget()
            log.warning("figures_unknown", of=type(self).__name__, why=f"{type(away).__name__}: {away}")

    @abstractmethod
    async def _ask(self) -> None:
        """Set the gauges; raise whatever keeps us from it."""

    @abstractmethod
    def _forget(self) -> None:
        """Leave no old figure."""
