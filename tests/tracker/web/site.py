"""A site on a free port for tests, its intake in memory, spoken to in raw bytes where HTTP clients are too polite."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, web

from tracker.model import Hit
from tracker.ports import DocumentShelf, Unrecordable
from tracker.tokens import Tokens
from tracker.web.app import build_app
from tracker.web.guards import IpNetwork
from tracker.web.serving import serve

TOKENS = Tokens(["a key for tests only"])
COPY = "00112233445566ff"


@dataclass
class MemoryIntake:
    """Keeps hits for as long as the test runs, or refuses them for the reason it was given, or waits as it was told."""

    hits: list[Hit] = field(default_factory=list)
    refuses: Exception | None = None
    holds: asyncio.Event | None = None

    def append(self, hit: Hit) -> asyncio.Future[None]:
        return asyncio.ensure_future(self._append(hit))

    async def _append(self, hit: Hit) -> None:
        if self.holds:
            await self.holds.wait()
        if self.refuses:
            raise self.refuses
        self.hits.append(hit)

    async def take(self, limit: int) -> Sequence[Hit]:
        return self.hits[:limit]

    async def done(self, hit_ids: Sequence[str]) -> None:
        self.hits = [hit for hit in self.hits if hit.id not in hit_ids]

    async def wait(self, seconds: float) -> None: ...

    async def healthy(self) -> str | None:
        return str(self.refuses) if self.refuses else None

    async def close(self) -> None: ...


@dataclass
class Site:
    intake: MemoryIntake
    port: int
    http: ClientSession

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def raw(self, request: bytes) -> bytes:
        """All that the server answers to these bytes until it hangs up, or is silent for a second."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        answer = b""
        try:
            for start in range(0, len(request), 65536):
                writer.write(request[start : start + 65536])
                await writer.drain()
            async with asyncio.timeout(1):
                while piece := await reader.read(65536):
                    answer += piece
        except (TimeoutError, ConnectionError):
            pass
        finally:
            writer.close()
        return answer


@asynccontextmanager
async def running_site(
    trusted_proxies: Sequence[IpNetwork] = (),
    doors: Iterable[web.RouteDef] = (),
    refuses: str = "",
    shelf: DocumentShelf | None = None,
    intake: MemoryIntake | None = None,
) -> AsyncIterator[Site]:
    intake = intake or MemoryIntake(refuses=Unrecordable(refuses) if refuses else None)
    runner = await serve(build_app(intake, TOKENS, trusted_proxies, doors, shelf=shelf), "127.0.0.1", 0)
    async with ClientSession(auto_decompress=False) as http:
        yield Site(intake, runner.addresses[0][1], http)
    await runner.cleanup()
