"""Google's certificates: fetched when needed, once however many wait for them, and kept as long as Google says."""

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from google.auth.crypt import RSAVerifier

from tracker.clock import Clock
from tracker.gmail.auth import exchange
from tracker.gmail.connections import Connections
from tracker.gmail.failures import Answer, Passing
from tracker.ports import TryLater

_SECONDS = 5.0  # Google gives an add-on's answer 30 s in all, and people less
_UNSAID = timedelta(minutes=5)
_LEAST, _MOST = timedelta(minutes=1), timedelta(days=1)
# A key that we have not seen may be Google's newest, or anybody's invention: it is worth one look a minute.
_LOOK_AGAIN = timedelta(minutes=1)
_AFTER_FAILURE = timedelta(seconds=2)


class Verifier(Protocol):
    def verify(self, message: bytes, signature: bytes) -> bool: ...


class Certificates:
    """Asks `url` for x509 certificates by key id, without ever holding up the event loop."""

    def __init__(self, connections: Connections, url: str, clock: Clock) -> None:
        self._connections = connections
        self._url = url
        self._clock = clock
        self._verifiers: Mapping[str, Verifier] = {}
        self._fetched_at = self._good_until = self._again_at = clock() - _MOST
        self._fetch_task: asyncio.Task[None] | None = None

    async def verifier(self, key_id: str) -> Verifier | None:
        """Checks signatures of Google's key of this id; None when Google has no such key. Raises TryLater."""
        if not self._settled(key_id):
            # Whoever waits may give up; the fetch goes on, or a slow answer would never be had.
            await asyncio.shield(self._fetching())
        return self._verifiers.get(key_id)

    def _settled(self, key_id: str) -> bool:
        """Whether what we have answers for this key: it is known, or we looked for it just now."""
        now = self._clock()
        return now < self._good_until and (key_id in self._verifiers or now < self._fetched_at + _LOOK_AGAIN)

    def _fetching(self) -> "asyncio.Future[None]":
        if self._fetch_task is None or self._fetch_task.done():
            self._fetch_task = asyncio.create_task(self._fetch())
            self._fetch_task.add_done_callback(_seen)
        return self._fetch_task

    async def close(self) -> None:
        """Give up a fetch that is under way."""
        if self._fetch_task:
            self._fetch_task.cancel()
            await asyncio.gather(self._fetch_task, return_exceptions=True)

    async def _fetch(self) -> None:
        if self._clock() < self._again_at:
            raise TryLater("Google's certificates could not be fetched just now.")
        self._again_at = self._clock() + _AFTER_FAILURE
        try:
            answer = await exchange(self._connections.transport(), "GET", self._url, None, {}, _SECONDS)
        except Passing as passing:
            raise passing.given_up() from None
        self._verifiers = _verifiers(answer)
        self._again_at = self._fetched_at = self._clock()
        self._good_until = self._fetched_at + _life(answer)


def _seen(task: asyncio.Task[None]) -> None:
    """Who waited for a failed fetch was told; when all of them gave up, nobody needs to be."""
    if not task.cancelled():
        task.exception()


def _verifiers(answer: Answer) -> dict[str, Verifier]:
    """Raises TryLater for anything but certificates, so that what we had stays."""
    try:
        if not answer.good:
            raise ValueError(answer.status)
        pems = dict(json.loads(answer.body))
        found = {str(key_id): _verifier(str(pem)) for key_id, pem in pems.items()}
    except (ValueError, TypeError, RecursionError):
        raise TryLater("Google's certificates could not be read.") from None
    if not found:
        raise TryLater("Google shows no certificates.")
    return found


def _verifier(pem: str) -> Verifier:
    verifier: Verifier = RSAVerifier.from_string(pem)  # type: ignore[no-untyped-call]
    return verifier


def _life(answer: Answer) -> timedelta:
    said = re.search(r"max-age=(\d{1,9})", answer.headers.get("cache-control", ""))
    spent = answer.headers.get("age", "0")
    seconds = int(said[1]) - int(spent[:9] if spent.isascii() and spent.isdigit() else 0) if said else None
    life = _UNSAID if seconds is None else timedelta(seconds=seconds)
    return min(max(life, _LEAST), _MOST)
