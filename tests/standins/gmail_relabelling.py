"""Conversations in the Gmail stand-in, and moving mails and whole conversations between labels."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tests.standins.gmail_call import Call, found, labelled, page_of, shown
from tests.standins.gmail_errors import invalid
from tests.standins.gmail_labels import FIXED, MOVABLE
from tests.standins.gmail_mailbox import Mailbox, StoredMessage, newest_first

_MOST_LABELS = 100


def modify_message(call: Call) -> dict[str, Any]:
    mail = call.mailbox.find(call.arguments["id"])
    add, remove = _asked(call)
    if "DRAFT" in mail.label_ids:
        raise invalid("Invalid label: drafts cannot carry labels")
    return labelled(_move(call.mailbox, mail, add, remove))


def trash_message(call: Call) -> dict[str, Any]:
    mail = call.mailbox.find(call.arguments["id"])
    if "DRAFT" in mail.label_ids:
        raise invalid("Invalid request: a draft is deleted, not thrown away")
    return labelled(_move(call.mailbox, mail, ["TRASH"], ["INBOX"]))


def untrash_message(call: Call) -> dict[str, Any]:
    return labelled(_move(call.mailbox, call.mailbox.find(call.arguments["id"]), [], ["TRASH"]))


def delete_message(call: Call) -> dict[str, Any]:
    call.mailbox.drop(call.arguments["id"])
    return {}


def modify_thread(call: Call) -> dict[str, Any]:
    """All mails of a conversation; its drafts stay as they are."""
    members = call.mailbox.thread(call.arguments["id"])
    add, remove = _asked(call)
    moved = [mail if "DRAFT" in mail.label_ids else _move(call.mailbox, mail, add, remove) for mail in members]
    return {"id": call.arguments["id"], "messages": [labelled(mail) for mail in moved]}


def get_thread(call: Call) -> dict[str, Any]:
    members = call.mailbox.thread(call.arguments["id"])
    form, only = call.query["format"], call.query["metadataHeaders"]
    return {
        "id": call.arguments["id"],
        "historyId": str(max(mail.history_id for mail in members)),
        "messages": [shown(mail, form, only) for mail in members],
    }


def list_threads(call: Call) -> dict[str, Any]:
    wanted = set(call.query["labelIds"])
    mails = [mail for mail in found(call, call.mailbox.everything()) if wanted <= set(mail.label_ids)]
    latest = {mail.thread_id: mail for mail in reversed(newest_first(mails))}
    heads = newest_first(latest.values())
    page, answer = page_of(call, heads)
    threads = [{"id": mail.thread_id, "snippet": "", "historyId": str(mail.history_id)} for mail in page]
    return {**({"threads": threads} if threads else {}), **answer, "resultSizeEstimate": len(heads)}


RELABELLING_METHODS: dict[str, Callable[[Call], dict[str, Any]]] = {
    "gmail.users.messages.modify": modify_message,
    "gmail.users.messages.trash": trash_message,
    "gmail.users.messages.untrash": untrash_message,
    "gmail.users.messages.delete": delete_message,
    "gmail.users.threads.modify": modify_thread,
    "gmail.users.threads.get": get_thread,
    "gmail.users.threads.list": list_threads,
}


def _asked(call: Call) -> tuple[Sequence[str], Sequence[str]]:
    """The labels to add and to remove. Raises GoogleError for those that nobody may move, and for unknown ones."""
    add, remove = call.body.get("addLabelIds", []), call.body.get("removeLabelIds", [])
    if not add and not remove:
        raise invalid("No label add or removes specified")
    if len(add) > _MOST_LABELS or len(remove) > _MOST_LABELS or set(add) & set(remove):
        raise invalid("Invalid request: too many labels, or the same one both ways")
    for label in (*add, *remove):
        if label in FIXED or (label not in MOVABLE and label not in call.mailbox.labels):
            raise invalid(f"Invalid label: {label[:60]}")
    return add, remove


def _move(box: Mailbox, mail: StoredMessage, add: Iterable[str], remove: Iterable[str]) -> StoredMessage:
    gone = set(remove)
    box.relabel(mail.id, [label for label in (*mail.label_ids, *add) if label not in gone])
    return box.messages[mail.id]
