"""The methods of the Gmail API that the stand-in does, each as Gmail answers it: with as little as it can."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.standins import gmail_mime as mime
from tests.standins import gmail_post as post
from tests.standins.gmail_discovery import decoded_bytes
from tests.standins.gmail_errors import invalid, not_done
from tests.standins.gmail_mailbox import Mailbox, StoredMessage, newest_first
from tests.standins.gmail_search import search

MOST_A_PAGE = 500


@dataclass(frozen=True, slots=True)
class Call:
    """One request that passed every check. `media` is the mail that came by the upload road."""

    world: post.World
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


def get_profile(call: Call) -> dict[str, Any]:
    mails = list(call.mailbox.everything())
    return {
        "emailAddress": call.mailbox.email,
        "messagesTotal": len(mails),
        "threadsTotal": len({mail.thread_id for mail in mails}),
        "historyId": str(call.mailbox.history_id),
    }


def create_draft(call: Call) -> dict[str, Any]:
    raw, thread = _content(call)
    return _saved(call, call.mailbox.put_draft(None, post.stored_as_draft(raw, call.mailbox), thread, call.now_ms))


def update_draft(call: Call) -> dict[str, Any]:
    draft_id = call.arguments["id"]
    call.mailbox.draft(draft_id)
    raw, thread = _content(call)
    return _saved(call, call.mailbox.put_draft(draft_id, post.stored_as_draft(raw, call.mailbox), thread, call.now_ms))


def delete_draft(call: Call) -> dict[str, Any]:
    call.mailbox.draft(call.arguments["id"])
    del call.mailbox.drafts[call.arguments["id"]]
    return {}


def get_draft(call: Call) -> dict[str, Any]:
    mail = call.mailbox.draft(call.arguments["id"])
    return {"id": call.arguments["id"], "message": _message(mail, call.query["format"], [])}


def list_drafts(call: Call) -> dict[str, Any]:
    ids = {mail.id: draft_id for draft_id, mail in call.mailbox.drafts.items()}
    page, answer = _page(call, newest_first(_found(call, call.mailbox.drafts.values())))
    drafts = [{"id": ids[mail.id], "message": _name(mail)} for mail in page]
    return {**({"drafts": drafts} if drafts else {}), **answer}


def send_draft(call: Call) -> dict[str, Any]:
    """The message in the request, when there is one, goes out in place of the one that was saved."""
    draft_id = call.body["id"]
    kept = call.mailbox.draft(draft_id)
    if "message" in call.body or call.media is not None:
        raw, wanted = _content(call)
        thread = call.mailbox.thread_for(mime.canonical(raw), wanted, draft_id)
    else:
        raw, thread = kept.raw, kept.thread_id
    sent = post.send(call.world, call.mailbox, raw, thread)
    del call.mailbox.drafts[draft_id]
    return _labelled(sent)


def get_message(call: Call) -> dict[str, Any]:
    mail = call.mailbox.find(call.arguments["id"])
    return _message(mail, call.query["format"], call.query["metadataHeaders"])


def list_messages(call: Call) -> dict[str, Any]:
    labels = set(call.query["labelIds"])
    mails = [mail for mail in _found(call, call.mailbox.everything()) if labels <= set(mail.label_ids)]
    page, answer = _page(call, newest_first(mails))
    messages = [_name(mail) for mail in page]
    return {**({"messages": messages} if messages else {}), **answer}


METHODS: dict[str, Callable[[Call], dict[str, Any]]] = {
    "gmail.users.getProfile": get_profile,
    "gmail.users.drafts.create": create_draft,
    "gmail.users.drafts.update": update_draft,
    "gmail.users.drafts.delete": delete_draft,
    "gmail.users.drafts.get": get_draft,
    "gmail.users.drafts.list": list_drafts,
    "gmail.users.drafts.send": send_draft,
    "gmail.users.messages.get": get_message,
    "gmail.users.messages.list": list_messages,
}


def _content(call: Call) -> tuple[bytes, str | None]:
    """The mail a request carries, and the thread it wants to be in."""
    message = call.body.get("message", {})
    if call.media is not None:
        return call.media, message.get("threadId")
    if "raw" not in message:
        raise invalid("'raw' RFC822 payload message string or uploading message via /upload/* URL required")
    return decoded_bytes(message["raw"], "draft.message.raw"), message.get("threadId")


def _found(call: Call, mails: Any) -> list[StoredMessage]:
    """The mails that q finds. Its index may lag behind the mailbox; a list without q does not."""
    if not call.query["q"]:
        return list(mails)
    fits = search(call.query["q"], call.now)
    return [mail for mail in mails if mail.internal_date <= call.searchable_until_ms and fits(mail)]


def _page(call: Call, mails: list[StoredMessage]) -> tuple[list[StoredMessage], dict[str, Any]]:
    token = call.query["pageToken"] or "0"
    if not re.fullmatch(r"\d{1,9}", token):
        raise invalid("Invalid pageToken")
    size = min(call.query["maxResults"] or MOST_A_PAGE, MOST_A_PAGE)
    end = int(token) + size
    answer: dict[str, Any] = {"resultSizeEstimate": len(mails)}
    if end < len(mails):
        answer["nextPageToken"] = f"{end:09}"
    return mails[int(token) : end], answer


def _saved(call: Call, draft_id: str) -> dict[str, Any]:
    return {"id": draft_id, "message": _labelled(call.mailbox.drafts[draft_id])}


def _name(mail: StoredMessage) -> dict[str, Any]:
    return {"id": mail.id, "threadId": mail.thread_id}


def _labelled(mail: StoredMessage) -> dict[str, Any]:
    return {**_name(mail), "labelIds": list(mail.label_ids)}


def _message(mail: StoredMessage, form: str, only: list[str]) -> dict[str, Any]:
    if form == "full":
        raise not_done("format=full")
    answer = {
        **_labelled(mail),
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
