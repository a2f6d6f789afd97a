"""Requests and answers of following a mailbox: history, labels, conversations, watching."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tracker.gmail.wire import Ask, Wire, ask_of, headers_of
from tracker.mailbox import (
    Alias,
    Change,
    ChangeKind,
    Changes,
    Colour,
    DraftName,
    Label,
    MailFacts,
    MailName,
    Place,
    Standing,
    Watched,
)

PAGE = 500  # the most that history.list gives at once
# Sent mail and replies; and drafts, as a Bcc to one of our addresses is an order. Push is a hint: less is enough.
WATCHED = ("INBOX", "SENT", "DRAFT")
_KINDS = {
    "messagesAdded": ChangeKind.ADDED,
    "messagesDeleted": ChangeKind.DELETED,
    "labelsAdded": ChangeKind.LABELS_ADDED,
    "labelsRemoved": ChangeKind.LABELS_REMOVED,
}


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`mark` is where the mailbox stands, `last` the mark of the last record on this page, if there is one."""

    changes: tuple[Change, ...]
    mark: str
    last: str | None
    next_page: str | None


class MailboxWire:
    """Builds the requests. Those that can be repeated without harm say so."""

    def __init__(self, wire: Wire) -> None:
        users = wire.users
        self._users, self._history, self._labels = users, users.history(), users.labels()
        self._threads, self._messages, self._drafts = users.threads(), users.messages(), users.drafts()
        self._settings = users.settings()

    def profile(self) -> Ask:
        return ask_of(self._users.getProfile(userId="me"))

    def history(self, since: str, page: str | None) -> Ask:
        return ask_of(self._history.list(userId="me", startHistoryId=since, maxResults=PAGE, pageToken=page))

    def watch(self, topic: str) -> Ask:
        body = {"topicName": topic, "labelIds": list(WATCHED), "labelFilterBehavior": "include"}
        return ask_of(self._users.watch(userId="me", body=body), idempotent=True)

    def stop_watch(self) -> Ask:
        return ask_of(self._users.stop(userId="me"), idempotent=True)

    def labels(self) -> Ask:
        return ask_of(self._labels.list(userId="me"))

    def create_label(self, name: str, colour: Colour | None) -> Ask:
        shown = {"labelListVisibility": "labelShow", "messageListVisibility": "show"}
        body = {"name": name, **shown, **_colour(colour)}
        # The name is unique: repeating it makes no second one.
        return ask_of(self._labels.create(userId="me", body=body), idempotent=True)

    def update_label(self, label_id: str, name: str | None, colour: Colour | None) -> Ask:
        body = {**({"name": name} if name is not None else {}), **_colour(colour)}
        return ask_of(self._labels.patch(userId="me", id=label_id, body=body), idempotent=True)

    def relabel_thread(self, thread_id: str, add: Collection[str], remove: Collection[str]) -> Ask:
        body = {"addLabelIds": sorted(add), "removeLabelIds": sorted(remove)}
        return ask_of(self._threads.modify(userId="me", id=thread_id, body=body), idempotent=True)

    def message(self, gmail_id: str, headers: Collection[str]) -> Ask:
        names = sorted(headers)
        return ask_of(self._messages.get(userId="me", id=gmail_id, format="metadata", metadataHeaders=names))

    def messages_since(self, place: Place, moment: datetime, limit: int) -> Ask:
        query = f"in:{place} after:{int(moment.timestamp())}"
        return ask_of(self._messages.list(userId="me", q=query, maxResults=limit))

    def send_as(self) -> Ask:
        return ask_of(self._settings.sendAs().list(userId="me"))

    def delete_draft(self, draft_id: str) -> Ask:
        return ask_of(self._drafts.delete(userId="me", id=draft_id), idempotent=True)


def standing_of(answer: Mapping[str, Any]) -> Standing:
    return Standing(answer["emailAddress"], str(answer["historyId"]))


def history_page_of(answer: Mapping[str, Any]) -> HistoryPage:
    records = answer.get("history", ())
    changes = tuple(change for record in records for change in _changes(record))
    last = str(records[-1]["id"]) if records else None
    return HistoryPage(changes, str(answer["historyId"]), last, answer.get("nextPageToken"))


def watched_of(answer: Mapping[str, Any]) -> Watched:
    return Watched(str(answer["historyId"]), _moment(answer["expiration"]))


def labels_of(answer: Mapping[str, Any]) -> tuple[Label, ...]:
    return tuple(label_of(label) for label in answer.get("labels", ()))


def label_of(label: Mapping[str, Any]) -> Label:
    colour = label.get("color")
    shown = Colour(colour["textColor"], colour["backgroundColor"]) if colour else None
    return Label(label["id"], label["name"], label.get("type") == "user", shown)


def mail_facts_of(message: Mapping[str, Any]) -> MailFacts:
    labels = frozenset(message.get("labelIds", ()))
    at = _moment(message["internalDate"])
    return MailFacts(message["id"], message["threadId"], labels, headers_of(message), at)


def names_of(answer: Mapping[str, Any]) -> tuple[MailName, ...]:
    return tuple(MailName(mail["id"], mail["threadId"]) for mail in answer.get("messages", ()))


def draft_names_of(answer: Mapping[str, Any]) -> tuple[DraftName, ...]:
    return tuple(DraftName(draft["id"], draft["message"]["id"]) for draft in answer.get("drafts", ()))


def aliases_of(answer: Mapping[str, Any]) -> tuple[Alias, ...]:
    return tuple(_alias(alias) for alias in answer.get("sendAs", ()))


def nothing_of(answer: Mapping[str, Any]) -> None:
    """Nothing in the answer is of interest."""


def merged(pages: list[HistoryPage], since: str) -> Changes:
    """Pages in order as one answer; cut off between two of them, it goes on from the last record that was read."""
    changes = tuple(change for page in pages for change in page.changes)
    if pages[-1].next_page is None:
        return Changes(changes, pages[-1].mark, complete=True)
    return Changes(changes, next((page.last for page in reversed(pages) if page.last), since), complete=False)


def _changes(record: Mapping[str, Any]) -> list[Change]:
    return [
        Change(
            kind,
            told["message"]["id"],
            told["message"].get("threadId", ""),
            frozenset(told["message"].get("labelIds", ())),
            frozenset(told.get("labelIds", ())),
        )
        for name, kind in _KINDS.items()
        for told in record.get(name, ())
    ]


def _alias(alias: Mapping[str, Any]) -> Alias:
    primary = bool(alias.get("isPrimary"))
    confirmed = primary or alias.get("verificationStatus") == "accepted"
    return Alias(alias["sendAsEmail"], alias.get("displayName", ""), primary, confirmed)


def _colour(colour: Colour | None) -> dict[str, Any]:
    return {"color": {"textColor": colour.text, "backgroundColor": colour.background}} if colour else {}


def _moment(milliseconds: Any) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
