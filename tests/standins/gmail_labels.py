"""Labels in the Gmail stand-in: the owner's own, and those that Gmail made and nobody else may touch."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from tests.standins.gmail_call import Call
from tests.standins.gmail_discovery import LABEL_COLOURS
from tests.standins.gmail_errors import GoogleError, invalid, not_found
from tests.standins.gmail_mailbox import Mailbox

FIXED = ("SENT", "DRAFT")  # on the mails they are on, for good
MOVABLE = ("INBOX", "UNREAD", "STARRED", "IMPORTANT", "SPAM", "TRASH")
_CATEGORIES = tuple(f"CATEGORY_{name}" for name in ("PERSONAL", "SOCIAL", "PROMOTIONS", "UPDATES", "FORUMS"))
SYSTEM = (*FIXED, *MOVABLE, "CHAT", *_CATEGORIES)
_RESERVED = {name.lower() for name in SYSTEM} | {"drafts", "all mail", "starred", "inbox", "bin"}
_LONGEST = 225


def list_labels(call: Call) -> dict[str, Any]:
    own = [dict(label) for label in call.mailbox.labels.values()]
    return {"labels": [*(_system(name) for name in SYSTEM), *own]}


def get_label(call: Call) -> dict[str, Any]:
    name = call.arguments["id"]
    label = _system(name) if name in SYSTEM else _own(call)
    mails = call.mailbox.labelled(name)
    unread = [mail for mail in mails if "UNREAD" in mail.label_ids]
    return {
        **label,
        "messagesTotal": len(mails),
        "messagesUnread": len(unread),
        "threadsTotal": len({mail.thread_id for mail in mails}),
        "threadsUnread": len({mail.thread_id for mail in unread}),
    }


def create_label(call: Call) -> dict[str, Any]:
    facts = _wanted(call.mailbox, call.body, None)
    label_id = f"Label_{secrets.randbelow(10**18)}"
    defaults = {"messageListVisibility": "show", "labelListVisibility": "labelShow"}
    call.mailbox.labels[label_id] = {"id": label_id, **defaults, **facts, "type": "user"}
    return call.mailbox.labels[label_id]


def change_label(call: Call) -> dict[str, Any]:
    label = _own(call)
    label.update(_wanted(call.mailbox, call.body, label["id"]))
    return label


def delete_label(call: Call) -> dict[str, Any]:
    label_id = _own(call)["id"]
    for mail in call.mailbox.labelled(label_id):
        call.mailbox.relabel(mail.id, [name for name in mail.label_ids if name != label_id])
    del call.mailbox.labels[label_id]
    return {}


LABEL_METHODS: dict[str, Callable[[Call], dict[str, Any]]] = {
    "gmail.users.labels.list": list_labels,
    "gmail.users.labels.get": get_label,
    "gmail.users.labels.create": create_label,
    "gmail.users.labels.patch": change_label,
    "gmail.users.labels.update": change_label,
    "gmail.users.labels.delete": delete_label,
}


def _own(call: Call) -> dict[str, Any]:
    if call.arguments["id"] in SYSTEM:
        raise invalid("Invalid request: system labels cannot be changed")
    if call.arguments["id"] not in call.mailbox.labels:
        raise not_found()
    return call.mailbox.labels[call.arguments["id"]]


def _wanted(box: Mailbox, body: Mapping[str, Any], label_id: str | None) -> dict[str, Any]:
    """What a label is to become. Raises GoogleError: 409 for a name that another label has, whatever its case."""
    if body.get("type", "user") != "user" or body.get("id", label_id) != label_id:
        raise invalid("Invalid label: id and type are not yours to choose")
    if "name" in body:
        _check_name(box, body["name"], label_id)
    if "color" in body:
        _check_colour(body["color"])
    return {
        name: body[name] for name in ("name", "color", "messageListVisibility", "labelListVisibility") if name in body
    }


def _check_name(box: Mailbox, name: str, label_id: str | None) -> None:
    if not name.strip() or name != name.strip() or len(name) > _LONGEST or name.lower() in _RESERVED:
        raise invalid("Invalid label name")
    if any(label["name"].lower() == name.lower() and label["id"] != label_id for label in box.labels.values()):
        raise GoogleError(409, "aborted", "Label name exists or conflicts")


def _check_colour(colour: Mapping[str, str]) -> None:
    if set(colour) != {"backgroundColor", "textColor"}:
        raise invalid("Invalid label color: both backgroundColor and textColor are required")
    for value in colour.values():
        if value not in LABEL_COLOURS:
            raise invalid(f"Label color {value[:20]} is not on the allowed color palette")


def _system(name: str) -> dict[str, Any]:
    return {"id": name, "name": name, "type": "system"}
