"""`twotick record`: a recorder alone, beside those in the web processes."""

import asyncio
from argparse import Namespace

import structlog
import uvloop

from tracker.assembly import opened_intake, opened_store, recording_of
from tracker.cli.parsers import Commands
from tracker.cli.stopping import stopped_by_signals
from tracker.garbage import keep_what_is_loaded
from tracker.logs import set_up_logs
from tracker.metering import metered
from tracker.recording import Recorder
from tracker.settings import load_settings

log = structlog.get_logger()


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("record", help="record hits, beside the web processes (with NATS_URL or postgres://)")
    parser.set_defaults(run=_run, runner=uvloop.run)


async def _run(_: Namespace) -> int:
    settings = load_settings()
    set_up_logs(settings.log_format)
    stop = stopped_by_signals()
    async with opened_store(settings) as store, opened_intake(settings) as intake, metered(settings, store, intake):
        keep_what_is_loaded()
        log.info("recorder_started")
        recording = asyncio.create_task(Recorder(intake, recording_of(settings, store)).run())
        await stop.wait()
        # Cancelled in the middle of a batch it loses nothing: hits stay in the intake until they are recorded.
        recording.cancel()
        await asyncio.gather(recording, return_exceptions=True)
    log.info("recorder_stopped")
    return 0
