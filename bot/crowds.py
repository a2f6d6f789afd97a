"""Crowds: when too many things ring for one person at once, one message speaks for them.

What comes faster than Slack takes it is a flood, and told so until a minute has
been calm. A mail without a card gets none from it: its next news say it anew, with all
that happened. A card that stands already is edited as ever.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.floods import JUST_NOW, Floods
from tracker.clock import Clock, new_id
from tracker.model import Alert, AlertKind, LeasedAlerts, Post
from tracker.ports import AlertFeed
from tracker.ringing import RINGING

MOST = 5  # messages at once that a phone may buzz with
_SUSPICIOUS = 3  # from here on it is worth looking how many more there are
_ALL = 500
_TOGETHER = timedelta(minutes=10)  # crowds within this are one message, edited
_QUIET = (AlertKind.CORRECTED, AlertKind.AFTER_REPLY, AlertKind.LINE)

log = structlog.get_logger()


Asleep = Callable[[str], Awaitable[bool]]


async def nobody_sleeps(account_id: str) -> bool:
    """For a relay that knows of no quiet hours."""
    return False


class Crowds:
    """`asleep` tells whether an account's owner hears nothing now: what waits is told together when they wake."""

    def __init__(self, feed: AlertFeed, clock: Clock, asleep: Asleep = nobody_sleeps) -> None:
        self._feed = feed
        self._clock = clock
        self._asleep = asleep
        self._floods = Floods()

    async def thinned(
        self, taken: Sequence[LeasedAlerts], busy: Mapping[str, int], until: datetime
    ) -> Sequence[LeasedAlerts]:
        """What is left to be told one by one. `busy` counts the topics of each account that are being told already."""
        now = self._clock()
        of_account: dict[str, list[LeasedAlerts]] = defaultdict(list)
        for leased in taken:
            of_account[leased.alerts[0].account_id].append(leased)
        left: list[LeasedAlerts] = []
        for account_id, mine in of_account.items():
            number, told = len(mine), len(self._floods.told(account_id, now))
            few = number + busy.get(account_id, 0) < _SUSPICIOUS and number + told <= MOST
            calm = few and not self._floods.last(account_id, now)
            if not calm and not await self._asleep(account_id):
                mine = [*await self._condensed(account_id, mine, until)]
            self._floods.tell(account_id, (leased.topic for leased in mine), now)
            left += mine
        return left

    async def _condensed(
        self, account_id: str, mine: Sequence[LeasedAlerts], until: datetime
    ) -> Sequence[LeasedAlerts]:
        now = self._clock()
        together = [*mine, *await self._feed.lease(now, until, _ALL, account_id)]
        topics = [leased.topic for leased in together]
        told = set(self._floods.told(account_id, now)).difference(topics)
        posts = await self._feed.posts_of([*topics, *told])
        ring = [leased for leased in together if _rings(leased, posts)]
        rung = sum(_is_new(posts.get(topic), now) for topic in told)
        if not ring or (len(ring) + rung <= MOST and not self._floods.last(account_id, now)):
            return together
        self._floods.rise(account_id, now)
        crowd = _crowd(account_id, await self._recent(account_id, now) or new_id(), now)
        then = [_redraw(leased, crowd) for leased in ring if leased.topic in posts]
        number = await self._feed.condense(ring, now, crowd, then)
        log.info("alerts_condensed", account=account_id, topics=number, crowd=crowd.crowd_id)
        return [leased for leased in together if leased not in ring]

    async def _recent(self, account_id: str, now: datetime) -> str | None:
        """The crowd whose message is young enough to speak for these, too."""
        crowd_id = await self._feed.crowd_since(account_id, now - _TOGETHER)
        post = await self._feed.post_of(f"crowd:{crowd_id}") if crowd_id else None
        old = post and post.drawn_at and now - post.drawn_at > _TOGETHER
        return None if old else crowd_id


def _rings(leased: LeasedAlerts, posts: Mapping[str, Post]) -> bool:
    """Whether it would be a new message. What may have been said already is looked for one by one."""
    first, kinds = leased.alerts[0], {alert.kind for alert in leased.alerts}
    if leased.in_doubt or first.message_id is None or kinds <= set(_QUIET):
        return False
    return leased.topic not in posts or not kinds.isdisjoint(RINGING)


def _is_new(post: Post | None, now: datetime) -> bool:
    """Whether what was told just now was a message of its own, or is about to be one, and not a card redrawn."""
    return post is None or (post.turn == 0 and post.drawn_at is not None and now - post.drawn_at < JUST_NOW)


def _crowd(account_id: str, crowd_id: str, now: datetime) -> Alert:
    alert_id = new_id()
    return Alert(alert_id, f"crowd:{alert_id}", AlertKind.CROWD, account_id, now, crowd_id=crowd_id)


def _redraw(leased: LeasedAlerts, crowd: Alert) -> Alert:
    """The card that stands shows what happened, though the crowd tells it."""
    first = leased.alerts[0]
    key = f"redraw:{crowd.id}:{first.message_id}"
    return Alert(new_id(), key, AlertKind.CORRECTED, first.account_id, crowd.due_at, message_id=first.message_id)
