"""What is to be said in Slack, and where it stands; the other words are in tracker.model, by which all come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HELD = "held:"  # begins the topic of alerts that wait for somebody's quiet hours to end


class AlertKind(StrEnum):
    FIRST_OPEN = "first_open"
    OPEN_AGAIN = "open_again"
    FIRST_CLICK = "first_click"
    CLICK_AGAIN = "click_again"
    RECONNECT = "reconnect"
    PASSED_ON = "passed_on"
    CORRECTED = "corrected"  # what was said is no longer so: the card is redrawn, and nobody is notified
    NOT_SENT = "not_sent"  # a sending that was asked for came to nothing
    REPLIED = "replied"
    BOUNCED = "bounced"
    NOT_OPENED = "not_opened"  # in the time after which its sender wanted to be reminded
    NOT_ANSWERED = "not_answered"
    HOT = "hot"  # one more opening, the one that makes a burst
    BACK = "back"  # one more opening, after a long pause
    LINE = "line"  # the thread of a card is to be told what the card shows already
    CROWD = "crowd"  # stands for alerts that were too many to be said one by one
    AFTER_REPLY = "after_reply"  # opened or clicked after the answer: the card follows, and nobody is notified
    DIGEST = "digest"
    CHANNEL_LOST = "channel_lost"  # where alerts were to go does not take them any more


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to say in Slack, at the earliest at `due_at`. `key` is unique: the same news is said once."""

    id: str
    key: str
    kind: AlertKind
    account_id: str
    due_at: datetime
    message_id: str | None = None
    copy_id: str | None = None
    hit_id: str | None = None
    order_id: str | None = None
    held_for: str | None = None
    crowd_id: str | None = None  # the crowd that speaks for it, or that it is about

    @property
    def topic(self) -> str:
        """What it is about: the alerts of one topic are said in order, by one worker at a time.

        What is held back for somebody is one topic, as it will be told in one message.
        """
        if self.held_for is not None:
            return f"{HELD}{self.held_for}"
        if self.order_id:
            return f"order:{self.order_id}"
        if self.kind is AlertKind.CROWD:
            return f"crowd:{self.crowd_id}"
        if self.kind is AlertKind.PASSED_ON:
            return f"passed-on:{self.copy_id}"  # news of its own, beside the living card
        if self.kind in (AlertKind.REPLIED, AlertKind.BOUNCED):
            return f"{self.kind}:{self.copy_id}"  # news of its own, too
        if self.kind in (AlertKind.NOT_OPENED, AlertKind.NOT_ANSWERED):
            return f"{self.kind}:{self.message_id}"  # due at the same moment, each is told
        if self.kind in (AlertKind.DIGEST, AlertKind.CHANNEL_LOST):
            return f"{self.kind}:{self.account_id}"
        return self.message_id or f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class LeasedAlerts:
    """All due alerts of one topic, ours until `until`.

    `in_doubt` says that an earlier try may have reached Slack without our
    hearing of it, so that the next one must look before it posts.
    """

    lease: str
    alerts: tuple[Alert, ...]
    until: datetime
    tries: int
    in_doubt: bool

    @property
    def topic(self) -> str:
        return self.alerts[0].topic


@dataclass(frozen=True, slots=True)
class Post:
    """Where the living card of a topic stands in Slack.

    `drawn_at` is when it was drawn for the message that notified: what was
    known by then was told by it. Its thread, last added to at `line_at`, tells
    of what came after `told_at`. `turn` grows with everything that is settled
    about it: what is said beside it is marked by it. `message_id` is what it is about.
    """

    topic: str
    channel: str
    ts: str
    turn: int = 0
    drawn_at: datetime | None = None
    told_at: datetime | None = None
    line_at: datetime | None = None
    message_id: str | None = None
