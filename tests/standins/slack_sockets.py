"""Socket Mode as Slack plays it: tickets, hello, envelopes that want to be acknowledged, renewal, and silent death.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web

from tests.standins.slack_refusals import Refusal
from tracker.clock import Clock

TICKET_LASTS = timedelta(seconds=30)
MOST_SOCKETS = 10


class NotAcknowledged(Exception):
    """No socket was open, or nobody acknowledged in time."""


@dataclass(eq=False)
class Socket:
    """One open socket. A silent one looks open to Slack: nothing gets through, either way."""

    ws: web.WebSocketResponse
    silent: bool = False
    answers_pings: bool = False  # a silent one may have a living network, and nobody behind it

    async def send(self, message: dict[str, Any]) -> None:
        if not self.silent:
            await self.ws.send_str(json.dumps(message))


@dataclass
class Sockets:
    clock: Clock
    app_token: str = "xapp-1-A0TWOTICK-standin"
    ping_seconds: float = 0.05
    open: list[Socket] = field(default_factory=list)
    greeted: int = 0
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    mute: bool = False  # the next sockets are let in, and not greeted
    _tickets: dict[str, datetime] = field(default_factory=dict)
    _waiting: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)

    def address(self, token: str | None, own_url: str) -> dict[str, Any]:
        """`apps.connections.open`: an address that is good for one socket. Raises Refusal."""
        if not token:
            raise Refusal("not_authed")
        if not token.startswith("xapp-"):
            raise Refusal("not_allowed_token_type")
        if token != self.app_token:
            raise Refusal("invalid_auth")
        if len(self.open) >= MOST_SOCKETS:
            raise Refusal("too_many_websockets")
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = self.clock() + TICKET_LASTS
        return {"ok": True, "url": f"{own_url.rstrip('/').replace('http', 'ws', 1)}/link/?ticket={ticket}"}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        until = self._tickets.pop(request.query.get("ticket", ""), None)
        if until is None or until < self.clock():
            return web.Response(status=408, text="ticket_expired")
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        socket = Socket(ws)
        self.open.append(socket)
        pinging = asyncio.create_task(self._ping(socket))
        try:
            if not self.mute:
                await socket.send(self._hello())
                self.greeted += 1
            await self._listen(socket)
        finally:
            pinging.cancel()
            if socket in self.open:
                self.open.remove(socket)
        return ws

    async def deliver(self, kind: str, payload: dict[str, Any], patience: float, **retry: Any) -> dict[str, Any]:
        """Send an envelope over the socket opened last; what it was acknowledged with. Raises NotAcknowledged."""
        if not self.open:
            raise NotAcknowledged
        envelope_id = secrets.token_hex(16)
        acknowledged = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        envelope = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        try:
            await self.open[-1].send({**envelope, "accepts_response_payload": kind != "events_api", **retry})
            return await asyncio.wait_for(acknowledged, patience)
        except (TimeoutError, ConnectionError):
            raise NotAcknowledged from None
        finally:
            del self._waiting[envelope_id]

    async def renew(self, reason: str = "refresh_requested", grace: float = 0.3) -> None:
        """Ask for new sockets in the place of those open, and close them after a moment."""
        old = list(self.open)
        for socket in old:
            await socket.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-standin"}})
        await asyncio.sleep(grace)
        for socket in old:
            await socket.ws.close()

    def die_silently(self, *, answers_pings: bool = False) -> None:
        """From now on nothing gets through the sockets that are open, and nobody is told."""
        for socket in self.open:
            socket.silent, socket.answers_pings = True, answers_pings

    async def close(self) -> None:
        for socket in list(self.open):
            await socket.ws.close()

    async def _ping(self, socket: Socket) -> None:
        while not socket.ws.closed:
            await asyncio.sleep(self.ping_seconds)
            if not socket.silent:
                await socket.ws.ping(b"Ping from applink-standin")
            elif socket.answers_pings:
                await socket.ws.pong()

    async def _listen(self, socket: Socket) -> None:
        async for message in socket.ws:
            if socket.silent:
                continue
            if message.type is WSMsgType.PING:
                await socket.ws.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._acknowledge(json.loads(message.data))

    def _acknowledge(self, said: dict[str, Any]) -> None:
        assert set(said) <= {"envelope_id", "payload"}, f"Slack would not take this: {said}"
        self.acknowledged.append(said)
        waiting = self._waiting.get(said["envelope_id"])
        if waiting and not waiting.done():
            waiting.set_result(said.get("payload") or {})

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "debug_info": {"host": "applink-standin", "approximate_connection_time": 18060},
            "connection_info": {"app_id": "A0TWOTICK"},
        }
