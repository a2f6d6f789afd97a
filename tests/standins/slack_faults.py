"""How the stand-in for Slack misbehaves when a test asks it to."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True)
class RateLimited:
    """429 with Retry-After; nothing is done."""

    seconds: int = 1


@dataclass(frozen=True)
class ServerError:
    """A 5xx with an empty body, as Slack's load balancers answer; nothing is done unless `acting`."""

    status: int = 503
    acting: bool = False


@dataclass(frozen=True)
class Dropped:
    """The connection dies, before or after the call was carried out."""

    acting: bool


@dataclass(frozen=True)
class Says:
    """Slack's own way to refuse: 200 and `ok: false`."""

    error: str


@dataclass(frozen=True)
class Slow:
    """Carried out and answered, late."""

    seconds: float


Fault = RateLimited | ServerError | Dropped | Says | Slow


class Faults:
    """The faults still to come, by method; `down` drops every call unheard until it is unset."""

    def __init__(self) -> None:
        self.down = False
        self._coming: dict[str, list[Fault]] = defaultdict(list)

    def next(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next calls of a method go wrong."""
        self._coming[method] += [fault] * times

    def clear(self) -> None:
        self._coming.clear()
        self.down = False

    def of(self, method: str) -> Fault | None:
        """The fault of this call, used up by asking."""
        if self.down:
            return Dropped(acting=False)
        return self._coming[method].pop(0) if self._coming[method] else None


def before_acting(fault: Fault | None, request: web.Request) -> web.Response | None:
    """The answer of a call that is not carried out."""
    match fault:
        case RateLimited(seconds):
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)}
            )
        case ServerError(status, acting=False):
            return web.Response(status=status)
        case Says(error):
            return web.json_response({"ok": False, "error": error})
        case Dropped(acting=False):
            return _hang_up(request)
        case _:
            return None


async def after_acting(fault: Fault | None, request: web.Request, answer: web.Response) -> web.Response:
    """What becomes of the answer of a call that was carried out."""
    match fault:
        case ServerError(status, acting=True):
            return web.Response(status=status)
        case Dropped(acting=True):
            return _hang_up(request)
        case Slow(seconds):
            await asyncio.sleep(seconds)
    return answer


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
