"""A load generator: so many connections, each asking for the next pixel as soon as it has the last one."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import cast

from tracker.clock import new_id
from tracker.tokens import Tokens

KEY = "a key for benchmarks only"
_AGENT = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
_REQUEST = (
    "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: " + _AGENT + "\r\n"
    "Accept: image/*,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.9\r\n\r\n"
)
_END_OF_HEADERS = b"\r\n\r\n"
_PICTURE_BYTES = 43
_GRACE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run showed."""

    hits: int
    seconds: float
    latencies: list[float]
    unanswered: int = 0

    @property
    def rate(self) -> float:
        return self.hits / self.seconds

    def percentile(self, share: float) -> float:
        """A latency in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def requests(copy_ids: Iterable[str] = ()) -> Iterator[bytes]:
    """Fetches of the pixels of these copies, or else of copies that nobody sent, over and over."""
    tokens = Tokens([KEY])
    return fetches(f"/o/{tokens.pixel(one)}.gif" for one in copy_ids or (new_id() for _ in range(2000)))


def fetches(paths: Iterable[str]) -> Iterator[bytes]:
    """What a mail program asks for, over and over."""
    return cycle([(_REQUEST % path).encode() for path in paths])


async def closed_loop(port: int, connections: int, seconds: float, source: Iterator[bytes] | None = None) -> Measured:
    """Keep every connection busy for so long. Raises ConnectionError when the server does not answer 200."""
    loop = asyncio.get_running_loop()
    source = source or requests()
    latencies: list[float] = []
    ends_at = time.perf_counter() + seconds
    clients = [_Client(source, latencies, ends_at, loop.create_future()) for _ in range(connections)]
    started = time.perf_counter()
    for client in clients:
        await loop.create_connection(partial(_same, client), "127.0.0.1", port)
    async with asyncio.timeout(seconds + _GRACE_SECONDS):
        await asyncio.gather(*(client.finished for client in clients))
    return Measured(len(latencies), time.perf_counter() - started, latencies)


def _same(client: "_Client") -> "_Client":
    return client


class _Client(asyncio.Protocol):
    def __init__(
        self, source: Iterator[bytes], latencies: list[float], ends_at: float, finished: asyncio.Future[None]
    ) -> None:
        self.finished = finished
        self._source = source
        self._latencies = latencies
        self._ends_at = ends_at
        self._received = b""
        self._asked_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        self._asked_at = time.perf_counter()
        self._transport.write(next(self._source))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(_END_OF_HEADERS)
        if not end or len(body) < _PICTURE_BYTES:
            return
        now = time.perf_counter()
        if not head.startswith(b"HTTP/1.1 200"):
            self._transport.close()
            return
        self._latencies.append(now - self._asked_at)
        self._received = b""
        if now < self._ends_at:
            self._ask()
        else:
            self.finished.set_result(None)
            self._transport.close()

    def connection_lost(self, broken: Exception | None) -> None:
        if not self.finished.done():
            self.finished.set_exception(ConnectionError("the server hung up before it had answered"))
