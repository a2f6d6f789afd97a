"""Telling one topic in Slack: its card is said or edited, and beside it at most one message more.

The card stays where it was first said, and is edited. What is worth a phone's
buzz later on is a short message of its own, and the card's thread has a line
for everything else. Whether a card stands, only the holder of its topic knows:
so one lease tells all of it, in an order that can be gone through again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.beside import Beside
from bot.outage import Outage
from bot.pacing import Pace
from bot.ports import NoAnswer, NotReached, Slack, TooFast
from bot.quiet import Quiet
from bot.saying import Saying, ToSay
from bot.scribe import Scribe, Told, Topic
from tracker.clock import Clock, new_id
from tracker.model import Alert, AlertKind, LeasedAlerts, Post
from tracker.ports import AlertFeed
from tracker.reporting import Story

_SOON = timedelta(seconds=3)  # a turn further off is not waited for: others may speak meanwhile
_OWNER_PAUSE = timedelta(seconds=15)  # Slack itself is asked more rarely
_CHANGES_THE_CARD = (AlertKind.REPLIED, AlertKind.BOUNCED, AlertKind.PASSED_ON)

log = structlog.get_logger()

Sleep = Callable[[float], Awaitable[None]]
TeamOf = Callable[[str], Awaitable[str]]
Owned = Callable[[str], Awaitable[bool]]


async def only_team(account_id: str) -> str:
    """For a relay that speaks in one workspace."""
    return ""


class Teller:
    """Its failures are those of bot.ports.Slack; what they mean for the outbox is the relay's to say."""

    def __init__(
        self,
        feed: AlertFeed,
        saying: Saying,
        slack: Slack,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
        team_of: TeamOf = only_team,
        quiet: Quiet | None = None,
        owned: Owned | None = None,
    ) -> None:
        self._feed = feed
        self._saying = saying
        self._slack = slack
        self._scribe = Scribe(slack, clock)
        self._beside = Beside(feed, self._scribe, clock)
        self._clock = clock
        self._sleep = sleep
        self._team_of = team_of
        self._quiet = quiet
        self._owned = owned  # finds owners in Slack for mailboxes connected outside of it
        self._paces: dict[str, Pace] = defaultdict(Pace)  # by workspace
        self._outages: dict[str, Outage] = defaultdict(Outage)
        self.without_installation: set[str] = set()  # workspaces that the log has been told of

    async def tell(self, leased: LeasedAlerts) -> None:
        """Say a topic, as things stand now, and settle it; or defer it, when its turn is far off."""
        drawn_at = self._clock()
        if self._owned and not await self._owned(leased.alerts[0].account_id):
            await self._feed.defer(leased, drawn_at + _OWNER_PAUSE, reached=False)
            return
        about = self._saying.about
        to_say = await (self._quiet.judged(leased, about) if self._quiet else about(leased))
        if to_say is None:
            await self._feed.settle(leased, self._clock(), None)
            return
        team = await self._team_of(leased.alerts[0].account_id)
        outage = self._outages[team]
        if back_at := outage.over_at(drawn_at):
            await self._feed.defer(leased, back_at, reached=False)
            return
        try:
            told = await self._told_in(team, leased, to_say, drawn_at)
        except (NotReached, NoAnswer):
            outage.failed(self._clock())
            raise
        if told:
            outage.ended()
            beside, then, blind = told.beside, told.then, told.blind
            await self._feed.settle(leased, self._clock(), told.post, beside=beside, then=then, blind=blind)

    async def _told_in(self, team: str, leased: LeasedAlerts, to_say: ToSay, drawn_at: datetime) -> Told | None:
        """Say it in a workspace, when its turn has come; None when that is far off."""
        dm = await self._dm_with(to_say.user, team)
        self.without_installation.discard(team)
        channel = await self._slack.channel_in(to_say.channel, team) if to_say.channel else dm
        if not await self._my_turn(self._paces[team], channel, leased):
            return None
        try:
            return await self._told(Topic(leased, to_say, channel, dm, drawn_at))
        except TooFast as pause:
            self._paces[team].refused(channel, self._clock(), timedelta(seconds=pause.seconds))
            raise

    async def _dm_with(self, user: str, team: str) -> str:
        try:
            return await self._slack.dm_with(user, team)
        except NoAnswer as lost:  # whatever became of that, nothing was said
            raise NotReached(str(lost)) from lost

    async def _my_turn(self, pace: Pace, channel: str, leased: LeasedAlerts) -> bool:
        """Wait for our turn; a far one is left for later."""
        now = self._clock()
        at = pace.turn(channel, leased.topic, now)
        if at - now > _SOON:
            await self._feed.defer(leased, at, reached=False)
            return False
        await self._sleep(max(0.0, (at - now).total_seconds()))
        pace.spoken(channel, leased.topic)
        return True

    async def _told(self, topic: Topic) -> Told:
        known = await self._feed.post_of(topic.leased.topic) if topic.to_say.living else None
        card = topic.card_at(known.channel) if known else None
        if all(alert.kind is AlertKind.LINE for alert in topic.leased.alerts):
            return await self._beside.line(topic, known if card else None)
        if known and card and await self._scribe.updated(known, card, topic.to_say.mark):
            return await self._beside.told(topic, known)
        farewell = topic.farewell_at(known.channel) if known else None
        if known and farewell:
            await self._scribe.updated(known, farewell, topic.to_say.mark)
        return await self._found_or_new(topic, known.turn + 1 if known else 0)

    async def _found_or_new(self, topic: Topic, turn: int) -> Told:
        """The card where an earlier try left it, or a new one, when it is worth that."""
        to_say, blind = topic.to_say, False
        if topic.leased.in_doubt:
            found, blind = await self._scribe.looked_for(topic, to_say.mark)
            place = Post(topic.leased.topic, topic.channel, found) if found else None
            if place and await self._scribe.updated(place, to_say.card, to_say.mark):
                return await self._adopted(topic, replace(place, turn=turn))
        if not to_say.news:
            return Told()
        ts = await self._scribe.posted(topic, to_say.card, to_say.mark)
        post = Post(topic.leased.topic, topic.channel, ts, turn, topic.drawn_at)
        place = _with_story(post, to_say.story, topic.drawn_at) if to_say.living else None
        return Told(place, then=await self._redraws(topic), blind=blind)

    async def _adopted(self, topic: Topic, post: Post) -> Told:
        """Go on from a card that an earlier try said: what came after that was not told by it."""
        if not topic.to_say.living:
            return Told(then=await self._redraws(topic))
        said_at = datetime.fromtimestamp(float(post.ts), UTC)
        return await self._beside.told(topic, _with_story(replace(post, drawn_at=said_at), topic.to_say.story, said_at))

    async def _redraws(self, topic: Topic) -> tuple[Alert, ...]:
        """News that is a message of its own, an answer say, changes the card that stands, too."""
        alert = topic.leased.alerts[0]
        if alert.kind not in _CHANGES_THE_CARD or not alert.message_id:
            return ()
        card = await self._feed.post_of(alert.message_id)
        return (replace(alert, id=new_id(), key=f"redraw:{alert.id}", kind=AlertKind.CORRECTED),) if card else ()


def _with_story(post: Post, story: Story | None, at: datetime) -> Post:
    """A card that was new at a moment told what had happened by then."""
    if story is None:
        return post
    told_at = max((line.at for line in story.timeline if line.begins and line.at <= at), default=None)
    return replace(post, told_at=told_at, message_id=story.report.message.id)
