"""Slack's requests over a web socket that we open: for a web process that Slack cannot call.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.pacing import retry_delay
from bot.ports import NoAnswer, NotAllowed, NotReached, TooFast

# Slack pings every few seconds. A socket that dies without a word is known by its silence, and by nothing else.
SILENCE_SECONDS = 60.0
_HEARTBEAT_SECONDS = 20.0  # our own pings: they tell a dead network sooner
_HELLO_SECONDS = 10.0
_LAST_WORDS_SECONDS = 3.0  # Slack waits no longer for an acknowledgement
_OPERATOR_SECONDS = 60.0

AddressOf = Callable[[], Awaitable[str]]
Sleep = Callable[[float], Awaitable[None]]

log = structlog.get_logger()


class SocketMode:
    """Keeps one socket open, for as long as it runs, and hands what comes to bolt."""

    def __init__(
        self,
        address: AddressOf,
        app: AsyncApp,
        silence: float = SILENCE_SECONDS,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._address = address
        self._app = app
        self._silence = silence
        self._sleep = sleep

    async def run(self) -> None:
        """Until cancelled. The next socket is open before the last one is closed, so that Slack always has one."""
        current: Line | None = None
        async with aiohttp.ClientSession() as http:
            try:
                while True:
                    following = await self._opened(http)
                    if current:
                        await current.close()
                    current = following
                    log.info("socket_opened")
                    why = await current.over
                    log.log(_level_of(why), "socket_is_over", why=why)
            finally:
                if current:
                    await current.close()

    async def _opened(self, http: aiohttp.ClientSession) -> "Line":
        """An open socket over which Slack has said hello, however long it takes."""
        tries = 0
        while True:
            tries += 1
            try:
                return await Line.opened(http, await self._address(), self._app, self._silence)
            except NotAllowed as refused:
                hint = "check SLACK_APP_TOKEN, its scope connections:write, and that Socket Mode is on for the app"
                log.error("slack_refuses_a_socket", code=str(refused), hint=hint)
                pause = _OPERATOR_SECONDS
            except TooFast as later:
                pause = later.seconds
            except (NotReached, NoAnswer, aiohttp.ClientError, TimeoutError) as lost:
                pause = retry_delay(tries).total_seconds()
                log.warning("socket_not_opened", why=type(lost).__name__, detail=str(lost), again_in_seconds=pause)
            await self._sleep(pause)


class Line:
    """One socket, from its hello until it is over. `over` tells why: a word of Slack's, or ours."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, app: AsyncApp, silence: float) -> None:
        self._socket = socket
        self._app = app
        self._silence = silence
        self._answering: set[asyncio.Task[None]] = set()
        self.over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._greeted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def opened(cls, http: aiohttp.ClientSession, address: str, app: AsyncApp, silence: float) -> "Line":
        """Raises aiohttp.ClientError, TimeoutError when Slack does not let us in, or does not greet."""
        async with asyncio.timeout(_HELLO_SECONDS):
            # Pings are answered by ourselves, or we would not hear them.
            socket = await http.ws_connect(address, autoping=False, heartbeat=_HEARTBEAT_SECONDS, max_msg_size=0)
        line = cls(socket, app, silence)
        try:
            async with asyncio.timeout(_HELLO_SECONDS):
                await asyncio.wait((line._greeted, line.over), return_when=asyncio.FIRST_COMPLETED)
        except BaseException:
            await line.close()
            raise
        if not line._greeted.done():
            await line.close()
            raise aiohttp.ClientError(f"no hello, but {line.over.result()}")
        return line

    async def close(self) -> None:
        """Let what was asked be acknowledged, and hang up."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=_LAST_WORDS_SECONDS)
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                await self._socket.close()
        self._end("closed")

    def _end(self, why: str) -> None:
        if not self.over.done():
            self.over.set_result(why)

    async def _listen(self) -> None:
        try:
            await self._listen_until_silent()
        except TimeoutError:
            self._end("silent")
        except Exception as failed:
            # The socket's door: whatever comes over it, the next socket must be opened.
            log.exception("socket_failed")
            self._end(type(failed).__name__)

    async def _listen_until_silent(self) -> None:
        heard_at = asyncio.get_running_loop().time()
        while True:
            async with asyncio.timeout_at(heard_at + self._silence):
                message = await self._socket.receive()
            if message.type is aiohttp.WSMsgType.PONG:
                continue  # an answer to us proves a network, and no Slack behind it
            heard_at = asyncio.get_running_loop().time()
            if message.type is aiohttp.WSMsgType.PING:
                await self._socket.pong(message.data)
            elif message.type is aiohttp.WSMsgType.TEXT:
                self._take(message.data)
            else:
                self._end(f"closed by Slack ({self._socket.close_code})")
                return

    def _take(self, text: str) -> None:
        envelope = _read(text)
        kind = envelope.get("type")
        if kind == "hello":
            if not self._greeted.done():
                self._greeted.set_result(None)
        elif kind == "disconnect":
            self._end(str(envelope.get("reason")))  # Slack closes it in a moment, and goes on listening till then
        elif envelope.get("envelope_id"):
            task = asyncio.create_task(self._answer(envelope))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, envelope: dict[str, Any]) -> None:
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=envelope.get("payload") or {}, headers={})
            response = await self._app.async_dispatch(request)
            if response.status == 200:
                await self._socket.send_str(json.dumps(_acknowledgement(envelope["envelope_id"], response.body)))
        except Exception:
            # The socket's door for one request: without an acknowledgement Slack sends it again.
            log.exception("slack_request_failed")


def _read(text: str) -> dict[str, Any]:
    try:
        envelope = json.loads(text)
    except ValueError:
        return {}
    return envelope if isinstance(envelope, dict) else {}


def _acknowledgement(envelope_id: str, body: str) -> dict[str, Any]:
    if not body:
        return {"envelope_id": envelope_id}
    payload = _read(body) or {"text": body}
    return {"envelope_id": envelope_id, "payload": payload}


def _level_of(why: str) -> int:
    """Slack renews sockets every few hours; everything else is worth a look."""
    return 20 if why in ("refresh_requested", "warning") else 30
