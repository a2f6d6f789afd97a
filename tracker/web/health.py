"""For whoever watches over the process: is it alive, can it record, what did it count."""

import structlog
from aiohttp import web

from tracker.ports import Intake
from tracker.web.meters import CONTENT_TYPE, Meters
from tracker.web.vital_meters import VitalMeters

log = structlog.get_logger()


class Health:
    """Answers `/healthz`, `/readyz` and `/metrics`."""

    def __init__(self, intake: Intake, meters: Meters, vital: VitalMeters | None = None) -> None:
        self._intake = intake
        self._meters = meters
        self._vital = vital

    async def alive(self, _: web.Request) -> web.Response:
        return _plain("alive")

    async def ready(self, _: web.Request) -> web.Response:
        reason = await self._intake.healthy()
        if reason is None:
            return _plain("can record")
        # The database's own words may name its server and its user, and anybody may ask here.
        log.error("cannot_record", reason=reason)
        return _plain("cannot record; the log of the web process says why", status=503)

    async def metrics(self, _: web.Request) -> web.Response:
        if self._vital:
            await self._vital.refresh()
        return web.Response(body=self._meters.text().encode(), headers={"Content-Type": CONTENT_TYPE})


def _plain(text: str, status: int = 200) -> web.Response:
    return web.Response(text=f"{text}\n", status=status, headers={"Cache-Control": "no-store"})
