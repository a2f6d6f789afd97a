"""Chores: what is done again and again beside everything else."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

log = structlog.get_logger()


async def again_and_again(name: str, chore: Callable[[], Awaitable[object]], pause: timedelta) -> None:
    """Do a chore until cancelled; one that fails is logged and done again after the pause."""
    while True:
        try:
            await chore()
        # A chore that fails (a database away, Google's bad hour) must not end the process and the other chores.
        except Exception:
            log.exception("a chore failed and will be done again", chore=name, in_seconds=pause.total_seconds())
        await asyncio.sleep(pause.total_seconds())
