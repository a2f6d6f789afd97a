"""How a program keeps up with a mailbox of the Gmail stand-in: its history, and being told of changes."""

import re
from collections.abc import Callable
from typing import Any

from tests.standins.gmail_call import Call, page_of
from tests.standins.gmail_errors import invalid
from tests.standins.gmail_history import KINDS, Record
from tests.standins.gmail_labels import SYSTEM
from tests.standins.gmail_watch import WATCH_LASTS, Watch


def list_history(call: Call) -> dict[str, Any]:
    mark = call.query["startHistoryId"] or ""
    if not re.fullmatch(r"\d{1,20}", mark):
        raise invalid("Missing or invalid startHistoryId")
    kinds = {KINDS[name] for name in call.query["historyTypes"]} or set(KINDS.values())
    label = call.query["labelId"]
    fits = [record for record in call.mailbox.history.since(int(mark)) if record.kind in kinds]
    page, answer = page_of(call, [record for record in fits if _under(record, label)])
    records = [record.answer() for record in page]
    return {**({"history": records} if records else {}), **answer, "historyId": str(call.mailbox.history_id)}


def watch(call: Call) -> dict[str, Any]:
    wanted = call.body
    topic = call.world.watches.topic_named(wanted.get("topicName", ""))
    labels = wanted.get("labelIds", [])
    for label in labels:
        if label not in SYSTEM and label not in call.mailbox.labels:
            raise invalid(f"Invalid label: {label[:60]}")
    other = call.world.watches.by_mailbox.get(call.mailbox.email)
    if other and other.topic != topic.name and other.until_ms > call.now_ms:
        raise invalid("Only one user push notification client allowed per developer (call /stop then try again)")
    until_ms = call.now_ms + int(WATCH_LASTS.total_seconds() * 1000)
    behaviour = wanted.get("labelFilterBehavior", "include")
    box = call.mailbox
    call.world.watches.by_mailbox[box.email] = Watch(topic.name, labels, behaviour, until_ms, box.history_id)
    call.world.tell(topic, box)  # Gmail tells at once, whatever is new
    return {"historyId": str(box.history_id), "expiration": str(until_ms)}


def stop(call: Call) -> dict[str, Any]:
    call.world.watches.by_mailbox.pop(call.mailbox.email, None)
    return {}


SYNCING_METHODS: dict[str, Callable[[Call], dict[str, Any]]] = {
    "gmail.users.history.list": list_history,
    "gmail.users.watch": watch,
    "gmail.users.stop": stop,
}


def _under(record: Record, label: str | None) -> bool:
    return label is None or label in record.label_ids
