"""What happened in one mailbox of the Gmail stand-in, in the order it happened, for as long as Gmail remembers."""

import secrets
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.standins.gmail_errors import not_found

ADDED, DELETED, LABELS_ADDED, LABELS_REMOVED = "messagesAdded", "messagesDeleted", "labelsAdded", "labelsRemoved"
# The words of `historyTypes` against the names in the answer.
KINDS = {
    "messageAdded": ADDED,
    "messageDeleted": DELETED,
    "labelAdded": LABELS_ADDED,
    "labelRemoved": LABELS_REMOVED,
}


@dataclass(frozen=True, slots=True)
class Record:
    """One change. `label_ids` are the message's after it; `changed` are those that came or went."""

    id: int
    kind: str
    message_id: str
    thread_id: str
    label_ids: tuple[str, ...]
    changed: tuple[str, ...] = ()

    def answer(self) -> dict[str, Any]:
        name = {"id": self.message_id, "threadId": self.thread_id}
        what: dict[str, Any] = {"message": {**name, "labelIds": list(self.label_ids)}}
        if self.changed:
            what["labelIds"] = list(self.changed)
        return {"id": str(self.id), "messages": [name], self.kind: [what]}


@dataclass(slots=True)
class History:
    """`last` is where the mailbox stands; marks before `oldest` are answered with 404."""

    last: int = 1000
    oldest: int = 1000
    records: list[Record] = field(default_factory=list)

    def next_id(self) -> int:
        self.last += 1 + secrets.randbelow(20)  # not contiguous, as Gmail's are not
        return self.last

    def note(self, record: Record) -> None:
        self.records.append(record)

    def since(self, mark: int) -> list[Record]:
        """Every change after this mark. Raises GoogleError 404 for one that is too old, or was never given."""
        if not self.oldest <= mark <= self.last:
            raise not_found()
        return self.records[bisect_right(self.records, mark, key=lambda record: record.id) :]

    def forget(self, before: int | None = None) -> None:
        """Keep nothing from before this id; without one, nothing at all, so that every mark given is too old."""
        self.oldest = self.next_id() if before is None else before
        self.records = [record for record in self.records if record.id > self.oldest]

    def snapshot(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "History":
        return cls(kept["last"], kept["oldest"], [_record(**record) for record in kept["records"]])


def _record(label_ids: Iterable[str], changed: Iterable[str], **facts: Any) -> Record:
    return Record(label_ids=tuple(label_ids), changed=tuple(changed), **facts)
