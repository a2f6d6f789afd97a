"""The pixel: one picture for every token, durable before it is answered."""

import asyncio
import base64
import time
from collections.abc import Callable
from email.utils import formatdate

from aiohttp import HttpVersion10, web
from aiohttp.abc import AbstractStreamWriter

from tracker.model import HitKind
from tracker.tokens import Tokens
from tracker.web.guards import Fetch
from tracker.web.noting import Noting

GIF = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")

PREFIX = "/o/"
SUFFIX = ".gif"

# No ETag and nothing a proxy may keep: Gmail's proxy then asks again when the mail is opened again.
HEADERS = {
    "Content-Type": "image/gif",
    "Content-Length": str(len(GIF)),
    "Cache-Control": "no-store, no-cache, must-revalidate, max-age=0, private",
}


class Pixel:
    """Answers everything under `/o/`, a cut-off address too: neither a wrong token nor a full disk shows."""

    def __init__(self, tokens: Tokens, noting: Noting) -> None:
        self._tokens = tokens
        self._noting = noting
        self._answers = _Answers()

    def wants(self, request: web.BaseRequest) -> bool:
        """Whether this is plainly a fetch of a pixel, told without parsing the URL."""
        return request.raw_path.startswith(PREFIX) and request.method in ("GET", "HEAD")

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        noted = asyncio.Event()
        self.begin(request, noted.set)
        await noted.wait()
        return self._answers.to(request)

    def begin(self, request: Fetch, then: Callable[[], object]) -> None:
        """Keep the fetch, and call `then` when it may be answered: at once or later."""
        copy_id = self._tokens.read_pixel(_token(request.raw_path))
        if copy_id is None:
            self._noting.foreign(HitKind.OPEN)
            then()
        else:
            self._noting.begin(request, HitKind.OPEN, copy_id, then)

    def written_answer(self, request: Fetch) -> bytes:
        """The answer as the bytes to write."""
        return self._answers.to(request).written


class _Ready(web.StreamResponse):
    """An answer that was put into bytes beforehand and is shared by all requests: half the cost of a pixel."""

    def __init__(self, written: bytes, keep_alive: bool) -> None:
        super().__init__()
        self.written = written
        self._stays = keep_alive

    @property
    def keep_alive(self) -> bool:
        return self._stays

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter:
        # Ends with a drain: who asks for much and reads nothing waits, instead of filling our memory.
        await request.writer.write_eof(self.written)
        return request.writer

    async def write_eof(self, data: bytes = b"") -> None:
        """All of it was written by `prepare`."""


class _Answers:
    """The few different answers there are (HEAD or not, HTTP version, connection), written once a second."""

    def __init__(self) -> None:
        self._second = -1
        self._ready: dict[tuple[bool, bool, bool], _Ready] = {}

    def to(self, request: Fetch) -> _Ready:
        second = int(time.time())
        if second != self._second:
            self._second, self._ready = second, {}
        variant = (request.method == "HEAD", request.version == HttpVersion10, request.keep_alive)
        if variant not in self._ready:
            self._ready[variant] = _Ready(_written(second, *variant), request.keep_alive)
        return self._ready[variant]


def _written(second: int, head: bool, old_version: bool, keep_alive: bool) -> bytes:
    """The whole answer. RFC 9110 6.6.1: a server with a clock sends the date."""
    headers = {**HEADERS, "Date": formatdate(second, usegmt=True)}
    if old_version == keep_alive:
        headers["Connection"] = "keep-alive" if keep_alive else "close"
    lines = [f"HTTP/1.{0 if old_version else 1} 200 OK", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + (b"" if head else GIF)


def _token(raw_path: str) -> str:
    """What stands for the token in a path; a path that is not ours gives what no token can be."""
    path = raw_path.partition("?")[0]
    start = path.find(PREFIX)
    return path[start + len(PREFIX) : -len(SUFFIX)] if path.endswith(SUFFIX) and start >= 0 else ""
