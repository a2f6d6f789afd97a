"""The worker: says in Slack what is due, until it is told to stop."""

import asyncio
import signal
import sys

from bot.worker import work
from tracker.settings import Settings, WrongSetting, load_settings
from tracker.store.errors import CannotOpen
from tracker.store.opening import open_store


async def until_stopped(settings: Settings) -> None:
    """Work until SIGTERM or Ctrl-C. Raises CannotOpen."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    opened = await open_store(settings.database_url, [key.reveal() for key in settings.encryption_keys])
    async with opened as store:
        await work(settings, store, stop)


def main() -> None:
    try:
        asyncio.run(until_stopped(load_settings()))
    except (WrongSetting, CannotOpen) as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()
