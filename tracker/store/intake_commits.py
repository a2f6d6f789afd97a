"""Group commit: what gathers while one commit runs goes into the next, so that many hits share one fsync."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from tracker.counts import COMMITS, COMMITS_FAILED
from tracker.ports import Unrecordable
from tracker.store.intake_rows import Row

Commit = Callable[[Sequence[Row], Sequence[str]], Awaitable[None]]

QUEUE_LIMIT = 20_000  # rows that may wait: some 20 MB, and a second's work after the database is back
_PASSES = 20  # of the loop; a flood must not put off its own commit for ever
PATIENCE_SECONDS = 2.0  # how long a pixel may be kept waiting: mail clients give up on images soon after


@dataclass(eq=False, slots=True)
class _Batch:
    added: list[Row] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    waiters: list[asyncio.Future[None]] = field(default_factory=list)
    alarm: asyncio.TimerHandle | None = None

    def settle(self, failure: str | None) -> None:
        """Answer everybody who still waits."""
        if self.alarm:
            self.alarm.cancel()
        for waiter in self.waiters:
            if waiter.done():
                continue
            if failure is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(Unrecordable(failure))
        self.waiters = []


class GroupCommit:
    """One task that commits all that has gathered, then answers those who wait for it.

    There is no artificial delay (2 ms of it were measured to halve the throughput): a batch is what came in
    during the commit before it, and what is already at the door.
    """

    def __init__(self, commit: Commit, limit: int = QUEUE_LIMIT, patience: float = PATIENCE_SECONDS) -> None:
        self._commit = commit
        self._limit = limit
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._gathering = _Batch()
        self._something = asyncio.Event()
        self._overdue = False
        self._closed = False
        self._task = self._loop.create_task(self._run())

    def add(self, row: Row) -> asyncio.Future[None]:
        """A future that is done when the row is durable. Raises Unrecordable at once when it cannot be soon."""
        if len(self._gathering.added) >= self._limit:
            raise Unrecordable(f"{self._limit} hits are waiting to be written")
        waiter = self._join()
        self._gathering.added.append(row)
        return waiter

    def remove(self, names: Sequence[str]) -> asyncio.Future[None]:
        """A future that is done when these batches are gone. Raises Unrecordable."""
        waiter = self._join()
        self._gathering.removed.extend(names)
        return waiter

    def probe(self) -> asyncio.Future[None]:
        """A future that is done when a commit was; one with nothing to add leaves nothing. Raises Unrecordable."""
        return self._join()

    @property
    def waiting(self) -> int:
        """How many rows have gathered for the next commit."""
        return len(self._gathering.added)

    async def close(self) -> None:
        """Commit what has gathered, for as long as our patience lasts, then refuse everything."""
        self._closed = True
        self._something.set()
        await asyncio.wait([self._task], timeout=self._patience)
        self._task.cancel()
        self._gathering.settle("the intake is closed")

    def _join(self) -> asyncio.Future[None]:
        if self._closed:
            raise Unrecordable("the intake is closed")
        if self._overdue:
            raise Unrecordable(f"the database has not answered for {self._patience:g} seconds")
        batch = self._gathering
        if not batch.waiters:
            batch.alarm = self._loop.call_later(self._patience, self._give_up, batch)
            self._something.set()
        waiter = self._loop.create_future()
        batch.waiters.append(waiter)
        return waiter

    async def _run(self) -> None:
        while not (self._closed and not self._gathering.waiters):
            await self._something.wait()
            await self._let_in()
            self._something.clear()
            batch, self._gathering = self._gathering, _Batch()
            if batch.waiters:
                batch.settle(await self._failure_of(batch))
                self._overdue = False

    async def _let_in(self) -> None:
        """Wait for requests that the process has received and not read yet: passes of the loop, while they bring more.

        Those who were answered together ask again together; without this they fall into two halves,
        which commit in turn, and each hit pays for twice the fsyncs.
        """
        waiting = 0
        for _ in range(_PASSES):
            if len(self._gathering.waiters) == waiting:
                return
            waiting = len(self._gathering.waiters)
            await asyncio.sleep(0)

    async def _failure_of(self, batch: _Batch) -> str | None:
        try:
            with COMMITS.timing():
                await self._commit(batch.added, batch.removed)
        # A full disk, a lost connection, a lock, a damaged file: whatever it is, nobody may be told that it worked.
        except Exception as failure:
            COMMITS_FAILED.add()
            return f"{type(failure).__name__}: {failure}"
        return None

    def _give_up(self, batch: _Batch) -> None:
        self._overdue = True
        batch.settle(f"the database has not answered for {self._patience:g} seconds")
        if batch is self._gathering:
            # Nobody waits for these any more: keeping them would only delay those who come after the database is back.
            self._gathering = _Batch()
