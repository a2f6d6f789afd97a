"""Values for tests, each valid as it comes; name only what your test is about."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tracker.clock import new_id, new_timed_id
from tracker.model import (
    Account,
    Alert,
    AlertKind,
    Cause,
    Copy,
    Hit,
    HitKind,
    Judged,
    Message,
    MessageState,
    Recipient,
    Summary,
    Verdict,
)
from tracker.workspaces import Installation

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
OUTLOOK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Microsoft Outlook 16.0.17928; Pro)"

_numbers = itertools.count(1)


def after(seconds: float = 0, **parts: float) -> datetime:
    """A moment counted from noon."""
    return NOON + timedelta(seconds=seconds, **parts)


def an_account(**facts: Any) -> Account:
    number = next(_numbers)
    return replace(Account(id=new_id(), email=f"sender{number}@example.com", slack_user=f"U{number:08}"), **facts)


def a_message(**facts: Any) -> Message:
    made = Message(
        id=new_id(), account_id=new_id(), source=f"draft:r{next(_numbers)}", subject="Q3 proposal", created_at=NOON
    )
    return replace(made, **facts)


def a_sent_message(**facts: Any) -> Message:
    return a_message(**{"state": MessageState.SENT, "sent_at": NOON, **facts})


def a_copy(**facts: Any) -> Copy:
    made = Copy(id=new_id(), message_id=new_id(), recipients=(Recipient("ada@acme.example", "Ada Lovelace"),))
    return replace(made, **facts)


def a_sent_copy(**facts: Any) -> Copy:
    sent = {"sent_at": NOON, "attempted_at": NOON, "gmail_id": f"g{next(_numbers)}", "thread_id": "t1"}
    return a_copy(**{**sent, **facts})


def a_hit(**facts: Any) -> Hit:
    at = facts.get("at", after(minutes=5))
    made = Hit(
        id=new_timed_id(at),
        at=at,
        kind=HitKind.OPEN,
        copy_id=new_id(),
        ip="198.51.100.7",
        headers={"user-agent": OUTLOOK},
    )
    return replace(made, **facts)


def a_verdict(**facts: Any) -> Verdict:
    return replace(Verdict(Cause.HUMAN, 0.9, "mail_client_ua", ("G2",), "test"), **facts)


def a_judged(**facts: Any) -> Judged:
    return replace(Judged(a_hit(), a_verdict(), "Outlook on Windows"), **facts)


def a_summary(**facts: Any) -> Summary:
    return replace(Summary(), **facts)


def an_alert(**facts: Any) -> Alert:
    made = Alert(
        id=new_id(),
        key=f"key-{next(_numbers)}",
        kind=AlertKind.FIRST_OPEN,
        account_id=new_id(),
        due_at=NOON,
        message_id=new_id(),
    )
    return replace(made, **facts)


def an_installation(**facts: Any) -> Installation:
    number = next(_numbers)
    made = Installation(
        team_id=f"T{number:08}",
        name=f"Workspace {number}",
        bot_user=f"UB{number:07}",
        installed_by=f"U{number:08}",
        installed_at=NOON,
        scopes=("chat:write", "commands"),
        bot_token=f"xoxb-{number}",
        app_id="A0TWOTICK",
    )
    return replace(made, **facts)
