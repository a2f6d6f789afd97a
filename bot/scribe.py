"""What is written into Slack about one topic: posted in time, edited where it stands, looked for when in doubt."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.blocks import Card
from bot.cards.sharing import moved_card
from bot.ports import CardGone, NobodyThere, NotAllowed, NotInstalled, NotReached, Slack
from bot.saying import ToSay
from bot.showing import shown
from tracker.clock import Clock
from tracker.model import Alert, LeasedAlerts, Post
from tracker.reporting import Story

_A_CALL = timedelta(seconds=15)  # longer than a call may take: none that posts may outlive the lease
_LOOK_BACK = timedelta(hours=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Topic:
    """What is to be told, where, and when it was looked up."""

    leased: LeasedAlerts
    to_say: ToSay
    channel: str
    dm: str
    drawn_at: datetime

    @property
    def story(self) -> Story | None:
        """What happened, though subjects may be hidden from those who read of it."""
        return self.to_say.story or self.to_say.behind

    def card_at(self, channel: str) -> Card | None:
        """How the card looks where it stands; None where news goes no more."""
        if channel == self.channel:
            return self.to_say.card
        return (self.to_say.own or self.to_say.card) if channel == self.dm else None

    def farewell_at(self, channel: str) -> Card | None:
        """What takes a card's place in a channel to which its owner does not want news to go any more."""
        # A DM that is none of theirs is of somebody to whom the account does not belong any more.
        gone = channel not in (self.channel, self.dm) and not channel.startswith("D")
        return moved_card(self.story.report) if gone and self.story else None


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it: where things stand now, what follows, and whether it may have been said twice."""

    post: Post | None = None
    beside: Post | None = None
    then: tuple[Alert, ...] = ()
    blind: bool = False


class Scribe:
    """Its failures are those of bot.ports.Slack."""

    def __init__(self, slack: Slack, clock: Clock) -> None:
        self._slack = slack
        self._clock = clock

    async def posted(self, topic: Topic, card: Card, mark: str, thread: str = "") -> str:
        if self._clock() > topic.leased.until - _A_CALL:
            raise NotReached("the lease is nearly over")
        channel = topic.channel
        return await shown(card, lambda one: self._slack.post(channel, one, mark, thread), self._slack, channel)

    async def updated(self, post: Post, card: Card, mark: str) -> bool:
        """Bring a message up to date; False when it is gone, which its reader may have wished, but news are news."""
        channel, ts = post.channel, post.ts
        try:
            await shown(card, lambda one: self._slack.update(channel, ts, one, mark), self._slack, channel)
        except (CardGone, NobodyThere):
            return False
        return True

    async def looked_for(self, topic: Topic, mark: str, thread: str = "") -> tuple[str | None, bool]:
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


def _since(leased: LeasedAlerts) -> float:
    earliest: datetime = min(alert.due_at for alert in leased.alerts)
    return (earliest - _LOOK_BACK).timestamp()
