"""Upkeep: what is done beside the answering, for as long as the worker runs. Each chore is one task."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from tracker.assembly import opened_mailers, recording_of, sending_of, tokens_of
from tracker.checkup.inside import WORKER
from tracker.chores import again_and_again
from tracker.clock import utc_now
from tracker.granting import Granting
from tracker.lookups.mail_systems import DnsMailSystems
from tracker.mailbox import Mailboxes
from tracker.ordering import Ordering
from tracker.ports import Store
from tracker.reminding import Reminding
from tracker.resealing import Resealing
from tracker.sending import Recovery
from tracker.settings import Settings
from tracker.steadiness import Steadiness
from tracker.syncing import Arming, BccOrders, NewsFromOutside, OwnAddresses, Rounds, Syncing, Watching
from tracker.ticking import Ticking
from tracker.tidying import Tidying

_RECOVERY_PAUSE = timedelta(minutes=1)
_ORDERS_PAUSE = timedelta(seconds=1)
_SENDERS = 4  # so that a mailbox that does not answer keeps few others waiting
_RESEALING_PAUSE = timedelta(minutes=10)  # a process with older keys may still add grants under them
_TICKS_PAUSE = timedelta(seconds=1)
_HEED_PAUSE = timedelta(seconds=0.5)  # one look into the database: who is told of news looks after it at once
_WATCHING_PAUSE = timedelta(minutes=1)
_TIDYING_PAUSE = timedelta(hours=1)
_BEAT_PAUSE = timedelta(seconds=30)
_REMINDING_PAUSE = timedelta(seconds=5)  # nobody waits for it to the second, and a look is one read of an index


@asynccontextmanager
async def kept_up(settings: Settings, store: Store) -> AsyncIterator[None]:
    """While the block lasts, destroy what is old, arm what a crash left unarmed, send what was ordered."""
    always = (_tidy(settings, store), _remind(store), _beat(store), _reseal(store))
    chores = [asyncio.create_task(chore) for chore in always]
    if settings.gmail_ready:
        chores.append(asyncio.create_task(_keep_gmail_up(settings, store)))
    try:
        yield
    finally:
        for chore in chores:
            chore.cancel()
        await asyncio.gather(*chores, return_exceptions=True)


async def _tidy(settings: Settings, store: Store) -> None:
    raw_for, everything_for = timedelta(hours=settings.raw_hit_hours), timedelta(days=settings.retention_days)
    tidying = Tidying(
        store.messages, store.hits, store.orders, raw_for, everything_for, utc_now, store.shelf, store.invitations
    )
    steadiness = Steadiness(utc_now)

    async def tidy() -> None:
        if steadiness.trusted():
            await tidying.run_once()

    await again_and_again("tidying", tidy, _TIDYING_PAUSE)


async def _beat(store: Store) -> None:
    async def beat() -> None:
        await store.vitals.beat(WORKER, utc_now())

    await again_and_again("the sign of life", beat, _BEAT_PAUSE)


async def _remind(store: Store) -> None:
    reminding = Reminding(store.reminders, store.messages, store.preferences, utc_now, store.following)
    await again_and_again("reminding", reminding.run_once, _REMINDING_PAUSE)


async def _reseal(store: Store) -> None:
    await again_and_again(
        "encrypting grants anew",
        Resealing(store.accounts, store.installations, store.orders).run_once,
        _RESEALING_PAUSE,
    )


def rounds_of(settings: Settings, store: Store, mailboxes: Mailboxes) -> Rounds:
    recording, own = recording_of(settings, store), OwnAddresses(utc_now)
    systems, tokens = DnsMailSystems(store.mail_systems, utc_now), tokens_of(settings)
    quiet, pause = timedelta(seconds=settings.draft_quiet_seconds), timedelta(seconds=settings.gmail_poll_seconds)
    arming = Arming(store.following, store.messages, systems, tokens, recording.judge_again)
    news = NewsFromOutside(store.following, recording, own, utc_now)
    orders = BccOrders(store.drafts, store.orders, store.preferences, store.messages, own, utc_now, quiet)
    syncing = Syncing(store.following, mailboxes, arming, news, orders, utc_now)
    granting = Granting(store.accounts, utc_now)
    topic = settings.gmail_push_topic
    return Rounds(store.accounts, store.watches, syncing, granting, utc_now, pause, quiet, topic)


async def _follow_mailboxes(settings: Settings, rounds: Rounds) -> None:
    try:
        async with asyncio.TaskGroup() as chores:
            pause = timedelta(seconds=settings.gmail_poll_seconds)
            chores.create_task(again_and_again("following mailboxes", rounds.begin, pause))
            chores.create_task(again_and_again("heeding what Gmail told", rounds.heed, _HEED_PAUSE))
    finally:
        await rounds.close()


async def _move_ticks(store: Store, mailboxes: Mailboxes) -> None:
    ticking = Ticking(store.ticks, store.accounts, mailboxes, Granting(store.accounts, utc_now), utc_now)
    try:
        await again_and_again("moving ticks", ticking.begin, _TICKS_PAUSE)
    finally:
        await ticking.close()


async def _keep_gmail_up(settings: Settings, store: Store) -> None:
    async with opened_mailers(settings, store) as mailers, asyncio.TaskGroup() as chores:
        sending, granting = sending_of(settings, store, mailers), Granting(store.accounts, utc_now)
        recovery = Recovery(store.accounts, store.messages, sending, granting, utc_now)
        chores.create_task(again_and_again("recovering interrupted sendings", recovery.run_once, _RECOVERY_PAUSE))
        mark_text = tokens_of(settings).pixel
        ordering = Ordering(store.orders, store.accounts, mailers, sending, granting, mark_text, utc_now)
        chores.create_task(_follow_mailboxes(settings, rounds_of(settings, store, mailers)))
        chores.create_task(_move_ticks(store, mailers))
        watching = Watching(store.watches, mailers, granting, settings.gmail_push_topic, utc_now)
        chores.create_task(again_and_again("watching mailboxes", watching.run_once, _WATCHING_PAUSE))
        for _ in range(_SENDERS):
            chores.create_task(again_and_again("sending what was ordered", ordering.run_once, _ORDERS_PAUSE))
