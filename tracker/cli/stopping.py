"""When a process that runs on is told to stop."""

import asyncio
import signal


def stopped_by_signals() -> asyncio.Event:
    """Set by SIGTERM and by Ctrl-C, from now on."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
