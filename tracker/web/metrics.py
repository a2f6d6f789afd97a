"""`/metrics`: the figures of this process and of what it can see, for who may read them."""

import asyncio
from dataclasses import dataclass
from hmac import compare_digest
from ipaddress import ip_address
from pathlib import Path

from aiohttp import web
from prometheus_client import CollectorRegistry

from tracker.clock import Clock, utc_now
from tracker.vitals import Queues, VitalSigns
from tracker.web.count_meters import CountMeters
from tracker.web.disk_meters import DiskMeters
from tracker.web.guards import plain_address
from tracker.web.meters import CONTENT_TYPE, text_of
from tracker.web.queue_meters import QueueMeters
from tracker.web.refreshing import Refreshing
from tracker.web.vital_meters import VitalMeters

# What reverse proxies and tunnels add. A request with one of them came from elsewhere, whoever handed it to us.
_HANDED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via")
_NOT_FROM_HERE = (
    "The figures are for this machine alone. To read them from elsewhere, set METRICS_TOKEN and send"
    " 'Authorization: Bearer' with it.\n"
)
_WRONG_TOKEN = "The figures need 'Authorization: Bearer' with the value of METRICS_TOKEN.\n"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where figures come from beside this process's own counts, and the token of who may read them from elsewhere."""

    vitals: VitalSigns | None = None
    queues: Queues | None = None
    folder: Path | None = None
    token: str = ""


class Metrics:
    def __init__(self, registry: CollectorRegistry, sources: Sources, clock: Clock = utc_now) -> None:
        self._registry = registry
        self._token = sources.token.encode()
        registry.register(CountMeters())
        self._asked: list[Refreshing] = []
        if sources.vitals:
            self._asked.append(VitalMeters(registry, sources.vitals, clock))
        if sources.queues:
            self._asked.append(QueueMeters(registry, sources.queues, clock))
        if sources.folder:
            self._asked.append(DiskMeters(registry, sources.folder))

    async def answer(self, request: web.Request) -> web.Response:
        if self._token and not self._knows_the_token(request):
            return web.Response(text=_WRONG_TOKEN, status=401, headers={"WWW-Authenticate": "Bearer"})
        if not self._token and not _from_this_machine(request):
            return web.Response(text=_NOT_FROM_HERE, status=403)
        await asyncio.gather(*(one.refresh() for one in self._asked))
        return web.Response(body=text_of(self._registry).encode(), headers={"Content-Type": CONTENT_TYPE})

    def _knows_the_token(self, request: web.Request) -> bool:
        said = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        return compare_digest(said, b"Bearer " + self._token)


def _from_this_machine(request: web.Request) -> bool:
    try:
        here = ip_address(plain_address(request.remote) or "").is_loopback
    except ValueError:
        return False  # a socket without an address: whoever is behind it
    return here and not any(name in request.headers for name in _HANDED_ON)
