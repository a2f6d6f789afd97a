"""A web process for tests to kill: `python -m tests.flows.pixel_server DATABASE_URL [FILE_LIMIT]`; prints its port."""

import asyncio
import resource
import sys

import uvloop

from tracker.store.intake import open_intake
from tracker.tokens import Tokens
from tracker.web.app import build_app
from tracker.web.serving import serve

KEY = "a key for tests only"


async def _main(database_url: str, file_limit: str = "") -> None:
    intake = await open_intake(database_url)
    if file_limit:
        # No file may grow beyond this: to SQLite it looks like a disk that is full.
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(file_limit), int(file_limit)))
    runner = await serve(build_app(intake, Tokens([KEY])), "127.0.0.1", 0)
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_main(*sys.argv[1:]))
