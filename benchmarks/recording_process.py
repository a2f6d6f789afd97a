"""A recorder that ends when nothing waits, and prints what it took: `python -m benchmarks.recording_process URL`."""

import asyncio
import json
import sys
import time
from datetime import timedelta

import uvloop

from benchmarks.web_process import ENCRYPTION_KEY
from tracker.classify.forwards import passed_on
from tracker.clock import utc_now
from tracker.garbage import keep_what_is_loaded
from tracker.judging import judge
from tracker.recording import Recorder, Recording
from tracker.store.intake import open_intake
from tracker.store.opening import open_store


async def _main(url: str) -> None:
    async with await open_store(url, [ENCRYPTION_KEY]) as store:
        intake = await open_intake(url)
        recorder = Recorder(intake, Recording(store.hits, judge, timedelta(seconds=5), utc_now, passed_on))
        keep_what_is_loaded()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        hits, began, used = 0, time.perf_counter(), time.process_time()
        while taken := await recorder.step():
            hits += taken
        took = {"hits": hits, "seconds": time.perf_counter() - began, "cpu": time.process_time() - used}
        print(json.dumps(took), flush=True)
        await intake.close()


if __name__ == "__main__":
    uvloop.run(_main(sys.argv[1]))
