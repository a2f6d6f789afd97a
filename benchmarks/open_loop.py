"""Load that comes when it comes, as mail is opened: so many fetches a second, whatever the answers take."""

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from functools import partial
from typing import cast

from benchmarks.load import Measured

_LINES_AT_FIRST, _LINES_AT_MOST = 64, 1000
_TICK_SECONDS = 0.001
_GRACE_SECONDS = 15.0
_PICTURE_BYTES = 43


async def open_loop(
    port: int, rate: float, seconds: float, source: Iterator[bytes], enough: asyncio.Event | None = None
) -> Measured:
    """Fetch at this rate for so long, or until it is enough.

    A fetch takes from the moment at which it was due, so that a server that
    stops for a second is seen by all who would have come in that second.
    Unanswered is what got no 200 within a quarter of a minute.
    """
    office = _Office(port, source)
    await asyncio.gather(*(office.open_line() for _ in range(_LINES_AT_FIRST)))
    started, asked = time.perf_counter(), 0
    while (now := time.perf_counter()) < started + seconds and not (enough and enough.is_set()):
        due = int((now - started) * rate)
        for number in range(asked, due):
            office.ask(started + number / rate)
        asked = max(asked, due)
        await asyncio.sleep(_TICK_SECONDS)
    ended = time.perf_counter()
    answered = await office.closed()
    return Measured(len(answered), ended - started, answered, asked - len(answered))


class _Office:
    """The lines to one server: fetches that find none free wait for the next, and more are opened meanwhile."""

    def __init__(self, port: int, source: Iterator[bytes]) -> None:
        self._port = port
        self._source = source
        self._free: list[_Line] = []
        self._waiting: deque[float] = deque()
        self._latencies: list[float] = []
        self._asked = self._lost = self._lines = 0
        self._opening: set[asyncio.Task[None]] = set()

    async def open_line(self) -> None:
        self._lines += 1
        loop = asyncio.get_running_loop()
        try:
            _, line = await loop.create_connection(partial(_Line, self), "127.0.0.1", self._port)
        except OSError:
            self._lines -= 1
            return
        self.free(line)

    def ask(self, due_at: float) -> None:
        self._asked += 1
        if self._free:
            self._free.pop().send(next(self._source), due_at)
            return
        self._waiting.append(due_at)
        if self._lines < _LINES_AT_MOST:
            task = asyncio.ensure_future(self.open_line())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    def free(self, line: "_Line") -> None:
        if self._waiting:
            line.send(next(self._source), self._waiting.popleft())
        else:
            self._free.append(line)

    def answered(self, line: "_Line", latency: float) -> None:
        self._latencies.append(latency)
        self.free(line)

    def lost(self, line: "_Line", *, busy: bool) -> None:
        self._lines -= 1
        self._lost += busy
        if line in self._free:
            self._free.remove(line)

    async def closed(self) -> list[float]:
        """Wait for those that are still due, and hang up; how long each took that was answered."""
        end = time.perf_counter() + _GRACE_SECONDS
        while len(self._latencies) + self._lost < self._asked and time.perf_counter() < end:  # noqa: ASYNC110
            await asyncio.sleep(_TICK_SECONDS)
        for line in [*self._free]:
            line.close()
        return list(self._latencies)


class _Line(asyncio.Protocol):
    def __init__(self, office: _Office) -> None:
        self._office = office
        self._received = b""
        self._due_at: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send(self, request: bytes, due_at: float) -> None:
        self._due_at = due_at
        self._transport.write(request)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _PICTURE_BYTES or self._due_at is None:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self._transport.close()
            return
        took, self._due_at, self._received = time.perf_counter() - self._due_at, None, b""
        self._office.answered(self, took)

    def connection_lost(self, broken: Exception | None) -> None:
        self._office.lost(self, busy=self._due_at is not None)
