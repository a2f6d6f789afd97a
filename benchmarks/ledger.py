"""Fetches pixels at a steady rate, each from an address of its own, and writes down which answers are promises.

A pixel is always answered, kept or not; the process counts what it did not
keep. An answer between two looks at that counter is a promise when it did not
rise. A process that is killed takes its last count with it: its answers since
the last look are promises only when it never logged that it missed any.
"""

import asyncio
import contextlib
import random
import re
import time
from dataclasses import dataclass, field

import aiohttp

from benchmarks.fleet import Fleet, Member
from tests.makers import OUTLOOK
from tracker.web.pixel import GIF

_LOOK_SECONDS = 0.1
_MISSED = b"answered but not stored"


@dataclass(slots=True)
class Life:
    """One web process from its start to its end: its answers, and the looks at its counter."""

    member: Member
    log_starts: int
    answers: list[tuple[float, str]] = field(default_factory=list)
    looks: list[tuple[float, float, int]] = field(default_factory=list)  # asked, answered, number not stored
    log_ends: int | None = None

    def promised(self) -> tuple[list[str], list[str]]:
        """The addresses whose hits must be there, and those that we cannot know of."""
        safe: list[str] = []
        unsure: list[str] = []
        complained = _MISSED in self.member.log.read_bytes()[self.log_starts : self.log_ends]
        for at, address in self.answers:
            before = [count for _, answered, count in self.looks if answered < at - 3]  # a pixel takes 2 s at most
            after = [count for asked, _, count in self.looks if asked > at]
            kept = after[0] == (before[-1] if before else 0) if after else not complained
            (safe if kept else unsure).append(address)
        return safe, unsure


class Ledger:
    """What was asked of whom, and what came back."""

    def __init__(self, fleet: Fleet, rate: float, seed: int) -> None:
        self._fleet = fleet
        self._rate = rate
        self._random = random.Random(seed)
        self._lives = {member.name: Life(member, 0) for member in fleet.webs}
        self._past: list[Life] = []
        self.asked = 0
        self.unanswered = 0
        self.latencies: list[float] = []

    @property
    def lives(self) -> list[Life]:
        return [*self._past, *self._lives.values()]

    @property
    def answered(self) -> int:
        return sum(len(life.answers) for life in self.lives)

    def died(self, member: Member) -> None:
        """The process is gone; what follows is another life of it."""
        life, size = self._lives[member.name], member.log.stat().st_size
        life.log_ends = size
        self._past.append(life)
        self._lives[member.name] = Life(member, size)

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch and look until told to stop, then once more look."""
        # A connection for each fetch: aiohttp would repeat a fetch whose kept connection broke.
        connector = aiohttp.TCPConnector(force_close=True, limit=0)
        timeout = aiohttp.ClientTimeout(total=6)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as http:
            looking = asyncio.create_task(self._look(http))
            async with asyncio.TaskGroup() as tasks:
                start = time.perf_counter()
                while not stop.is_set():
                    await asyncio.sleep(max(0.0, start + self.asked / self._rate - time.perf_counter()))
                    self.asked += 1
                    tasks.create_task(self._fetch(http, self.asked))
            await asyncio.sleep(3 * _LOOK_SECONDS)
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def _fetch(self, http: aiohttp.ClientSession, number: int) -> None:
        life = self._lives[self._random.choice(self._fleet.webs).name]
        token, address = self._random.choice(self._fleet.tokens), _address(number)
        headers = {"User-Agent": OUTLOOK, "X-Forwarded-For": address}
        url, started = f"http://127.0.0.1:{life.member.port}/o/{token}.gif", time.perf_counter()
        try:
            async with http.get(url, headers=headers) as answer:
                whole = await answer.read() == GIF
        except (aiohttp.ClientError, TimeoutError):
            whole = False
        if whole:
            # Who was started again while we waited is not who answered: a connection dies with its process.
            life.answers.append((time.perf_counter(), address))
            self.latencies.append(time.perf_counter() - started)
        else:
            self.unanswered += 1

    async def _look(self, http: aiohttp.ClientSession) -> None:
        while True:
            await asyncio.gather(*(self._look_at(http, life) for life in list(self._lives.values())))
            await asyncio.sleep(_LOOK_SECONDS)

    async def _look_at(self, http: aiohttp.ClientSession, life: Life) -> None:
        asked = time.perf_counter()
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with http.get(f"http://127.0.0.1:{life.member.port}/metrics") as answer:
                text = await answer.text()
            found = re.search(r'^twotick_hits_not_stored_total\{kind="open"\} (.+)$', text, re.MULTILINE)
            if found:
                life.looks.append((asked, time.perf_counter(), int(float(found[1]))))


def _address(number: int) -> str:
    return f"90.{number // 62500 % 250}.{number // 250 % 250}.{number % 250 + 1}"
