"""Who wants to be told of changes in which mailbox of the Gmail stand-in, and until when."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from tests.standins.gmail_errors import GoogleError, invalid
from tests.standins.gmail_history import Record
from tests.standins.gmail_mailbox import Mailbox

WATCH_LASTS = timedelta(days=7)
_TOPIC = re.compile(r"projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][\w.~+%-]{2,254}")


@dataclass(frozen=True, slots=True)
class Topic:
    """A Pub/Sub topic with one push subscription. Without `open_to_gmail` its role binding is missing."""

    name: str
    endpoint: str
    audience: str
    account: str
    open_to_gmail: bool = True

    @property
    def subscription(self) -> str:
        return self.name.replace("/topics/", "/subscriptions/") + "-push"


@dataclass(slots=True)
class Watch:
    """`told` is how far the mailbox's history was looked through for something to tell."""

    topic: str
    label_ids: list[str]
    behaviour: str
    until_ms: int
    told: int

    def concerns(self, record: Record) -> bool:
        if not self.label_ids:
            return True
        touched = bool(set(self.label_ids) & {*record.label_ids, *record.changed})
        return touched is (self.behaviour == "include")


@dataclass(slots=True)
class Watches:
    topics: dict[str, Topic] = field(default_factory=dict)
    by_mailbox: dict[str, Watch] = field(default_factory=dict)

    def topic_named(self, name: str) -> Topic:
        """Raises GoogleError as Gmail does after its test message to the topic failed."""
        if not _TOPIC.fullmatch(name):
            raise invalid(f"Invalid topicName does not match {_TOPIC.pattern}")
        where = f"Error sending test message to Cloud PubSub {name} :"
        if name not in self.topics:
            raise GoogleError(404, "notFound", f"{where} Resource not found (resource={name.rpartition('/')[2]}).")
        if not self.topics[name].open_to_gmail:
            raise GoogleError(403, "forbidden", f"{where} User not authorized to perform this action.")
        return self.topics[name]

    def due(self, boxes: Iterable[Mailbox], now_ms: int) -> list[tuple[Topic, Mailbox]]:
        """The mailboxes with something new to tell, each told once for all that is new."""
        found = []
        for box in boxes:
            watch = self.by_mailbox.get(box.email)
            if watch is None or watch.until_ms <= now_ms or box.history.last == watch.told:
                continue
            news = box.history.since(max(watch.told, box.history.oldest))
            watch.told = box.history.last
            if any(watch.concerns(record) for record in news):
                found.append((self.topics[watch.topic], box))
        return found

    def snapshot(self) -> dict[str, Any]:
        return {
            "topics": [asdict(topic) for topic in self.topics.values()],
            "by_mailbox": {email: asdict(watch) for email, watch in self.by_mailbox.items()},
        }

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "Watches":
        topics = [Topic(**facts) for facts in kept["topics"]]
        watches = {email: Watch(**facts) for email, facts in kept["by_mailbox"].items()}
        return cls({topic.name: topic for topic in topics}, watches)
