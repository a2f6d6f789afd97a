"""Notifications on their way from the Gmail stand-in to a push endpoint, again and again until it takes them."""

import asyncio
import base64
import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp

from tests.standins.gmail_watch import Topic

_TAKEN = (102, 200, 201, 202, 204)  # what Pub/Sub counts as an acknowledgement
_ACK_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Notice:
    topic: Topic
    number: int
    email: str
    history_id: int
    at: datetime

    def envelope(self) -> dict[str, Any]:
        """The body of a wrapped push, with both spellings of its fields as Pub/Sub sends them."""
        news = json.dumps({"emailAddress": self.email, "historyId": self.history_id}).encode()
        moment = self.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        message = {
            "data": base64.b64encode(news).decode(),
            "messageId": str(self.number),
            "message_id": str(self.number),
            "publishTime": moment,
            "publish_time": moment,
        }
        return {"message": message, "subscription": self.topic.subscription}


@dataclass(slots=True)
class Pushing:
    """Delivers in the background of a running loop, in no promised order. `pauses` are the waits before another try."""

    token: Callable[[Topic], str]
    pauses: tuple[float, ...] = (0.02, 0.05, 0.1, 0.5, 1.0)
    waiting: deque[Notice] = field(default_factory=deque)
    taken: list[Notice] = field(default_factory=list)
    tries: int = 0
    number: int = 10**15
    _work: set[asyncio.Task[None]] = field(default_factory=set)

    def publish(self, topic: Topic, email: str, history_id: int, at: datetime) -> None:
        self.number += 1
        self.waiting.append(Notice(topic, self.number, email, history_id, at))
        with suppress(RuntimeError):  # no loop yet: it goes with the first that finds one
            loop = asyncio.get_running_loop()
            while self.waiting:
                task = loop.create_task(self._deliver(self.waiting.popleft()))
                self._work.add(task)
                task.add_done_callback(self._work.discard)

    async def delivered(self) -> None:
        """Return when everything published was taken."""
        while self._work:
            await asyncio.wait(set(self._work))

    async def close(self) -> None:
        for task in tuple(self._work):
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    async def _deliver(self, notice: Notice) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_ACK_SECONDS)) as session:
            attempt = 0
            while not await self._try(session, notice):
                await asyncio.sleep(self.pauses[min(attempt, len(self.pauses) - 1)])
                attempt += 1
        self.taken.append(notice)

    async def _try(self, session: aiohttp.ClientSession, notice: Notice) -> bool:
        self.tries += 1
        headers = {"Authorization": f"Bearer {self.token(notice.topic)}", "User-Agent": "APIs-Google"}
        try:
            async with session.post(notice.topic.endpoint, json=notice.envelope(), headers=headers) as answer:
                return answer.status in _TAKEN
        except (aiohttp.ClientError, TimeoutError):
            return False
