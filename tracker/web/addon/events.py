"""Google's events read into values: whatever is missing or of another type is as if it were not there."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo

from tracker.lending import Lent
from tracker.model import Recipient
from tracker.tagging import recipients_of

_NAME = re.compile(r"[0-9a-f]{16}")
_GMAIL_NAME = re.compile(r"(?:msg|thread)-f:(\d{1,20})")
_PLAIN_GMAIL_NAME = re.compile(r"[0-9a-f]{1,16}")
# A mail written in this browser keeps a name of the page's own; only Gmail can tell which it is.
_LOCAL_GMAIL_NAME = re.compile(r"msg-a:[\w-]{1,64}")
_MOST_RECIPIENTS = 100
_LONGEST = 512
_LONGEST_TOKEN = 10_000


@dataclass(frozen=True, slots=True)
class Event:
    """One call of Google's, on behalf of one person.

    `gmail_id` and `thread_id` are spelled as the Gmail API spells them, None
    when there is no message or its name cannot be translated; `local_name` is
    one that only Gmail itself may know. `lent` is what Google lends us for this call.
    """

    user_id_token: str = field(repr=False)
    parameters: Mapping[str, str]
    inputs: Mapping[str, str]
    gmail_id: str | None
    thread_id: str | None
    recipients: tuple[Recipient, ...]
    zone: tzinfo
    local_name: str
    lent: Lent

    def name(self, parameter: str) -> str:
        """A parameter that we wrote into a card as a name of ours; empty when it is none."""
        value = self.parameters.get(parameter, "")
        return value if _NAME.fullmatch(value) else ""

    def switched_on(self, switch: str) -> bool:
        # Google leaves a switch that is off out of the form's inputs.
        return switch in self.inputs


def read_event(body: bytes) -> Event | None:
    """The event in a request's body; None when it is none at all."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    common, gmail = _object(said, "commonEventObject"), _object(said, "gmail")
    authorization = _object(said, "authorizationEventObject")
    return Event(
        user_id_token=_text(authorization, "userIdToken", _LONGEST_TOKEN),
        parameters={key: value for key, value in _object(common, "parameters").items() if isinstance(value, str)},
        inputs=_inputs(_object(common, "formInputs")),
        gmail_id=_gmail_name(_text(gmail, "messageId")),
        thread_id=_gmail_name(_text(gmail, "threadId")),
        recipients=_recipients(gmail),
        zone=_zone(_text(_object(common, "timeZone"), "id")),
        local_name=_local_name(_text(gmail, "messageId")),
        lent=_lent(authorization, gmail),
    )


def _object(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = said.get(name)
    return value if isinstance(value, dict) else {}


def _text(said: Mapping[str, Any], name: str, longest: int = _LONGEST) -> str:
    value = said.get(name)
    return value if isinstance(value, str) and len(value) <= longest else ""


def _inputs(form: Mapping[str, Any]) -> dict[str, str]:
    """The first value of each input that has one."""
    found: dict[str, str] = {}
    for name in form:
        values = _object(_object(form, name), "stringInputs").get("value")
        if isinstance(values, list) and values and isinstance(values[0], str):
            found[name] = values[0][:_LONGEST]
    return found


def _gmail_name(text: str) -> str | None:
    """Gmail's pages count a message's name in tens, its API in sixteens; names of other kinds only Gmail can tell."""
    if found := _GMAIL_NAME.fullmatch(text):
        return f"{int(found[1]):x}"
    return text if _PLAIN_GMAIL_NAME.fullmatch(text) else None


def _local_name(text: str) -> str:
    return text if _LOCAL_GMAIL_NAME.fullmatch(text) else ""


def _lent(authorization: Mapping[str, Any], gmail: Mapping[str, Any]) -> Lent:
    """Google's own pages spell the person's token in two ways."""
    user = _header_text(authorization, "userOAuthToken") or _header_text(authorization, "userOauthToken")
    return Lent(user, _header_text(gmail, "accessToken"))


def _header_text(said: Mapping[str, Any], name: str) -> str:
    """A text that may stand in a header of ours."""
    text = _text(said, name, _LONGEST_TOKEN)
    return text if text.isascii() and text.isprintable() else ""


def _recipients(gmail: Mapping[str, Any]) -> tuple[Recipient, ...]:
    """Google's own page spells the lists in two ways."""
    listed: list[str] = []
    for names in (("toRecipients",), ("ccRecipients", "CcRecipients"), ("bccRecipients", "BccRecipients")):
        values = next((value for name in names if isinstance(value := gmail.get(name), list)), cast(Sequence[Any], ()))
        listed += [value for value in values if isinstance(value, str) and len(value) <= _LONGEST]
    return _parsed(listed[:_MOST_RECIPIENTS])


def _parsed(listed: Sequence[str]) -> tuple[Recipient, ...]:
    lines = [" ".join(one.split()) for one in listed]
    header = "To: " + ",\r\n ".join(line for line in lines if line)
    return recipients_of(header.encode("utf-8", "replace") + b"\r\n\r\n") if listed else ()


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone; a path instead of a name
        return UTC
