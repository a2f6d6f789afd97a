"""Beside a card that stands: news worth a message of their own, news taken back, and the lines of its thread."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.blocks import Card
from bot.cards.ringing import news_card
from bot.cards.sharing import hidden_card
from bot.cards.thread import line_card, untold
from bot.ports import CardGone
from bot.scribe import Scribe, Told, Topic
from tracker.clock import Clock, new_id
from tracker.model import Alert, AlertKind, Post
from tracker.ports import AlertFeed
from tracker.reporting import Story
from tracker.ringing import RINGING

LINES_EVERY = timedelta(minutes=10)  # in the thread of one message
_ON_ITS_WAY = timedelta(seconds=1)  # a hit that was just fetched when a card was drawn may not be on it

log = structlog.get_logger()


class Beside:
    """Its failures are those of bot.ports.Slack."""

    def __init__(self, feed: AlertFeed, scribe: Scribe, clock: Clock) -> None:
        self._feed = feed
        self._scribe = scribe
        self._clock = clock

    async def told(self, topic: Topic, post: Post) -> Told:
        """What else there is to do once the card is right: earlier news taken back, new ones said, the thread."""
        story = topic.story
        after = replace(post, turn=post.turn + 1)
        if story is None:
            return Told(after)
        for alert in topic.leased.alerts:
            if alert.kind is AlertKind.CORRECTED and alert.hit_id:
                await self._redrawn(topic, alert, story)
        beside, blind = await self._rung(topic, post, story)
        lines = _has_thread(topic, post) and untold(story, post.told_at)
        then = (_line_alert(topic, post, self._clock()),) if lines else ()
        return Told(after, beside, then, blind)

    async def line(self, topic: Topic, post: Post | None) -> Told:
        """One line in the thread for all that happened since the last; none under a card that is gone."""
        story = topic.to_say.story
        if post is None or story is None or not _has_thread(topic, post):
            return Told()
        lines = untold(story, post.told_at)
        card, blind = line_card(story, lines), False
        if card:
            mark = f"{topic.leased.topic}/{post.turn}/line"
            in_doubt = topic.leased.in_doubt
            found, blind = await self._scribe.looked_for(topic, mark, post.ts) if in_doubt else (None, False)
            if not (found and await self._scribe.updated(replace(post, ts=found), card, mark)):
                await self._posted_under(topic, post, card, mark)
        told_at = max((line.at for line in lines), default=post.told_at)
        return Told(replace(post, turn=post.turn + 1, line_at=self._clock(), told_at=told_at), blind=blind)

    async def _posted_under(self, topic: Topic, post: Post, card: Card, mark: str) -> None:
        try:
            await self._scribe.posted(topic, card, mark, post.ts)
        except CardGone:
            log.info("thread_gone", topic=topic.leased.topic)

    async def _rung(self, topic: Topic, post: Post, story: Story) -> tuple[Post | None, bool]:
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
        found, blind = await self._scribe.looked_for(topic, mark) if topic.leased.in_doubt else (None, False)
        if found and await self._scribe.updated(replace(place, ts=found), card, mark):
            return replace(place, ts=found), False
        return replace(place, ts=await self._scribe.posted(topic, card, mark)), blind

    async def _redrawn(self, topic: Topic, alert: Alert, story: Story) -> None:
        """The message about a hit that is news no more, where it stands."""
        mark = f"news:{alert.hit_id}"
        place = await self._feed.post_of(mark)
        if place is None:
            return
        card = topic.farewell_at(place.channel)
        if place.channel in (topic.channel, topic.dm):
            hidden = topic.to_say.behind and place.channel == topic.channel
            card = hidden_card((alert,), story.report) if hidden else news_card(story, alert.hit_id or "")
        if card:
            await self._scribe.updated(place, card, mark)


def _has_thread(topic: Topic, post: Post) -> bool:
    """Only where news goes now: a card that stands elsewhere is kept right, and no more is added to it."""
    return topic.to_say.story is not None and post.channel == topic.channel


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


def _line_alert(topic: Topic, post: Post, now: datetime) -> Alert:
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
