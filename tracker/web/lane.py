"""The pixel's own lane: a fetch that is plainly one is read by one pattern instead of by a whole HTTP parser.

Three quarters of a pixel's cost were parsing, tasks and objects that a picture
of 43 bytes has no use for. What the pattern does not take, to the last byte,
goes to aiohttp, and so does all else on that connection from then on: the lane
can be too modest, never too trusting.
"""

import asyncio
import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from aiohttp import HttpVersion10, HttpVersion11, web
from multidict import CIMultiDict

from tracker.web.pixel import Pixel

_MOST_BYTES = 8190  # as much as aiohttp takes in one line
# RFC 9112: a request line and header lines of visible ASCII, whole and with nothing behind them.
_PLAIN = re.compile(rb"GET (/o/[!-~]*) HTTP/1\.([01])\r\n((?:[A-Za-z0-9!#$%&'*+.^_`|~-]+:[ \t!-~]*\r\n){0,60})\r\n")
# Whoever sends one of these wants more of HTTP than a picture needs.
_WANTS_MORE = frozenset(
    {b"content-length", b"transfer-encoding", b"upgrade", b"expect", b"te", b"trailer", b"proxy-connection"}
)


class PlainFetch:
    """A fetch as the lane reads it; to whoever notes hits it looks like aiohttp's request."""

    __slots__ = ("keep_alive", "method", "raw_headers", "raw_path", "remote", "version")

    def __init__(
        self, raw_path: str, old: bool, keep_alive: bool, headers: Sequence[tuple[bytes, bytes]], remote: str | None
    ) -> None:
        self.method = "GET"
        self.raw_path = raw_path
        self.version = HttpVersion10 if old else HttpVersion11
        self.keep_alive = keep_alive
        self.raw_headers = headers
        self.remote = remote

    @property
    def headers(self) -> CIMultiDict[str]:
        return CIMultiDict((name.decode(), value.decode()) for name, value in self.raw_headers)


def plain_fetch(data: bytes, remote: str | None) -> PlainFetch | None:
    """The fetch that these bytes are, all of them; None when they are anything else, or only a part of one."""
    found = _PLAIN.fullmatch(data) if len(data) <= _MOST_BYTES else None
    if found is None:
        return None
    path, minor, lines = found.groups()
    headers = []
    seen: set[bytes] = set()
    connection = b""
    for line in lines.split(b"\r\n")[:-1]:
        name, _, value = line.partition(b":")
        folded, value = name.lower(), value.strip()
        if folded in _WANTS_MORE or folded in seen:  # said twice, it is for the parser to say which counts
            return None
        seen.add(folded)
        if folded == b"connection":
            if value.lower() not in (b"close", b"keep-alive"):
                return None
            connection = value.lower()
        headers.append((name, value))
    old = minor == b"0"
    if not old and b"host" not in seen:
        return None
    keep_alive = connection == b"keep-alive" if old else connection != b"close"
    return PlainFetch(path.decode(), old, keep_alive, headers, remote)


class PixelLane(web.RequestHandler):
    """A connection. It stays in the lane for as long as nothing but plain fetches of pixels comes over it."""

    __slots__ = ("_answering", "_in_lane", "_pixel", "_remote", "_waiting")

    def __init__(self, pixel: Pixel, manager: web.Server, **options: Any) -> None:
        super().__init__(manager, **options)
        self._pixel = pixel
        self._in_lane = True
        self._answering: PlainFetch | None = None
        self._waiting = b""
        self._remote: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = self.peername
        self._remote = str(peer[0]) if isinstance(peer, tuple | list) else peer and str(peer)

    def data_received(self, data: bytes) -> None:
        if not self._in_lane:
            super().data_received(data)
        elif self._answering:
            self._kept_for_later(data)
        elif not (self._close or self._force_close):
            self._start(data)

    def _start(self, data: bytes) -> None:
        fetch = plain_fetch(data, self._remote)
        if fetch is None or self._paused:
            # Somebody who does not read what we write is aiohttp's to wait for.
            self._in_lane = False
            super().data_received(data)
            return
        self._request_in_progress = True
        self._answering = fetch
        self._pixel.begin(fetch, partial(self._answer, fetch))

    def _answer(self, fetch: PlainFetch) -> None:
        self._answering = None
        self._request_in_progress = False
        if self.transport is not None:
            self.transport.write(self._pixel.written_answer(fetch))
            self._after(fetch)
        if self._handler_waiter is not None and not self._handler_waiter.done():
            self._handler_waiter.set_result(None)

    def _after(self, fetch: PlainFetch) -> None:
        """The connection's end, or its next request."""
        if not fetch.keep_alive or self._close or self._force_close:
            self.force_close()
            return
        self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout
        if self._waiting:
            waiting, self._waiting = self._waiting, b""
            self._start(waiting)

    def _kept_for_later(self, data: bytes) -> None:
        """What comes before we answered waits; who sends much of it is no mail program."""
        self._waiting += data
        if len(self._waiting) > 8 * _MOST_BYTES:
            self.force_close()


class LaneServer(web.Server):
    """aiohttp's server, whose connections begin in the lane."""

    def __init__(self, pixel: Pixel, like: web.Server) -> None:
        super().__init__(like.request_handler, request_factory=like.request_factory, loop=like._loop, **like._kwargs)
        self._pixel = pixel

    def __call__(self) -> web.RequestHandler:
        return PixelLane(self._pixel, self, loop=self._loop, **self._kwargs)
