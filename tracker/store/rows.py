"""Rows made into the product's words, and texts made fit for a row."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from tracker.model import (
    HELD,
    Account,
    AccountState,
    Alert,
    AlertKind,
    Cause,
    Copy,
    Correction,
    Heat,
    Hit,
    HitKind,
    Judged,
    Message,
    MessageState,
    Post,
    Profile,
    Recipient,
    Summary,
    Verdict,
)
from tracker.store.moments import moment, moment_or_none

Row = Mapping[str, Any]


def storable(text: str) -> str:
    """The text, with what a database refuses (NUL, halves of characters) shown as unreadable."""
    if text.isascii():
        return text.replace("\0", "\ufffd") if "\0" in text else text
    return text.replace("\0", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def account_of(row: Row) -> Account:
    return Account(
        row["id"],
        row["email"],
        row["slack_user"],
        row["slack_team"],
        AccountState(row["state"]),
        Profile(row["profile"]) if row["profile"] else None,
        bool(row["delegated"]),
    )


def message_of(row: Row) -> Message:
    return Message(
        id=row["id"],
        account_id=row["account_id"],
        source=row["source"],
        subject=row["subject"],
        created_at=moment(row["created_at"]),
        links=bool(row["links"]),
        per_recipient=bool(row["per_recipient"]),
        level=row["level"],
        state=MessageState(row["state"]),
        sent_at=moment_or_none(row["sent_at"]),
        untracked=row["untracked"],
        stopped_at=moment_or_none(row["stopped_at"]),
        documents=bool(row["documents"]),
        left_attached=row["left_attached"],
    )


def copy_of(row: Row) -> Copy:
    return Copy(
        id=row["id"],
        message_id=row["message_id"],
        recipients=recipients_of(row["recipients"]),
        draft_id=row["draft_id"],
        attempted_at=moment_or_none(row["attempted_at"]),
        sent_at=moment_or_none(row["sent_at"]),
        gmail_id=row["gmail_id"],
        thread_id=row["thread_id"],
        rfc_message_id=row["rfc_message_id"],
        recipient_mx=row["recipient_mx"],
        links_total=row["links_total"],
    )


def recipients_of(text: str) -> tuple[Recipient, ...]:
    return tuple(Recipient(*facts) for facts in json.loads(text))


def recipients_text(recipients: tuple[Recipient, ...]) -> str:
    return json.dumps([[one.address, one.name, one.mail_system] for one in recipients])


def summary_of(row: Row) -> Summary:
    return Summary(
        opens=row["opens"],
        clicks=row["clicks"],
        machines=row["machines"],
        unsure=row["unsure"],
        first_open_at=moment_or_none(row["first_open_at"]),
        last_open_at=moment_or_none(row["last_open_at"]),
        first_click_at=moment_or_none(row["first_click_at"]),
        last_click_at=moment_or_none(row["last_click_at"]),
        last_client=row["last_client"],
        last_reason=row["last_reason"],
        last_hit_at=moment_or_none(row["last_hit_at"]),
        last_place=row["last_place"],
        passed_on=row["passed_on"],
        replied_at=moment_or_none(row["replied_at"]),
        bounced_at=moment_or_none(row["bounced_at"]),
        heat=_heat_of(row),
    )


def _heat_of(row: Row) -> Heat | None:
    at = moment_or_none(row["heat_at"])
    return Heat(at, row["heat_openings"], timedelta(microseconds=row["heat_pause"])) if at else None


def judged_of(row: Row) -> Judged:
    headers = MappingProxyType(json.loads(row["headers"]) if row["headers"] else {})
    hit = Hit(
        id=row["id"],
        at=moment(row["at"]),
        kind=HitKind(row["kind"]),
        copy_id=row["copy_id"],
        method=row["method"],
        ip=row["ip"],
        headers=headers,
        link=row["link"],
    )
    verdict = Verdict(Cause(row["cause"]), row["confidence"], row["reason"], _rules(row["rules"]), row["ruleset"])
    return Judged(hit, verdict, row["client"], row["place"])


@lru_cache(maxsize=256)
def _rules(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def correction_of(row: Row) -> Correction:
    return Correction(
        account_id=row["account_id"],
        hit_id=row["hit_id"],
        cause=Cause(row["cause"]),
        network=row["network"],
        client=row["client"],
        at=moment(row["at"]),
    )


def alert_of(row: Row) -> Alert:
    return Alert(
        id=row["id"],
        key=row["key"],
        kind=AlertKind(row["kind"]),
        account_id=row["account_id"],
        due_at=moment(row["due_at"]),
        message_id=row["message_id"],
        copy_id=row["copy_id"],
        hit_id=row["hit_id"],
        order_id=row["order_id"],
        held_for=row["topic"].removeprefix(HELD) if row["topic"].startswith(HELD) else None,
        crowd_id=row["crowd_id"],
    )


def post_of(row: Row) -> Post:
    return Post(
        topic=row["topic"],
        channel=row["channel"],
        ts=row["ts"],
        turn=row["turn"],
        drawn_at=moment_or_none(row["drawn_at"]),
        told_at=moment_or_none(row["told_at"]),
        line_at=moment_or_none(row["line_at"]),
        message_id=row["message_id"],
    )
