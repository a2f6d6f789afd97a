"""What Gmail's refusals mean for us, in words for the person who sends."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from tracker.mailbox import MarkTooOld, NameTaken, NotGranted, TopicClosed
from tracker.ports import Missing, NotAuthorized, Refused, TryLater, Undone

WITHDRAWN = "Google no longer lets Twotick into this mailbox: connect it again."

_SLOW_DOWN = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_SPENT = frozenset({"dailyLimitExceeded", "quotaExceeded"})
_FORBIDDEN = {
    "domainPolicy": "The administrator of this mailbox does not let other programs use Gmail.",
    "accessNotConfigured": "The Gmail API is not switched on in the Google project of this Twotick.",
}
_NO_REASON = (
    ", and gives no reason. Try again in an hour; if it says the same then, whoever runs Twotick finds more in its log."
)
_OUTSIDE = "insufficientPermissions"
_WATCH = "gmail.users.watch"
_GONE = {
    "gmail.users.drafts.get": "Gmail no longer has this draft: it was sent or deleted.",
    "gmail.users.drafts.send": "Gmail no longer has this draft: it was sent or deleted.",
    "gmail.users.drafts.create": "Gmail no longer has the conversation that this mail belongs to.",
    "gmail.users.drafts.delete": "Gmail no longer has this draft: it was sent or deleted.",
    "gmail.users.threads.modify": "Gmail no longer has this conversation.",
    "gmail.users.labels.patch": "Gmail no longer has this label.",
}


class Passing(Exception):
    """A failure that may pass by itself. `undone` says that what was asked was certainly not done."""

    def __init__(self, text: str, *, undone: bool, wait: float = 0) -> None:
        super().__init__(text)
        self.undone = undone
        self.wait = wait

    def given_up(self) -> TryLater:
        return Undone(str(self)) if self.undone else TryLater(str(self))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300


def failure_of(answer: Answer, what: str, now: datetime) -> Exception:
    """The exception that an answer other than 2xx deserves: one of the port's, or Passing."""
    reason, message = _said(answer.body)
    status = answer.status
    if status == 401:
        return NotAuthorized(WITHDRAWN)
    if status == 429 or (status == 403 and reason in _SLOW_DOWN):
        return Passing(
            "Gmail asks us to slow down.", undone=True, wait=retry_after(answer.headers.get("retry-after"), now)
        )
    if status == 403 and reason in _SPENT:
        return Undone("Gmail's limit for today is reached.")
    if status == 409 and what.startswith("gmail.users.labels."):
        return NameTaken("Gmail has a label of this name already.")
    # Gmail refuses in JSON: a page of something before it, such as "unusual traffic", is no word about this mailbox.
    in_its_place = status == 403 and not _is_json(answer.body)
    if in_its_place or status in (408, 409) or (status >= 500 and status != 501):
        wait = retry_after(answer.headers.get("retry-after"), now)
        return Passing(f"Gmail has trouble right now (error {status}).", undone=False, wait=wait)
    if status < 400:
        return TryLater(f"Something between us and Gmail answered in its place (status {status}).")
    return _refusal(status, reason, message, what)


def retry_after(value: str | None, now: datetime) -> float:
    """The seconds a Retry-After header asks for, as a number or as a date; 0 where there is none we can read."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def _refusal(status: int, reason: str, message: str, what: str) -> Refused:
    if status == 404 and what == "gmail.users.history.list":
        return MarkTooOld("Gmail no longer knows what happened since then.")
    if status == 404 and what == _WATCH:
        return TopicClosed("There is no such Pub/Sub topic: its operator should check its name.", missing=True)
    if status == 404:
        return Missing(_GONE.get(what, "Gmail no longer has this message."))
    if status == 413:
        return Refused("The mail is too large for Gmail.")
    if status == 403 and reason == _OUTSIDE:
        return NotGranted(
            "Twotick was not given the permission for this: connect the mailbox again and leave every box ticked."
        )
    if status == 403 and what == _WATCH:
        # Not the person's affair: Gmail itself, which publishes, is not let to the topic.
        return TopicClosed(
            "Gmail may not publish to the Pub/Sub topic: its operator should give gmail-api-push@system."
            "gserviceaccount.com the role Pub/Sub Publisher on it."
        )
    if status == 403:
        return Refused(
            _FORBIDDEN.get(reason) or f"Gmail does not allow this{f': {message}' if message else _NO_REASON}"
        )
    return Refused(f"Gmail refused this: {message or f'it gives no reason (error {status})'}")


def _is_json(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def _said(body: bytes) -> tuple[str, str]:
    """Google's reason and message; empty where the answer is not Google's JSON."""
    try:
        error: Any = json.loads(body)["error"]
        reasons = [str(item["reason"]) for item in error.get("errors", ())]
        return (reasons or [""])[0], _printable(str(error.get("message", "")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", ""


def _printable(text: str) -> str:
    # A long unbroken word is never for people, and may be a token that somebody echoes.
    return re.sub(r"\S{40,}", "…", " ".join(text.split()))[:200]
