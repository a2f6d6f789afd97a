"""Ticking: conversations with tracked mails carry ✓ Sent, and ✓✓ Opened as soon as anybody opened one of them."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

import structlog

from tracker.clock import Clock
from tracker.granting import Granting
from tracker.mailbox import Colour, Mailbox, Mailboxes, NameTaken, NotGranted
from tracker.model import AccountState
from tracker.ports import AccountBook, Missing, NotAuthorized, Refused, TryLater
from tracker.ticks import SHOWN, DueThread, Tick, TickBook, TickLabels

log = structlog.get_logger()

NAMES = {Tick.SENT: "✓ Sent", Tick.OPENED: "✓✓ Opened"}
# Out of Gmail's palette. A label brings its background along: these words are readable on it in light and dark.
COLOURS = {Tick.SENT: Colour("#434343", "#cccccc"), Tick.OPENED: Colour("#ffffff", "#0b804b")}
LEASE = timedelta(minutes=5)  # after a kill -9 another worker goes on then
_ANSWER_WITHIN = timedelta(minutes=1)
_AT_ONCE = 20  # conversations of a mailbox leased together
_MAILBOXES_AT_ONCE = 8
_BREATH = 0.25  # seconds between two moves: of what a mailbox may spend in a minute, sending needs the rest
# While Gmail does not do it; the last one repeats.
PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=1))


class Ticking:
    """Moves the labels of every mailbox that has something to move, none of them waiting for a slow one.

    A move that is made twice is the same move: whatever a crash left open is done again.
    """

    def __init__(
        self,
        ticks: TickBook,
        accounts: AccountBook,
        mailboxes: Mailboxes,
        granting: Granting,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._ticks = ticks
        self._accounts = accounts
        self._mailboxes = mailboxes
        self._granting = granting
        self._clock = clock
        self._sleep = sleep
        self._running: dict[str, asyncio.Task[None]] = {}
        self._few = asyncio.Semaphore(_MAILBOXES_AT_ONCE)

    async def begin(self) -> None:
        """Begin with the mailboxes that have something due; one that is still under way goes on."""
        self._running = {name: task for name, task in self._running.items() if not task.done()}
        for account_id in await self._ticks.waiting(self._clock()):
            if account_id not in self._running:
                self._running[account_id] = asyncio.create_task(self._work_off(account_id))

    async def ended(self) -> None:
        """Wait until what was begun is done."""
        await asyncio.gather(*self._running.values())

    async def close(self) -> None:
        """Stop in the middle of it: whoever works next goes on when the leases end."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _work_off(self, account_id: str) -> None:
        async with self._few:
            account = await self._accounts.by_id(account_id)
            if account is None or account.state is not AccountState.CONNECTED:
                await self._ticks.refuse(account_id)
                return
            try:
                mailbox = await self._mailboxes.of(account)
                while await self._some_moved(mailbox, account_id):
                    pass
            except NotAuthorized:
                await self._granting.withdrawn(account)
                await self._ticks.refuse(account_id)
            except NotGranted:
                log.info("ticks_not_granted", account=account_id)
                await self._ticks.refuse(account_id)
            except TryLater as passing:  # the database: Gmail's trouble is waited for where its lease is known
                log.warning("ticks_not_moved_now", account=account_id, why=str(passing))
            # A mailbox whose ticks cannot be moved, whatever the reason, must not end the moving of the others'.
            except Exception:
                log.exception("ticks_not_moved_now", account=account_id)

    async def _some_moved(self, mailbox: Mailbox, account_id: str) -> bool:
        """Whether there may be more to do at once. Raises NotAuthorized, NotGranted."""
        until = self._clock() + LEASE
        due = await self._ticks.lease(account_id, self._clock(), until, _AT_ONCE)
        for thread in due:
            if self._clock() > until - _ANSWER_WITHIN:
                return False  # the rest of the lease is too short: it ends, and is begun anew
            try:
                async with asyncio.timeout(_ANSWER_WITHIN.total_seconds()):
                    await self._see_to(mailbox, thread)
            except (NotAuthorized, NotGranted):
                raise
            except (TryLater, TimeoutError, Refused) as passing:
                await self._pause(thread, str(passing))
                return False
            # One conversation must not keep the others waiting, whatever is wrong with it: its lease runs out.
            except Exception:
                log.exception("tick_not_moved", account=account_id, thread=thread.thread_id)
        if due:
            await self._ticks.went_well(account_id)
        return bool(due)

    async def _pause(self, thread: DueThread, why: str) -> None:
        failures = (await self._ticks.labels(thread.account_id)).failures
        pause = PAUSES[min(failures, len(PAUSES) - 1)]
        log.warning("ticks_paused", account=thread.account_id, why=why, seconds=pause.total_seconds())
        await self._ticks.pause(thread.account_id, thread.lease, self._clock() + pause)

    async def _see_to(self, mailbox: Mailbox, thread: DueThread) -> None:
        if thread.wanted is not thread.shown:
            labels = await self._ticks.labels(thread.account_id)
            for tick in labels.missing:
                labels = await self._ticks.made(thread.account_id, tick, await _label(mailbox, tick))
            await self._move(mailbox, thread, labels)
            await self._sleep(_BREATH)
        await self._ticks.settle(thread, thread.wanted, self._clock())

    async def _move(self, mailbox: Mailbox, thread: DueThread, labels: TickLabels) -> None:
        """Put the wanted label on the conversation and take the other off, as far as its owner keeps them."""
        for _ in range(len(SHOWN) + 1):
            try:
                await mailbox.relabel_thread(thread.thread_id, *_ways(labels, thread.wanted))
            except NotGranted:
                raise
            except Refused as refusal:
                there = {label.id for label in await mailbox.labels()}
                gone = [tick for tick, label_id in labels.ids.items() if label_id not in there]
                if not gone:
                    _say_why(thread, refusal)
                    return
                for tick in gone:
                    log.info("tick_label_deleted", account=thread.account_id, label=NAMES[tick])
                    labels = await self._ticks.deleted(thread.account_id, tick, labels.ids[tick])
            else:
                return


def _ways(labels: TickLabels, wanted: Tick) -> tuple[Collection[str], Collection[str]]:
    """The labels to put on, and those to take off."""
    add = [label_id for tick, label_id in labels.ids.items() if tick is wanted]
    return add, [label_id for tick, label_id in labels.ids.items() if tick is not wanted]


def _say_why(thread: DueThread, refusal: Refused) -> None:
    """A conversation that is gone needs no tick; one that Gmail refuses for itself gets none."""
    if not isinstance(refusal, Missing):
        log.warning("tick_refused", account=thread.account_id, thread=thread.thread_id, why=str(refusal))


async def _label(mailbox: Mailbox, tick: Tick) -> str:
    """The label of a tick, made, or found where it is already: by another worker, before a crash, by its owner."""
    name = NAMES[tick]
    try:
        return (await mailbox.create_label(name, COLOURS[tick])).id
    except NameTaken:
        same = [one.id for one in await mailbox.labels() if one.own and one.name.casefold() == name.casefold()]
        if not same:
            raise
        return same[0]
