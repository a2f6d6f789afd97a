"""A process of its own that records hits about a copy: one line is printed for each batch that is in the database."""

import asyncio
import sys
from dataclasses import replace

from tests.makers import an_alert
from tests.ports.givens import judged_hit
from tracker.ports import Recorded, Stale, TryLater
from tracker.store.opening import open_store

_HITS_A_BATCH = 5


async def hammer(database_url: str, copy_id: str, batches: int) -> None:
    """Record batches of hits, each with an alert, and print the name of each batch once it is recorded."""
    async with await open_store(database_url, [bytes(32)]) as store:
        done = 0
        while done < batches:
            history = (await store.hits.histories([copy_id]))[copy_id]
            judged = tuple(judged_hit(history.copy) for _ in range(_HITS_A_BATCH))
            summary = replace(history.summary, opens=history.summary.opens + _HITS_A_BATCH)
            about = {"account_id": history.account.id, "message_id": history.message.id, "copy_id": copy_id}
            alert = an_alert(**about, key=judged[0].hit.id)
            try:
                await store.hits.record([Recorded(copy_id, history.version, judged, summary, (alert,))])
            except (Stale, TryLater):
                continue  # somebody else was faster: read again
            done += 1
            print(alert.key, flush=True)


if __name__ == "__main__":
    asyncio.run(hammer(sys.argv[1], sys.argv[2], int(sys.argv[3])))
