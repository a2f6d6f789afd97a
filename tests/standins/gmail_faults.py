"""Faults that a test asks the Gmail stand-in for: refusals, silences, and answers that never arrive."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from aiohttp import web

from tests.standins.gmail_errors import GoogleError


class Kind(Enum):
    FAIL = auto()
    HANG = auto()
    DROP_BEFORE = auto()
    DROP_AFTER = auto()
    SLOW = auto()
    GARBLE = auto()


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Kind
    status: int = 0
    reason: str = ""
    seconds: float = 0
    headers: Mapping[str, str] = field(default_factory=dict)


class Faults:
    """The next calls to a method id (`gmail.users.drafts.send`, `oauth2.token`) go wrong as ordered, in that order."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def fail(
        self, method_id: str, status: int, reason: str = "", times: int = 1, headers: Mapping[str, str] | None = None
    ) -> None:
        """Refuse without acting. Without a reason the answer is the HTML page of Google's front end."""
        self._add(method_id, times, Fault(Kind.FAIL, status, reason, headers=dict(headers or {})))

    def hang(self, method_id: str, times: int = 1) -> None:
        """Take the request, do nothing, and never answer."""
        self._add(method_id, times, Fault(Kind.HANG))

    def drop_before(self, method_id: str, times: int = 1) -> None:
        """Cut the connection without acting."""
        self._add(method_id, times, Fault(Kind.DROP_BEFORE))

    def drop_after(self, method_id: str, times: int = 1) -> None:
        """Do what was asked, then cut the connection instead of answering."""
        self._add(method_id, times, Fault(Kind.DROP_AFTER))

    def slow(self, method_id: str, seconds: float, times: int = 1) -> None:
        """Act and answer, but late."""
        self._add(method_id, times, Fault(Kind.SLOW, seconds=seconds))

    def garble(self, method_id: str, times: int = 1) -> None:
        """Do what was asked, then answer 200 with something that is no answer, as a proxy between us may."""
        self._add(method_id, times, Fault(Kind.GARBLE))

    def clear(self) -> None:
        """Let everything go well again."""
        self._waiting.clear()

    def take(self, method_id: str) -> Fault | None:
        waiting = self._waiting[method_id]
        return waiting.popleft() if waiting else None

    def _add(self, method_id: str, times: int, fault: Fault) -> None:
        self._waiting[method_id].extend([fault] * times)


async def before_acting(fault: Fault | None, request: web.Request) -> web.Response | None:
    """Let the fault have its way; an answer means that nothing is to be done."""
    if fault is None or fault.kind in (Kind.DROP_AFTER, Kind.GARBLE):
        return None
    if fault.kind is Kind.SLOW:
        await asyncio.sleep(fault.seconds)
        return None
    if fault.kind is Kind.FAIL:
        return GoogleError(fault.status, fault.reason, headers=fault.headers).answer()
    if fault.kind is Kind.HANG:
        await _until_given_up(request)
    return cut(request)


def after_acting(fault: Fault | None, request: web.Request, answer: web.Response) -> web.Response:
    if fault and fault.kind is Kind.DROP_AFTER:
        return cut(request)
    if fault and fault.kind is Kind.GARBLE:
        return web.Response(text="<html>Please sign in to the hotel's network", content_type="text/html")
    return answer


def cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)  # never written: there is nobody to read it


async def _until_given_up(request: web.Request) -> None:
    while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110 - aiohttp tells no event
        await asyncio.sleep(0.02)
