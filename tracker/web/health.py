"""For whoever watches over the process: is it alive, can it record."""

import structlog
from aiohttp import web

from tracker.ports import Intake

log = structlog.get_logger()


class Health:
    """Answers `/healthz` and `/readyz`."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def ready(self, _: web.Request) -> web.Response:
        reason = await self._intake.healthy()
        if reason is None:
            return _plain("can record")
        # The database's own words may name its server and its user, and anybody may ask here.
        log.error("cannot_record", reason=reason)
        return _plain("cannot record; the log of the web process says why", status=503)


async def alive(_: web.Request) -> web.Response:
    return _plain("alive")


def _plain(text: str, status: int = 200) -> web.Response:
    return web.Response(text=f"{text}\n", status=status, headers={"Cache-Control": "no-store"})
