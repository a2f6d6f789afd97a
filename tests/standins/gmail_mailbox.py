"""One mailbox of the Gmail stand-in: what it keeps, and how it threads."""

import base64
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tests.standins import gmail_history as history
from tests.standins import gmail_mime as mime
from tests.standins.gmail_errors import not_found
from tests.standins.gmail_history import History, Record


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
    """`labels` are the owner's own, by id; `aliases` the other addresses it may send from, with their names.

    `answerable` leads from a Message-ID to the mails of that name, so that a
    full mailbox threads as fast as an empty one.
    """

    email: str
    name: str = ""
    drafts: dict[str, StoredMessage] = field(default_factory=dict)
    messages: dict[str, StoredMessage] = field(default_factory=dict)
    history: History = field(default_factory=History)
    labels: dict[str, dict[str, Any]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    answerable: dict[str, list[str]] = field(default_factory=dict, repr=False)

    @property
    def history_id(self) -> int:
        return self.history.last

    def everything(self) -> Iterator[StoredMessage]:
        yield from self.messages.values()
        yield from self.drafts.values()

    def labelled(self, label: str) -> list[StoredMessage]:
        """The mails under a label, newest first."""
        return newest_first(mail for mail in self.everything() if label in mail.label_ids)

    def label_named(self, name: str) -> str:
        """The id of one of the owner's own labels."""
        return next(label_id for label_id, label in self.labels.items() if label["name"] == name)

    def label_names(self, mail: StoredMessage) -> set[str]:
        """The owner's own labels that a mail carries."""
        return {str(self.labels[label]["name"]) for label in mail.label_ids if label in self.labels}

    def find(self, message_id: str) -> StoredMessage:
        found = self.messages.get(message_id)
        found = found or next((mail for mail in self.drafts.values() if mail.id == message_id), None)
        if found is None:
            raise not_found()
        return found

    def draft(self, draft_id: str) -> StoredMessage:
        if draft_id not in self.drafts:
            raise not_found()
        return self.drafts[draft_id]

    def thread(self, thread_id: str) -> list[StoredMessage]:
        """The mails of a conversation, oldest first. Raises GoogleError 404 when there are none."""
        members = [mail for mail in self.everything() if mail.thread_id == thread_id]
        if not members:
            raise not_found()
        return newest_first(members)[::-1]

    def put_draft(self, draft_id: str | None, raw: bytes, wanted_thread: str | None, now_ms: int) -> str:
        """Save a draft, new or in place of what it was. Every save gives it a new message id."""
        thread = self.thread_for(raw, wanted_thread, draft_id)
        if draft_id in self.drafts:
            self._note(history.DELETED, self.drafts[draft_id])
        draft_id = draft_id or f"r{secrets.randbelow(2**63) - 2**62}"
        self.drafts[draft_id] = self._mail(raw, ("DRAFT",), now_ms, thread)
        return draft_id

    def drop_draft(self, draft_id: str) -> None:
        self._note(history.DELETED, self.draft(draft_id))
        del self.drafts[draft_id]

    def add(self, raw: bytes, labels: tuple[str, ...], now_ms: int, thread: str | None) -> StoredMessage:
        mail = self._mail(raw, labels, now_ms, thread)
        self.keep(mail, mime.message_id_of(raw))
        return mail

    def keep(self, mail: StoredMessage, rfc_message_id: str) -> None:
        self.messages[mail.id] = mail
        self.answerable.setdefault(rfc_message_id, []).append(mail.id)

    def drop(self, message_id: str) -> None:
        """Delete a mail for good. A draft's message is no message to delete."""
        mail = self.find(message_id)
        if message_id not in self.messages:
            raise not_found()
        self._note(history.DELETED, mail)
        self.answerable[mime.message_id_of(mail.raw)].remove(message_id)
        del self.messages[message_id]

    def relabel(self, message_id: str, labels: Iterable[str]) -> None:
        """Put exactly these labels on a mail; what came and what went are two changes."""
        kept = self.messages[message_id]
        wanted = tuple(dict.fromkeys(labels))
        came = tuple(label for label in wanted if label not in kept.label_ids)
        went = tuple(label for label in kept.label_ids if label not in wanted)
        for kind, changed in ((history.LABELS_ADDED, came), (history.LABELS_REMOVED, went)):
            if changed:
                kept = replace(kept, label_ids=wanted)
                kept = replace(kept, history_id=self._note(kind, kept, changed))
        self.messages[message_id] = kept

    def thread_for(self, raw: bytes, wanted: str | None, draft_id: str | None = None) -> str | None:
        """The wanted thread when subject, In-Reply-To and References fit it; None means a thread of its own."""
        if wanted is None:
            return None
        own = self.drafts.get(draft_id or "")
        others = [mail for mail in self.thread(wanted) if mail is not own]
        return wanted if not others or any(_answers(raw, mail) for mail in others) else None

    def thread_of_reply(self, raw: bytes) -> str | None:
        """Where an arriving mail belongs by what it answers."""
        ids = [name for answered in mime.answered_ids(raw) for name in self.answerable.get(answered, ())]
        return next((self.messages[name].thread_id for name in ids if _answers(raw, self.messages[name])), None)

    def snapshot(self) -> dict[str, Any]:
        return {
            "email": self.email,
            "name": self.name,
            "drafts": {draft_id: mail.snapshot() for draft_id, mail in self.drafts.items()},
            "messages": {mail.id: mail.snapshot() for mail in self.messages.values()},
            "history": self.history.snapshot(),
            "labels": {name: dict(label) for name, label in self.labels.items()},
            "aliases": dict(self.aliases),
        }

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "Mailbox":
        box = cls(kept["email"], kept["name"], labels=kept.get("labels", {}), aliases=kept.get("aliases", {}))
        if "history" in kept:
            box.history = History.restored(kept["history"])
        box.drafts = {name: StoredMessage.restored(mail) for name, mail in kept["drafts"].items()}
        for facts in kept["messages"].values():
            mail = StoredMessage.restored(facts)
            box.keep(mail, mime.message_id_of(mail.raw))
        return box

    def _mail(self, raw: bytes, labels: tuple[str, ...], now_ms: int, thread: str | None) -> StoredMessage:
        new = f"{now_ms:011x}{secrets.token_hex(3)}"[-16:]
        mail = StoredMessage(new, thread or new, labels, raw, now_ms, 0)
        return replace(mail, history_id=self._note(history.ADDED, mail))

    def _note(self, kind: str, mail: StoredMessage, changed: tuple[str, ...] = ()) -> int:
        record = Record(self.history.next_id(), kind, mail.id, mail.thread_id, mail.label_ids, changed)
        self.history.note(record)
        return record.id


def newest_first(mails: Iterable[StoredMessage]) -> list[StoredMessage]:
    return sorted(mails, key=lambda mail: (mail.internal_date, mail.history_id), reverse=True)


def _answers(raw: bytes, mail: StoredMessage) -> bool:
    same_topic = mime.topic_of(raw) == mime.topic_of(mail.raw)
    return same_topic and mime.message_id_of(mail.raw) in mime.answered_ids(raw)
