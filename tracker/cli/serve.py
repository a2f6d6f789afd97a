"""`twotick serve`: the web process. It answers pixels and links, records hits, and serves what doors bring."""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext, suppress

import structlog
import uvloop
from aiohttp import web

from tracker.addon import opened_addon
from tracker.assembly import (
    opened_connecting,
    opened_identities,
    opened_intake,
    opened_mailers,
    opened_store,
    recording_of,
    tokens_of,
)
from tracker.cli.failing import Failed
from tracker.cli.parsers import Commands
from tracker.cli.stopping import stopped_by_signals
from tracker.doors import Services, found_routes
from tracker.garbage import keep_what_is_loaded
from tracker.giving import Exporting
from tracker.logs import set_up_logs
from tracker.metering import sources_of
from tracker.ports import Identities, Intake, Store
from tracker.recording import Recorder
from tracker.reporting import Reporting
from tracker.settings import Settings, load_settings
from tracker.store.intake import CountedIntake
from tracker.web.app import build_app
from tracker.web.exports import export_routes
from tracker.web.google import google_routes
from tracker.web.push import push_routes
from tracker.web.serving import serve

log = structlog.get_logger()


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("serve", help="start the web process (the default)")
    parser.add_argument(
        "--no-recording", action="store_true", help="leave recording to `twotick record` and to other web processes"
    )
    parser.set_defaults(run=_run, runner=uvloop.run)


async def _run(arguments: Namespace) -> int:
    settings = load_settings()
    set_up_logs(settings.log_format)
    stop = stopped_by_signals()
    async with (
        opened_store(settings) as store,
        opened_intake(settings) as intake,
        opened_identities(settings) as identities,
        _services(settings, store, identities) as services,
        opened_addon(services, identities) as addon,
        nullcontext() if arguments.no_recording else _recorded(settings, store, intake),
        _served(services, intake, [*addon, *_push(services, identities)]),
    ):
        log.info("web_started", address=settings.public_url, host=settings.host, port=settings.port)
        await stop.wait()
    log.info("web_stopped")
    return 0


@asynccontextmanager
async def _recorded(settings: Settings, store: Store, intake: Intake) -> AsyncIterator[None]:
    recording = asyncio.create_task(Recorder(intake, recording_of(settings, store)).run())
    try:
        yield
    finally:
        # Cancelled in the middle of a batch it loses nothing: hits stay in the intake until they are recorded.
        recording.cancel()
        with suppress(asyncio.CancelledError):
            await recording


@asynccontextmanager
async def _services(settings: Settings, store: Store, identities: Identities) -> AsyncIterator[Services]:
    async with AsyncExitStack() as opened:
        mailboxes = await opened.enter_async_context(opened_mailers(settings, store)) if settings.gmail_ready else None
        connecting = await opened.enter_async_context(opened_connecting(settings, store, identities, mailboxes))
        yield Services(settings, store, Reporting(store.messages, store.hits), connecting, mailboxes)


def _push(services: Services, identities: Identities) -> list[web.RouteDef]:
    settings, watches = services.settings, services.store.watches
    if not settings.gmail_push_topic:
        return []
    return push_routes(watches, identities, settings.gmail_push_account, settings.public_url)


@asynccontextmanager
async def _served(services: Services, intake: CountedIntake, addon: Sequence[web.RouteDef]) -> AsyncIterator[None]:
    settings, connecting = services.settings, services.connecting
    doors = [*addon, *found_routes(services)]
    if connecting:
        doors += google_routes(connecting, settings.public_url, settings.trusted_proxies)
    exporting = Exporting(services.store.rights, settings.public_url)
    doors += export_routes(exporting, settings.trusted_proxies)
    store, sources = services.store, sources_of(settings, services.store, intake)
    app = build_app(intake, tokens_of(settings), settings.trusted_proxies, doors, shelf=store.shelf, sources=sources)
    try:
        runner = await serve(app, settings.host, settings.port)
    except OSError as refused:
        raise Failed(
            f"HOST and PORT: cannot listen on {settings.host}:{settings.port} ({refused.strerror});"
            " expected an address of this machine and a port that nobody uses. Is Twotick running already?"
        ) from None
    keep_what_is_loaded()
    beside = [asyncio.ensure_future(run()) for run in services.beside]
    try:
        yield
    finally:
        for running in beside:
            running.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await runner.cleanup()
