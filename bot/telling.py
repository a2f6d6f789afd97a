"""Telling one topic in Slack: its card is said or edited, and beside it at most one message more.

The card stays where it was first said, and is edited. What is worth a phone's
buzz later on is a short message of its own, and the card's thread has a line
for everything else. Whether a card stands, only the holder of its topic knows:
so one lease tells all of it, in an order that can be gone through again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.blocks import Card
from bot.cards.ringing import news_card
from bot.cards.sharing import hidden_card
from bot.cards.thread import line_card, untold
from bot.pacing import Pace
from bot.ports import CardGone, NobodyThere, NotAllowed, NotInstalled, NotReached, Slack, TooFast
from bot.quiet import Quiet
from bot.saying import Saying, ToSay
from bot.showing import shown
from tracker.clock import Clock, new_id
from tracker.model import Alert, AlertKind, LeasedAlerts, Post
from tracker.ports import AlertFeed
from tracker.reporting import Story
from tracker.ringing import RINGING

LINES_EVERY = timedelta(minutes=10)  # in the thread of one message
_A_CALL = timedelta(seconds=15)  # longer than a call may take: none that posts may outlive the lease
_SOON = timedelta(seconds=3)  # a turn further off is not waited for: others may speak meanwhile
_LOOK_BACK = timedelta(hours=1)
_OWNER_PAUSE = timedelta(seconds=15)  # Slack itself is asked more rarely
_ON_ITS_WAY = timedelta(seconds=1)  # a hit that was just fetched when a card was drawn may not be on it
_CHANGES_THE_CARD = (AlertKind.REPLIED, AlertKind.BOUNCED, AlertKind.PASSED_ON)

log = structlog.get_logger()

Sleep = Callable[[float], Awaitable[None]]
TeamOf = Callable[[str], Awaitable[str]]
Owned = Callable[[str], Awaitable[bool]]


async def only_team(account_id: str) -> str:
    """For a relay that speaks in one workspace."""
    return ""


@dataclass(frozen=True, slots=True)
class _Topic:
    """What is to be told, where, and when it was looked up."""

    leased: LeasedAlerts
    to_say: ToSay
    channel: str
    drawn_at: datetime


@dataclass(frozen=True, slots=True)
class _Told:
    """What came of it: where things stand now, what follows, and whether it may have been said twice."""

    post: Post | None = None
    beside: Post | None = None
    then: tuple[Alert, ...] = ()
    blind: bool = False


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
        self._clock = clock
        self._sleep = sleep
        self._team_of = team_of
        self._quiet = quiet
        self._owned = owned  # finds owners in Slack for mailboxes connected outside of it
        self._paces: dict[str, Pace] = defaultdict(Pace)  # by workspace
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
        channel = await self._slack.dm_with(to_say.user, team)
        self.without_installation.discard(team)
        if to_say.channel:
            channel = await self._slack.channel_in(to_say.channel, team)
        if not await self._my_turn(self._paces[team], channel, leased):
            return
        try:
            told = await self._told(_Topic(leased, to_say, channel, drawn_at))
        except TooFast as pause:
            self._paces[team].refused(channel, self._clock(), timedelta(seconds=pause.seconds))
            raise
        await self._feed.settle(leased, self._clock(), told.post, beside=told.beside, then=told.then, blind=told.blind)

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

    async def _told(self, topic: _Topic) -> _Told:
        known = await self._feed.post_of(topic.leased.topic) if topic.to_say.living else None
        # None in the DM of somebody to whom the account does not belong any more.
        post = known if known and known.channel == topic.channel else None
        if all(alert.kind is AlertKind.LINE for alert in topic.leased.alerts):
            return await self._line(topic, post)
        if post and await self._updated(post, topic.to_say.card, topic.to_say.mark):
            return await self._beside(topic, post)
        return await self._found_or_new(topic, known.turn + 1 if known else 0)

    async def _found_or_new(self, topic: _Topic, turn: int) -> _Told:
        """The card where an earlier try left it, or a new one, when it is worth that."""
        to_say, blind = topic.to_say, False
        if topic.leased.in_doubt:
            found, blind = await self._looked_for(topic, to_say.mark)
            place = Post(topic.leased.topic, topic.channel, found) if found else None
            if place and await self._updated(place, to_say.card, to_say.mark):
                return await self._adopted(topic, replace(place, turn=turn))
        if not to_say.news:
            return _Told()
        ts = await self._posted(topic, to_say.card, to_say.mark)
        post = Post(topic.leased.topic, topic.channel, ts, turn, topic.drawn_at)
        place = _with_story(post, to_say.story, topic.drawn_at) if to_say.living else None
        return _Told(place, then=await self._redraws(topic), blind=blind)

    async def _adopted(self, topic: _Topic, post: Post) -> _Told:
        """Go on from a card that an earlier try said: what came after that was not told by it."""
        if not topic.to_say.living:
            return _Told(then=await self._redraws(topic))
        said_at = datetime.fromtimestamp(float(post.ts), UTC)
        return await self._beside(topic, _with_story(replace(post, drawn_at=said_at), topic.to_say.story, said_at))

    async def _redraws(self, topic: _Topic) -> tuple[Alert, ...]:
        """News that is a message of its own, an answer say, changes the card that stands, too."""
        alert = topic.leased.alerts[0]
        if alert.kind not in _CHANGES_THE_CARD or not alert.message_id:
            return ()
        card = await self._feed.post_of(alert.message_id)
        return (replace(alert, id=new_id(), key=f"redraw:{alert.id}", kind=AlertKind.CORRECTED),) if card else ()

    async def _beside(self, topic: _Topic, post: Post) -> _Told:
        """What else there is to do once the card is right: earlier news taken back, new ones said, the thread."""
        story = topic.to_say.story or topic.to_say.behind
        after = replace(post, turn=post.turn + 1)
        if story is None:
            return _Told(after)
        for alert in topic.leased.alerts:
            if alert.kind is AlertKind.CORRECTED and alert.hit_id:
                await self._redrawn(topic, alert, story)
        beside, blind = await self._rung(topic, post, story)
        lines = topic.to_say.story and untold(story, post.told_at)
        then = (_line_alert(topic, post, self._clock()),) if lines else ()
        return _Told(after, beside, then, blind)

    async def _rung(self, topic: _Topic, post: Post, story: Story) -> tuple[Post | None, bool]:
        """The weightiest news that the card did not tell when it was new, in a message of its own."""
        heard = topic.leased.alerts if topic.to_say.heard is None else topic.to_say.heard
        alert = _weightiest(heard, story, post.drawn_at)
        if alert is None or alert.hit_id is None or not topic.to_say.news:
            return None, False
        card = news_card(story, alert.hit_id, alert.kind, mute=topic.to_say.mute)
        if topic.to_say.behind:
            card = hidden_card((alert,), story.report, news=True)
        mark = f"{topic.leased.topic}/{post.turn}/news"
        place = Post(f"news:{alert.hit_id}", topic.channel, "", message_id=story.report.message.id)
        found, blind = await self._looked_for(topic, mark) if topic.leased.in_doubt else (None, False)
        if found and await self._updated(replace(place, ts=found), card, mark):
            return replace(place, ts=found), False
        return replace(place, ts=await self._posted(topic, card, mark)), blind

    async def _redrawn(self, topic: _Topic, alert: Alert, story: Story) -> None:
        """The message about a hit that is news no more; not where news went before, and subjects may be hidden."""
        mark = f"news:{alert.hit_id}"
        place = await self._feed.post_of(mark)
        if place and place.channel == topic.channel:
            hidden = topic.to_say.behind and hidden_card((alert,), story.report)
            await self._updated(place, hidden or news_card(story, alert.hit_id or ""), mark)

    async def _line(self, topic: _Topic, post: Post | None) -> _Told:
        """One line in the thread for all that happened since the last; none under a card that is gone."""
        story = topic.to_say.story
        if post is None or story is None:
            return _Told()
        lines = untold(story, post.told_at)
        card, blind = line_card(story, lines), False
        if card:
            mark = f"{topic.leased.topic}/{post.turn}/line"
            found, blind = await self._looked_for(topic, mark, post.ts) if topic.leased.in_doubt else (None, False)
            if not (found and await self._updated(replace(post, ts=found), card, mark)):
                await self._posted_under(topic, post, card, mark)
        told_at = max((line.at for line in lines), default=post.told_at)
        return _Told(replace(post, turn=post.turn + 1, line_at=self._clock(), told_at=told_at), blind=blind)

    async def _posted_under(self, topic: _Topic, post: Post, card: Card, mark: str) -> None:
        try:
            await self._posted(topic, card, mark, post.ts)
        except CardGone:
            log.info("thread_gone", topic=topic.leased.topic)

    async def _posted(self, topic: _Topic, card: Card, mark: str, thread: str = "") -> str:
        if self._clock() > topic.leased.until - _A_CALL:
            raise NotReached("the lease is nearly over")
        channel = topic.channel
        return await shown(card, lambda one: self._slack.post(channel, one, mark, thread), self._slack, channel)

    async def _updated(self, post: Post, card: Card, mark: str) -> bool:
        """Bring a message up to date; False when it is gone, which its reader may have wished, but news are news."""
        channel, ts = post.channel, post.ts
        try:
            await shown(card, lambda one: self._slack.update(channel, ts, one, mark), self._slack, channel)
        except (CardGone, NobodyThere):
            return False
        return True

    async def _looked_for(self, topic: _Topic, mark: str, thread: str = "") -> tuple[str | None, bool]:
        """What an earlier try may have said, and whether we may not look: then at least once beats never."""
        if topic.to_say.channel:
            # To look there we would have to be allowed to read the channel: rather twice than that.
            log.warning("alert_perhaps_doubled", topic=topic.leased.topic, channel=topic.channel)
            return None, True
        try:
            return await self._slack.find(topic.channel, mark, _since(topic.leased), thread), False
        except NotInstalled:
            raise
        except NotAllowed as refused:
            hint = "it may be said twice; give the Slack app the scope im:history"
            log.error("cannot_look_before_saying_again", code=str(refused), topic=topic.leased.topic, hint=hint)
            return None, True


def _with_story(post: Post, story: Story | None, at: datetime) -> Post:
    """A card that was new at a moment told what had happened by then."""
    if story is None:
        return post
    told_at = max((line.at for line in story.timeline if line.begins and line.at <= at), default=None)
    return replace(post, told_at=told_at, message_id=story.report.message.id)


def _weightiest(alerts: tuple[Alert, ...], story: Story, drawn_at: datetime | None) -> Alert | None:
    known = {line.hit_id: line for line in story.timeline if line.begins}
    fresh = [
        alert
        for alert in alerts
        if alert.kind in RINGING
        and (line := known.get(alert.hit_id or ""))
        and (drawn_at is None or line.at > drawn_at - _ON_ITS_WAY)
    ]
    return min(reversed(fresh), key=lambda alert: RINGING.index(alert.kind), default=None)


def _line_alert(topic: _Topic, post: Post, now: datetime) -> Alert:
    """The next line of a thread, when it may come; what happens until then is in it."""
    waits = any(alert.kind is AlertKind.LINE for alert in topic.leased.alerts)
    # One waits at a time; where one was leased with us, the next is another.
    number = f"turn:{post.turn}" if waits or post.line_at is None else f"{post.line_at.timestamp():.6f}"
    return Alert(
        id=new_id(),
        key=f"line:{topic.leased.topic}:{number}",
        kind=AlertKind.LINE,
        account_id=topic.leased.alerts[0].account_id,
        due_at=max(now, post.line_at + LINES_EVERY) if post.line_at else now,
        message_id=topic.leased.alerts[0].message_id,
    )


def _since(leased: LeasedAlerts) -> float:
    earliest: datetime = min(alert.due_at for alert in leased.alerts)
    return (earliest - _LOOK_BACK).timestamp()
