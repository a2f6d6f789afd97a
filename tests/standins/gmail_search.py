"""The part of Gmail's search language that the stand-in understands; the rest is refused, never guessed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.standins import gmail_mime as mime
from tests.standins.gmail_errors import invalid
from tests.standins.gmail_mailbox import StoredMessage

Test = Callable[[StoredMessage], bool]
_WORD = re.compile(r'\s*([a-z0-9_]+):("[^"]*"|[^\s"(){}]+)(?=\s|$)', re.IGNORECASE)
_PLACES = {"sent": "SENT", "draft": "DRAFT", "drafts": "DRAFT", "inbox": "INBOX"}
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "m": timedelta(days=30), "y": timedelta(days=365)}


def search(query: str, now: datetime) -> Test:
    """A test for mails; all words of the query must hold. Raises GoogleError for what we do not understand."""
    tests: list[Test] = []
    at = 0
    while query[at:].strip():
        word = _WORD.match(query, at)
        if not word:
            raise invalid(f"The stand-in does not understand this part of q: {query[at:].strip()!r}")
        tests.append(_test(word[1].lower(), word[2].strip('"'), now))
        at = word.end()
    return lambda mail: all(test(mail) for test in tests)


def _test(operator: str, value: str, now: datetime) -> Test:
    if operator == "in" and value in _PLACES:
        return lambda mail: _PLACES[value] in mail.label_ids
    if operator == "after":
        return _later_than(_moment(value))
    if operator == "newer_than":
        return _later_than(now - _span(value))
    if operator == "rfc822msgid":
        return lambda mail: mime.message_id_of(mail.raw).strip("<>") == value.strip("<>")
    if operator == "subject":
        return lambda mail: _words(value) in _words(mail.subject)
    if operator in ("from", "to"):
        return lambda mail: _mentions(mail, operator, value.lower())
    raise invalid(f"The stand-in does not search by {operator}:{value}")


def _later_than(moment: datetime) -> Test:
    # Gmail's `after:` counts whole seconds, and a mail of that very second is not after it.
    return lambda mail: mail.internal_date // 1000 > int(moment.timestamp())


def _moment(value: str) -> datetime:
    if value.isascii() and value.isdigit():
        return datetime.fromtimestamp(int(value), UTC)
    try:
        return datetime.strptime(value, "%Y/%m/%d").replace(tzinfo=UTC)
    except ValueError:
        raise invalid(f"after:{value} is neither a date nor seconds since 1970") from None


def _span(value: str) -> timedelta:
    parts = re.fullmatch(r"(\d+)([hdmy])", value)
    if not parts:
        raise invalid(f"newer_than:{value} is not a number with h, d, m or y")
    return int(parts[1]) * _UNITS[parts[2]]


def _mentions(mail: StoredMessage, operator: str, value: str) -> bool:
    names = ("From",) if operator == "from" else mime.RECIPIENT_FIELDS
    return any(value in f"{name} {address}".lower() for name, address in mime.addresses(mail.raw, *names))


def _words(text: str) -> str:
    return " ".join(["", *re.findall(r"[^\W_]+", text.lower()), ""])
