"""The intake: hits in by group commit, out oldest first, gone when they are done."""

import asyncio
from collections.abc import Sequence

from tracker.model import Hit
from tracker.ports import Unrecordable
from tracker.store.intake_commits import GroupCommit
from tracker.store.intake_rows import Row, Rows, hit_of, row_of

_PROBE = Row("probe", ())


class DurableIntake:
    """Keeps hits in one engine's rows."""

    def __init__(self, rows: Rows, commits: GroupCommit) -> None:
        self._rows = rows
        self._commits = commits
        self._something = asyncio.Event()
        # What was left by the last run of the process waits to be taken too.
        self._something.set()

    async def append(self, hit: Hit) -> None:
        await self._commits.add(row_of(hit))
        self._something.set()

    async def take(self, limit: int) -> Sequence[Hit]:
        return [hit_of(row_id, facts) for row_id, facts in await self._rows.oldest(limit)]

    async def done(self, hit_ids: Sequence[str]) -> None:
        if hit_ids:
            await self._commits.remove(hit_ids)

    async def wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._something.wait()
        except TimeoutError:
            return
        self._something.clear()

    async def healthy(self) -> str | None:
        try:
            await self._commits.probe(_PROBE)
        except Unrecordable as reason:
            return str(reason)
        return None

    async def close(self) -> None:
        await self._commits.close()
        await self._rows.close()
