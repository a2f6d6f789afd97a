"""One mailbox of the Gmail stand-in: what it keeps, and how it threads."""

import base64
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tests.standins import gmail_mime as mime
from tests.standins.gmail_errors import not_found


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A mail as Gmail keeps it. `internal_date` is in milliseconds."""

    id: str
    thread_id: str
    label_ids: tuple[str, ...]
    raw: bytes
    internal_date: int
    history_id: int

    @property
    def subject(self) -> str:
        return mime.decoded(mime.field_of(self.raw, "Subject") or "")

    def snapshot(self) -> dict[str, Any]:
        return {**asdict(self), "raw": base64.b64encode(self.raw).decode(), "label_ids": list(self.label_ids)}

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "StoredMessage":
        return cls(**{**kept, "raw": base64.b64decode(kept["raw"]), "label_ids": tuple(kept["label_ids"])})


@dataclass(slots=True)
class Mailbox:
    email: str
    name: str = ""
    drafts: dict[str, StoredMessage] = field(default_factory=dict)
    messages: dict[str, StoredMessage] = field(default_factory=dict)
    history_id: int = 1000

    def everything(self) -> Iterator[StoredMessage]:
        yield from self.messages.values()
        yield from self.drafts.values()

    def labelled(self, label: str) -> list[StoredMessage]:
        """The mails under a label, newest first."""
        return newest_first(mail for mail in self.everything() if label in mail.label_ids)

    def find(self, message_id: str) -> StoredMessage:
        for mail in self.everything():
            if mail.id == message_id:
                return mail
        raise not_found()

    def draft(self, draft_id: str) -> StoredMessage:
        if draft_id not in self.drafts:
            raise not_found()
        return self.drafts[draft_id]

    def put_draft(self, draft_id: str | None, raw: bytes, wanted_thread: str | None, now_ms: int) -> str:
        """Save a draft, new or in place of what it was. Every save gives it a new message id."""
        thread = self.thread_for(raw, wanted_thread, draft_id)
        draft_id = draft_id or f"r{secrets.randbelow(2**63) - 2**62}"
        self.drafts[draft_id] = self._mail(raw, ("DRAFT",), now_ms, thread)
        return draft_id

    def add(self, raw: bytes, labels: tuple[str, ...], now_ms: int, thread: str | None) -> StoredMessage:
        mail = self._mail(raw, labels, now_ms, thread)
        self.messages[mail.id] = mail
        return mail

    def relabel(self, message_id: str, labels: Iterable[str]) -> None:
        self.history_id += 1
        kept = self.messages[message_id]
        self.messages[message_id] = replace(kept, label_ids=tuple(labels), history_id=self.history_id)

    def thread_for(self, raw: bytes, wanted: str | None, draft_id: str | None = None) -> str | None:
        """The wanted thread when subject, In-Reply-To and References fit it; None means a thread of its own."""
        if wanted is None:
            return None
        members = [mail for mail in self.everything() if mail.thread_id == wanted]
        if not members:
            raise not_found()
        own = self.drafts.get(draft_id or "")
        others = [mail for mail in members if mail is not own]
        return wanted if not others or any(_answers(raw, mail) for mail in others) else None

    def thread_of_reply(self, raw: bytes) -> str | None:
        """Where an arriving mail belongs by what it answers."""
        return next((mail.thread_id for mail in self.messages.values() if _answers(raw, mail)), None)

    def snapshot(self) -> dict[str, Any]:
        return {
            "email": self.email,
            "name": self.name,
            "history_id": self.history_id,
            "drafts": {draft_id: mail.snapshot() for draft_id, mail in self.drafts.items()},
            "messages": {mail.id: mail.snapshot() for mail in self.messages.values()},
        }

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "Mailbox":
        def mails(of: dict[str, Any]) -> dict[str, StoredMessage]:
            return {name: StoredMessage.restored(mail) for name, mail in of.items()}

        return cls(**{**kept, "drafts": mails(kept["drafts"]), "messages": mails(kept["messages"])})

    def _mail(self, raw: bytes, labels: tuple[str, ...], now_ms: int, thread: str | None) -> StoredMessage:
        self.history_id += 1
        new = f"{now_ms:011x}{secrets.token_hex(3)}"[-16:]
        return StoredMessage(new, thread or new, labels, raw, now_ms, self.history_id)


def newest_first(mails: Iterable[StoredMessage]) -> list[StoredMessage]:
    return sorted(mails, key=lambda mail: (mail.internal_date, mail.history_id), reverse=True)


def _answers(raw: bytes, mail: StoredMessage) -> bool:
    same_topic = mime.topic_of(raw) == mime.topic_of(mail.raw)
    return same_topic and mime.message_id_of(mail.raw) in mime.answered_ids(raw)
