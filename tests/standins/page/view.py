"""What the page shows, as plain values: mailboxes, drafts, Sent, inboxes and the DM."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.standins.mail_clients import MAIL_CLIENTS
from tests.standins.mail_reading import ReadMail, read_mail
from tests.standins.page.changes import Changes
from tests.standins.terminal import as_typed

_SHOWN = 100  # of each list: the page is for trying the product, not for keeping mail


@dataclass(frozen=True, slots=True)
class Workbench:
    """What the page works on. A real service in use leaves its stand-in None."""

    gmail: Any
    slack: Any
    sender: str
    slack_user: str
    command: tuple[str, ...]
    changes: Changes

    def send_command(self, draft_id: str, options: Mapping[str, bool]) -> list[str]:
        """The command that sends a draft tracked."""
        flags = [f"--{name}" for name in ("links", "per-recipient", "documents") if options.get(name)]
        return [*self.command, "send", "--account", self.sender, "--draft", draft_id, *flags]


def state(bench: Workbench) -> dict[str, Any]:
    """Everything on the page, with the version it belongs to."""
    return {
        "version": bench.changes.version,
        "sender": bench.sender,
        "slackUser": bench.slack_user,
        "clients": [
            {"key": one.key, "name": one.name, "group": one.group, "note": one.note} for one in MAIL_CLIENTS.values()
        ],
        "gmail": None if bench.gmail is None else _gmail(bench),
        "slack": None if bench.slack is None else {"messages": list(bench.slack.dm_of(bench.slack_user))[-_SHOWN:]},
    }


def _gmail(bench: Workbench) -> dict[str, Any]:
    own = bench.gmail.mailboxes[bench.sender]
    others = [box for box in bench.gmail.mailboxes.values() if box is not own]
    drafts = [
        {**_line(one), "id": draft, "command": as_typed(bench.send_command(draft, {}))}
        for draft, one in own.drafts.items()
    ]
    return {
        "name": own.name,
        "drafts": _latest(drafts),
        "sent": _latest(_lines(own, "SENT")),
        "mailboxes": [
            {"email": box.email, "name": box.name, "inbox": _latest(_lines(box, "INBOX"))} for box in [*others, own]
        ],
    }


def _lines(box: Any, label: str) -> Iterator[dict[str, Any]]:
    found = (one for one in box.messages.values() if label in one.label_ids and "DRAFT" not in one.label_ids)
    return ({**_line(one), "labels": sorted(box.label_names(one))} for one in found)


def _line(stored: Any) -> dict[str, Any]:
    mail = read_once(bytes(stored.raw))
    return {
        "id": stored.id,
        "at": stored.internal_date,
        "unread": "UNREAD" in stored.label_ids,
        "subject": mail.subject or "(no subject)",
        "from": mail.sender,
        "to": mail.to,
        "snippet": " ".join(mail.text.split())[:140],
    }


def _latest(lines: Any) -> list[dict[str, Any]]:
    return sorted(lines, key=lambda line: line["at"], reverse=True)[:_SHOWN]


# The page asks for the whole state at every change; a mail's bytes never change under its id.
read_once = lru_cache(maxsize=400)(read_mail)


def mail_facts(mail: ReadMail) -> dict[str, Any]:
    """One opened mail's headers, and the links a reader could click."""
    return {
        "subject": mail.subject or "(no subject)",
        "from": mail.sender,
        "to": mail.to,
        "images": len(mail.images),
        "links": [{"words": link.words, "address": link.address} for link in mail.links],
    }
