import json

import pytest

from tests.makers import NOON
from tracker.gmail.failures import Answer, Passing, failure_of, retry_after
from tracker.mailbox import MarkTooOld, NameTaken, NotGranted, TopicClosed
from tracker.ports import Missing, NotAuthorized, Refused, TryLater, Undone


def _answer(status: int, reason: str = "", message: str = "", **headers: str) -> Answer:
    error = {"code": status, "message": message, "errors": [{"reason": reason}] if reason else []}
    return Answer(status, headers, json.dumps({"error": error}).encode())


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (302, "", TryLater),
        (400, "invalidArgument", Refused),
        (401, "authError", NotAuthorized),
        (403, "forbidden", Refused),
        (403, "rateLimitExceeded", Passing),
        (403, "dailyLimitExceeded", Undone),
        (404, "notFound", Missing),
        (408, "", Passing),
        (409, "aborted", Passing),
        (413, "", Refused),
        (418, "", Refused),
        (429, "", Passing),
        (500, "", Passing),
        (501, "notImplemented", Refused),
    ],
)
def test_a_status_becomes_what_the_caller_should_do(status: int, reason: str, kind: type[Exception]):
    assert type(failure_of(_answer(status, reason), "gmail.users.drafts.send", NOON)) is kind


@pytest.mark.parametrize(
    ("status", "reason", "what", "kind"),
    [
        (404, "notFound", "history.list", MarkTooOld),
        (404, "notFound", "threads.modify", Missing),
        (409, "aborted", "labels.create", NameTaken),
        (409, "aborted", "threads.modify", Passing),
        (403, "insufficientPermissions", "labels.create", NotGranted),
        (403, "forbidden", "watch", TopicClosed),
        (404, "notFound", "watch", TopicClosed),
        (403, "userRateLimitExceeded", "watch", Passing),
    ],
)
def test_what_was_asked_decides_what_a_refusal_means(status: int, reason: str, what: str, kind: type[Exception]):
    assert type(failure_of(_answer(status, reason), f"gmail.users.{what}", NOON)) is kind


@pytest.mark.parametrize("body", [b"", b"<html><title>Sorry...</title>", b"[]", b"\xff", b"[" * 20_000])
def test_a_403_that_is_not_googles_json_passes_and_leaves_open_what_was_done(body: bytes):
    failure = failure_of(Answer(403, {"retry-after": "7"}, body), "gmail.users.drafts.send", NOON)

    assert isinstance(failure, Passing)
    assert (failure.undone, failure.wait) == (False, 7)


def test_a_refusal_without_a_reason_says_what_to_do_next():
    assert "Try again in an hour" in str(failure_of(_answer(403), "gmail.users.drafts.send", NOON))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": "text"}', b'{"error": {"errors": 5}}', b"\xff"])
def test_an_error_in_another_shape_is_still_told(body: bytes):
    assert isinstance(failure_of(Answer(400, {}, body), "gmail.users.drafts.send", NOON), Refused)


def test_what_gmail_says_is_told_without_anything_that_looks_like_a_token():
    answer = _answer(400, "invalidArgument", "Bad\nheader: Bearer ya29." + "x" * 60)

    assert str(failure_of(answer, "gmail.users.drafts.send", NOON)) == "Gmail refused this: Bad header: Bearer …"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("12", 12),
        ("9" * 400, 999_999_999),
        ("Mon, 02 Nov 2026 12:00:30 GMT", 30),
        ("Mon, 02 Nov 2026 11:00:00 GMT", 0),
        ("Mon, 02 Nov 2026 12:00:30", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str | None, seconds: float):
    assert retry_after(value, NOON) == seconds
