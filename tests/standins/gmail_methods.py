"""The methods of the Gmail API that the stand-in does, each as Gmail answers it: with as little as it can."""

from collections.abc import Callable
from typing import Any

from tests.standins import gmail_mime as mime
from tests.standins import gmail_post as post
from tests.standins.gmail_call import Call, found, labelled, named, page_of, shown
from tests.standins.gmail_discovery import decoded_bytes
from tests.standins.gmail_errors import invalid
from tests.standins.gmail_labels import LABEL_METHODS
from tests.standins.gmail_mailbox import newest_first
from tests.standins.gmail_relabelling import RELABELLING_METHODS
from tests.standins.gmail_syncing import SYNCING_METHODS


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
    call.mailbox.drop_draft(call.arguments["id"])
    return {}


def get_draft(call: Call) -> dict[str, Any]:
    mail = call.mailbox.draft(call.arguments["id"])
    return {"id": call.arguments["id"], "message": shown(mail, call.query["format"], [])}


def list_drafts(call: Call) -> dict[str, Any]:
    ids = {mail.id: draft_id for draft_id, mail in call.mailbox.drafts.items()}
    mails = newest_first(found(call, call.mailbox.drafts.values()))
    page, answer = page_of(call, mails)
    drafts = [{"id": ids[mail.id], "message": named(mail)} for mail in page]
    return {**({"drafts": drafts} if drafts else {}), **answer, "resultSizeEstimate": len(mails)}


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
    call.mailbox.drop_draft(draft_id)
    return labelled(sent)


def send_message(call: Call) -> dict[str, Any]:
    """A whole mail, at once; asked twice it goes out twice."""
    if call.media is not None:
        raw, wanted = call.media, call.body.get("threadId")
    elif "raw" in call.body:
        raw, wanted = decoded_bytes(call.body["raw"], "message.raw"), call.body.get("threadId")
    else:
        raise invalid("'raw' RFC822 payload message string or uploading message via /upload/* URL required")
    thread = call.mailbox.thread_for(mime.canonical(raw), wanted, None)
    return labelled(post.send(call.world, call.mailbox, raw, thread))


def get_message(call: Call) -> dict[str, Any]:
    mail = call.mailbox.find(call.arguments["id"])
    return shown(mail, call.query["format"], call.query["metadataHeaders"])


def list_messages(call: Call) -> dict[str, Any]:
    labels = set(call.query["labelIds"])
    mails = [mail for mail in found(call, call.mailbox.everything()) if labels <= set(mail.label_ids)]
    page, answer = page_of(call, newest_first(mails))
    messages = [named(mail) for mail in page]
    return {**({"messages": messages} if messages else {}), **answer, "resultSizeEstimate": len(mails)}


def list_send_as(call: Call) -> dict[str, Any]:
    """The mailbox's own address first; those that wait for their owner's confirmation are never among our aliases."""
    box = call.mailbox
    own = {"sendAsEmail": box.email, "displayName": box.name, "isPrimary": True, "isDefault": True}
    others = [
        {"sendAsEmail": email, "displayName": name, "treatAsAlias": True, "verificationStatus": "accepted"}
        for email, name in box.aliases.items()
    ]
    return {"sendAs": [own, *others]}


METHODS: dict[str, Callable[[Call], dict[str, Any]]] = {
    "gmail.users.getProfile": get_profile,
    "gmail.users.drafts.create": create_draft,
    "gmail.users.drafts.update": update_draft,
    "gmail.users.drafts.delete": delete_draft,
    "gmail.users.drafts.get": get_draft,
    "gmail.users.drafts.list": list_drafts,
    "gmail.users.drafts.send": send_draft,
    "gmail.users.messages.send": send_message,
    "gmail.users.messages.get": get_message,
    "gmail.users.messages.list": list_messages,
    "gmail.users.settings.sendAs.list": list_send_as,
    **LABEL_METHODS,
    **RELABELLING_METHODS,
    **SYNCING_METHODS,
}


def _content(call: Call) -> tuple[bytes, str | None]:
    """The mail a request carries, and the thread it wants to be in."""
    message = call.body.get("message", {})
    if call.media is not None:
        return call.media, message.get("threadId")
    if "raw" not in message:
        raise invalid("'raw' RFC822 payload message string or uploading message via /upload/* URL required")
    return decoded_bytes(message["raw"], "draft.message.raw"), message.get("threadId")


def _saved(call: Call, draft_id: str) -> dict[str, Any]:
    return {"id": draft_id, "message": labelled(call.mailbox.drafts[draft_id])}
