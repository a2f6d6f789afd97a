"""The worker: says in Slack what is due, until it is told to stop."""

import asyncio
import signal
import sys

from bot.worker import work
from tracker.assembly import opened_store
from tracker.logs import set_up_logs
from tracker.metering import metered
from tracker.settings import Settings, WrongSetting, load_settings
from tracker.store.errors import CannotOpen
from tracker.upkeep import kept_up


async def until_stopped(settings: Settings) -> None:
    """Work until SIGTERM or Ctrl-C. Raises CannotOpen, WrongSetting."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with opened_store(settings) as store, metered(settings, store), kept_up(settings, store):
        await work(settings, store, stop)


def main() -> None:
    try:
        settings = load_settings()
        set_up_logs(settings.log_format)
        asyncio.run(until_stopped(settings))
    except (WrongSetting, CannotOpen) as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()
