"""Hits written down one JSON object a line, with what was known of them and perhaps what they were."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tracker.classify.known import Known
from tracker.classify.networks import network_of_both
from tracker.classify.rules import RULES, RULESET
from tracker.classify.thresholds import FAN_OUT_COPIES
from tracker.model import Cause, Correction, Hit, HitKind, Judged, Verdict

SENT_AT = datetime(2000, 1, 1, tzinfo=UTC)  # recorded hits count from their sending; when that was says nothing
_CAUSES = {rule.reason: rule.cause for rule in RULES if rule.reason != "corrected"}
_FURTHEST = 36500 * 86400.0  # seconds


class BadLine(ValueError):
    """What is wrong with a line, in words for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A recorded hit, what was known of it, and what it was (None and "" where nobody said)."""

    hit: Hit
    known: Known
    cause: Cause | None
    reason: str


def labelled_hit(line: str) -> Labelled:
    """A hit from its line. Raises BadLine."""
    try:
        row = _object(json.loads(line), "the line")
        hit, context = _hit(row), _object(row.get("context") or {}, "context")
        label = row.get("label")
        return Labelled(hit, _known(hit, row, context), Cause(label) if label else None, str(row.get("reason") or ""))
    except BadLine:
        raise
    except RecursionError:
        raise BadLine("it is nested too deeply") from None
    except KeyError as missing:
        raise BadLine(f"{missing.args[0]} is missing") from None
    except (ValueError, TypeError, AttributeError, OverflowError) as wrong:
        raise BadLine(str(wrong)) from None


def _hit(row: Mapping[str, Any]) -> Hit:
    seen = _object(row.get("headers") or {}, "headers")
    headers = {str(name).lower(): str(value) for name, value in seen.items() if value is not None}
    if isinstance(row.get("ua"), str):
        headers.setdefault("user-agent", row["ua"])
    return Hit(
        id=str(row["id"]),
        at=SENT_AT + _seconds(row["seconds_after_send"]),
        kind=HitKind(row["kind"]),
        copy_id="this",
        method=str(row.get("method") or "GET"),
        ip=str(row["ip"]) if row.get("ip") else None,
        headers=headers,
        link="link:0" if row["kind"] == HitKind.CLICK else None,
    )


def _known(hit: Hit, row: Mapping[str, Any], context: Mapping[str, Any]) -> Known:
    return Known(
        sent_at=SENT_AT if context.get("armed", True) else None,
        recipient_mx=str(context.get("recipient_mx") or "unknown"),
        prior=tuple(
            _prior(hit, number, _object(one, "prior")) for number, one in enumerate(context.get("prior") or ())
        ),
        around=tuple(_around(hit, context)),
        links_total=int(context.get("links_total") or 0),
        corrections=tuple(_corrections(hit, context)),
        sender_ips=frozenset(str(ip) for ip in context.get("sender_ips") or ()),
        sender_cookie=_told(context, "cookie"),
        sender_is_looking=_told(context, "looking", "headsup", "heads_up"),
        recipient_is_colleague=_told(context, "colleague", "same_domain", "same_company", "internal"),
        bounced_at=min(hit.at, SENT_AT) if _told(context, "bounce") else None,
        replied_at=min(hit.at, SENT_AT) if _told(context, "replied", "reply") else None,
        honeypot=_told(context, "honeypot"),
        network=network_of_both(hit.ip, _number(row.get("asn"))),
        sent_copy_clean=_told(context, "sent_copy_clean", "forward_hint"),
    )


def _prior(hit: Hit, number: int, before: Mapping[str, Any]) -> Judged:
    """An earlier hit of which only the reason, the age and perhaps the actor were written down."""
    reason = str(before.get("reason") or "")
    same = bool(before.get("same_ip") or before.get("same_ua") or before.get("same_actor"))
    earlier = Hit(
        id=f"{hit.id}-prior-{number}",
        at=hit.at - _seconds(before.get("age_s") or 0),
        kind=HitKind(before.get("kind") or HitKind.OPEN),
        copy_id="this",
        ip=hit.ip if same else None,
        headers=hit.headers if same else {},
    )
    return _judged(
        earlier, Cause(before["label"]) if before.get("label") else _CAUSES.get(reason, Cause.UNKNOWN), reason
    )


def _corrections(hit: Hit, context: Mapping[str, Any]) -> list[Correction]:
    said = context.get("corrected") or context.get("correction")
    return [Correction("", hit.id, Cause.SELF if said is True else Cause(said), "", "", hit.at)] if said else []


def _around(hit: Hit, context: Mapping[str, Any]) -> list[Judged]:
    """The hits beside this one, of which only the number was written down."""
    links = _most(context, "links_2s", "links_1s")
    every = _most(context, "links_10s")
    seconds = _most(context, "same_second")
    copies = max(_most(context, "tokens", "copies", "recipients"), FAN_OUT_COPIES * _told(context, "fan_out"))
    return [
        *(_beside(hit, number, 1.0, HitKind.CLICK, link=f"link:{number}") for number in _upto(links)),
        *(_beside(hit, number, 9.0, HitKind.CLICK, link=f"link:{number}") for number in _upto(every)),
        *(_beside(hit, number, 0.5, hit.kind, copy=f"other:{number}") for number in _upto(seconds)),
        *(_beside(hit, number, 30.0, hit.kind, copy=f"another:{number}") for number in _upto(copies)),
    ]


def _told(context: Mapping[str, Any], *words: str) -> bool:
    """Whether a fact is told, under any name that has one of these words in it: recorders name them differently."""
    return any(value and any(word in name.lower() for word in words) for name, value in context.items())


def _most(context: Mapping[str, Any], *words: str) -> int:
    found = [value for name, value in context.items() if any(word in name.lower() for word in words)]
    return max((int(value) for value in found if isinstance(value, int | float)), default=0)


def _upto(count: int) -> range:
    return range(1, min(count, 100))


def _beside(
    hit: Hit, number: int, apart: float, kind: HitKind, *, copy: str = "this", link: str | None = None
) -> Judged:
    other = Hit(
        f"{hit.id}-{apart}-{number}", hit.at + timedelta(seconds=apart), kind, copy, "GET", hit.ip, hit.headers, link
    )
    return _judged(other, Cause.UNKNOWN, "")


def _judged(hit: Hit, cause: Cause, reason: str) -> Judged:
    return Judged(hit, Verdict(cause, 0.5, reason, (), RULESET), "")


def _seconds(value: Any) -> timedelta:
    seconds = float(value)
    if not abs(seconds) <= _FURTHEST:
        raise BadLine(f"{value} seconds is no moment within a hundred years")
    return timedelta(seconds=seconds)


def _number(value: Any) -> int | None:
    return None if value is None else int(str(value).upper().removeprefix("AS"))


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadLine(f"{name} is no JSON object")
    return value
