"""One request to the Gmail stand-in that passed every check, and the shapes that answers are made of."""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from tests.standins import gmail_mime as mime
from tests.standins import gmail_post as post
from tests.standins.gmail_errors import invalid, not_done
from tests.standins.gmail_mailbox import Mailbox, StoredMessage
from tests.standins.gmail_search import search
from tests.standins.gmail_watch import Topic, Watches

MOST_A_PAGE = 500
Item = TypeVar("Item")


class World(post.World, Protocol):
    """What the methods need of the stand-in."""

    watches: Watches

    def tell(self, topic: Topic, box: Mailbox) -> None: ...


@dataclass(frozen=True, slots=True)
class Call:
    """A request by its parts. `media` is the mail that came by the upload road."""

    world: World
    mailbox: Mailbox
    arguments: Mapping[str, str]
    query: Mapping[str, Any]
    body: Mapping[str, Any]
    media: bytes | None
    now: datetime
    searchable_until_ms: int

    @property
    def now_ms(self) -> int:
        return self.world.now_ms()


def found(call: Call, mails: Iterable[StoredMessage]) -> list[StoredMessage]:
    """The mails that q finds. Its index may lag behind the mailbox; a list without q does not."""
    if not call.query["includeSpamTrash"]:
        mails = [mail for mail in mails if not {"SPAM", "TRASH"} & set(mail.label_ids)]
    if not call.query["q"]:
        return list(mails)
    fits = search(call.query["q"], call.now)
    return [mail for mail in mails if mail.internal_date <= call.searchable_until_ms and fits(mail)]


def page_of(call: Call, items: Sequence[Item]) -> tuple[Sequence[Item], dict[str, Any]]:
    """The page that is asked for, and its part of the answer: a page token while there is more."""
    token = call.query["pageToken"] or "0"
    if not re.fullmatch(r"\d{1,9}", token):
        raise invalid("Invalid pageToken")
    size = min(call.query["maxResults"] or MOST_A_PAGE, MOST_A_PAGE)
    end = int(token) + size
    answer: dict[str, Any] = {}
    if end < len(items):
        answer["nextPageToken"] = f"{end:09}"
    return items[int(token) : end], answer


def named(mail: StoredMessage) -> dict[str, Any]:
    return {"id": mail.id, "threadId": mail.thread_id}


def labelled(mail: StoredMessage) -> dict[str, Any]:
    return {**named(mail), "labelIds": list(mail.label_ids)}


def shown(mail: StoredMessage, form: str, only: list[str]) -> dict[str, Any]:
    if form == "full":
        raise not_done("format=full")
    answer = {
        **labelled(mail),
        "snippet": "",
        "sizeEstimate": len(mail.raw),
        "historyId": str(mail.history_id),
        "internalDate": str(mail.internal_date),
    }
    if form == "raw":
        answer["raw"] = base64.urlsafe_b64encode(mail.raw).decode()
    if form == "metadata":
        answer["payload"] = {"headers": _headers(mail, {name.lower() for name in only})}
    return answer


def _headers(mail: StoredMessage, only: set[str]) -> list[dict[str, str]]:
    fields = mime.fields_of(mail.raw)
    return [{"name": n, "value": mime.decoded(v)} for n, v in fields if not only or n.lower() in only]
