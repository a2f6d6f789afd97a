"""Noting: a request becomes a hit and is kept, or is counted as not kept; its answer is never in danger."""

import asyncio
import time
from collections.abc import Callable, Mapping
from functools import partial

import structlog

from tracker.clock import Clock, new_timed_id, utc_now
from tracker.documents import document_in
from tracker.model import Hit, HitKind
from tracker.ports import Intake
from tracker.web.guards import ClientAddress, Fetch
from tracker.web.meters import DOCUMENT, Meters

log = structlog.get_logger()

_HEADER_LIMIT = 300
_AGENT_LIMIT = 1000
_LOG_EVERY_SECONDS = 10.0

# What a verdict is read from, and nothing else: a cookie or an authorization is never ours to keep, and of
# X-Forwarded-For we keep the one address that we believe.
_KEPT_NAMES = (
    "accept",
    "accept-encoding",
    "accept-language",
    "from",
    "purpose",
    "referer",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "sec-gpc",
    "sec-purpose",
    "upgrade-insecure-requests",
    "user-agent",
    "via",
    "x-moz",
    "x-purpose",
)
_KEPT = {name.encode(): (name, _AGENT_LIMIT if name == "user-agent" else _HEADER_LIMIT) for name in _KEPT_NAMES}


class Noting:
    """Keeps hits in the intake."""

    def __init__(self, intake: Intake, address: ClientAddress, meters: Meters, clock: Clock = utc_now) -> None:
        self._intake = intake
        self._address = address
        self._meters = meters
        self._clock = clock
        self._missed = 0
        self._silent_until = 0.0

    async def note(self, request: Fetch, kind: HitKind, copy_id: str, link: str | None = None) -> None:
        """Return once the hit is durable, or is counted as not stored."""
        meter = DOCUMENT if document_in(link) else kind
        try:
            await self._intake.append(self._hit(request, kind, copy_id, link))
            self._meters.stored[meter].inc()
        # Unrecordable, or a fault of our own: a mail must show its picture and a link must lead on, whatever it is.
        except Exception as reason:
            self._miss(meter, reason)

    def begin(self, request: Fetch, kind: HitKind, copy_id: str, then: Callable[[], object]) -> None:
        """Call `then` once the hit is durable, or is counted as not stored: what `note` does, without a task."""
        try:
            kept = self._intake.append(self._hit(request, kind, copy_id, None))
        except Exception as reason:
            self._miss(kind, reason)
            then()
        else:
            kept.add_done_callback(partial(self._end, kind, then))

    def _end(self, kind: HitKind, then: Callable[[], object], kept: asyncio.Future[None]) -> None:
        reason = kept.exception()
        if reason is None:
            self._meters.stored[kind].inc()
        elif isinstance(reason, Exception):
            self._miss(kind, reason)
        then()

    def foreign(self, kind: HitKind) -> None:
        """Count a token that we did not sign; it is not kept, so that nobody can fill our disk with made-up ones."""
        self._meters.foreign[kind].inc()

    def _hit(self, request: Fetch, kind: HitKind, copy_id: str, link: str | None) -> Hit:
        at = self._clock()
        return Hit(
            id=new_timed_id(at),
            at=at,
            kind=kind,
            copy_id=copy_id,
            method=request.method,
            ip=self._address(request),
            headers=kept_headers(request),
            link=link,
        )

    def _miss(self, meter: str, reason: Exception) -> None:
        self._meters.not_stored[meter].inc()
        self._missed += 1
        now = time.monotonic()
        if now >= self._silent_until:
            log.error(
                "hits are answered but not stored", reason=f"{type(reason).__name__}: {reason}", missed=self._missed
            )
            self._silent_until = now + _LOG_EVERY_SECONDS
            self._missed = 0


def kept_headers(request: Fetch) -> Mapping[str, str]:
    """The headers a verdict is read from: names in lower case, values bounded and decodable."""
    kept: dict[str, str] = {}
    for raw_name, value in request.raw_headers:
        found = _KEPT.get(raw_name.lower())
        if found and found[0] not in kept:
            kept[found[0]] = value[: found[1]].decode("utf-8", "replace")
    return kept
