"""Watching: Gmail is asked to tell us of changes, anew before each watch runs out, and to stop when nobody wants it."""

import asyncio
from datetime import datetime, timedelta
from zlib import crc32

import structlog

from tracker.clock import Clock
from tracker.granting import Granting
from tracker.mailbox import Mailbox, Mailboxes, NotGranted, TopicClosed, Watched
from tracker.model import Account
from tracker.ports import NotAuthorized, Refused, TryLater
from tracker.watching import Watch, WatchBook

log = structlog.get_logger()

RENEWED_WITH_LEFT = timedelta(days=6)  # of seven: Google asks for once a day
_SPREAD = timedelta(hours=4)  # so that all who connected on one day are not renewed in one minute
_LEAST_PAUSE = timedelta(hours=1)
_CLAIMED_FOR = timedelta(minutes=10)  # a killed worker's account waits as long
_AFTER_REFUSAL = timedelta(days=1)
_STOPPED_WITHIN = 5.0  # seconds: somebody waits to be forgotten
_TOPIC_AGAIN = timedelta(minutes=10)


class Watching:
    """Keeps every connected mailbox watched for one topic; for none (""), none is watched."""

    def __init__(self, watches: WatchBook, mailboxes: Mailboxes, granting: Granting, topic: str, clock: Clock) -> None:
        self._watches = watches
        self._mailboxes = mailboxes
        self._granting = granting
        self._topic = topic
        self._clock = clock
        self._told_of_topic = False

    async def run_once(self) -> int:
        """Ask for every account that is due; how many are watched anew."""
        if not self._topic:
            while unwanted := await self._watches.release():
                await stop(self._mailboxes, unwanted.account)
            return 0
        watched = 0
        while due := await self._watches.claim(self._topic, self._clock(), self._clock() + _CLAIMED_FOR):
            try:
                watched += await self._renew(due)
            except TopicClosed as closed:
                # It is closed for all; this account is asked for again soon, and says when it is open.
                self._say_once(closed)
                until = due.until if due.topic == self._topic else None
                await self._watches.keep(Watch(due.account, self._topic, until), self._clock() + _TOPIC_AGAIN)
                break
        return watched

    async def _renew(self, due: Watch) -> bool:
        """Raises TopicClosed."""
        account, now = due.account, self._clock()
        if not account.may_follow:
            await self._watches.keep(Watch(account, self._topic), now + _AFTER_REFUSAL)
            return False
        try:
            until = (await _watched(await self._mailboxes.of(account), self._topic)).until
        except NotAuthorized:
            await self._granting.withdrawn(account)
            return False
        except TryLater as passing:
            log.warning("mailbox_not_watched_now", account=account.id, reason=str(passing))
            return False  # the claim ends in some minutes
        except TopicClosed:
            raise
        except Refused as refusal:
            # A grant to send alone may not be watched: polling says so.
            log.info("mailbox_not_watched", account=account.id, reason=str(refusal))
            await self._watches.keep(Watch(account, self._topic), now + _AFTER_REFUSAL)
            return False
        self._told_of_topic = False
        await self._watches.keep(Watch(account, self._topic, until), _due(account, until, now))
        log.info("mailbox_watched", account=account.id, until=until.isoformat())
        return True

    def _say_once(self, closed: TopicClosed) -> None:
        if not self._told_of_topic:
            self._told_of_topic = True
            log.error(
                "push_topic_closed", reason=str(closed), what_to_do=mending(self._topic, closed), meanwhile="polling"
            )


async def stopped(mailboxes: Mailboxes, watches: WatchBook, account: Account) -> None:
    """Have Gmail tell of the account's changes no more, if it does; what it is not told ends by itself in a week."""
    watch = await watches.of(account.id)
    if watch and watch.topic:
        await stop(mailboxes, account)


async def stop(mailboxes: Mailboxes, account: Account) -> None:
    try:
        async with asyncio.timeout(_STOPPED_WITHIN):
            await (await mailboxes.of(account)).stop_watch()
    except (NotAuthorized, Refused, TryLater, TimeoutError) as why:
        log.info("watch_not_stopped", account=account.id, reason=str(why))


def mending(topic: str, closed: TopicClosed) -> str:
    """The command that opens a topic."""
    _, project, _, name = topic.split("/")
    if closed.missing:
        return f"gcloud pubsub topics create {name} --project={project}"
    return (
        f"gcloud pubsub topics add-iam-policy-binding {name} --project={project}"
        " --member=serviceAccount:gmail-api-push@system.gserviceaccount.com --role=roles/pubsub.publisher"
    )


async def _watched(mailbox: Mailbox, topic: str) -> Watched:
    try:
        return await mailbox.watch(topic)
    except (TopicClosed, NotGranted):
        raise
    except Refused:
        # Gmail tells one topic of ours at a time, and refuses another one until it is told to stop.
        await mailbox.stop_watch()
        return await mailbox.watch(topic)


def _due(account: Account, until: datetime, now: datetime) -> datetime:
    early = _SPREAD * (crc32(account.id.encode()) % 1000) / 1000
    # Should Gmail once watch for less, or its clock be another: not again at once, and again, and again.
    return max(until - RENEWED_WITH_LEFT - early, now + _LEAST_PAUSE)
