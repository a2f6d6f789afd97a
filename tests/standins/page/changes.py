"""Something changed: the one thing that the page is told about the stand-ins' state."""

import asyncio
import contextlib
from collections.abc import Callable


class Changes:
    """A counter to wait on. Closing it lets every waiter go, so that a shutdown need not wait for browsers."""

    def __init__(self) -> None:
        self.version = 0
        self.closed = False
        self._news = asyncio.Event()
        self._also: list[Callable[[], None]] = []

    def tell(self, listener: Callable[[], None]) -> None:
        """Call this too whenever something happened."""
        self._also.append(listener)

    def happened(self) -> None:
        self.version += 1
        for listener in self._also:
            listener()
        self._wake()

    def close(self) -> None:
        self.closed = True
        self._wake()

    async def after(self, version: int, seconds: float) -> int:
        """The version as soon as it is another than this one, at the latest after `seconds`."""
        if self.version == version and not self.closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), seconds)
        return self.version

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()
