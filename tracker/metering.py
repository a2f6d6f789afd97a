"""Metering: the figures of each process, on the web process' own port or on one of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from tracker.ports import Store
from tracker.settings import Settings, WrongSetting
from tracker.vitals import Queues
from tracker.web.health import alive
from tracker.web.meters import bare_registry
from tracker.web.metrics import Metrics, Sources

log = structlog.get_logger()


def sources_of(settings: Settings, store: Store, queues: Queues | None = None) -> Sources:
    return Sources(store.vitals, queues, settings.data_dir, settings.metrics_token.reveal())


@asynccontextmanager
async def metered(settings: Settings, store: Store, queues: Queues | None = None) -> AsyncIterator[None]:
    """Serve `/metrics` and `/healthz` while the block lasts, where a port is set. Raises WrongSetting."""
    if settings.worker_metrics_port is None:
        yield
        return
    host, port = settings.worker_metrics_port
    metrics = Metrics(bare_registry(), sources_of(settings, store, queues))
    app = web.Application()
    app.add_routes([web.get("/healthz", alive), web.get("/metrics", metrics.answer)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as refused:
        await runner.cleanup()
        raise WrongSetting(
            f"WORKER_METRICS_PORT: cannot listen on {host}:{port} ({refused.strerror}); expected a port that nobody"
            " uses: the worker and each `twotick record` on one machine need one each"
        ) from None
    log.info("metrics_served", host=host, port=port)
    try:
        yield
    finally:
        await runner.cleanup()
