"""Requests as values, and answers that are not what they should be."""

import json
from datetime import UTC, datetime

import pytest

from tests.makers import NOON
from tracker.gmail import wire
from tracker.gmail.wire import MOST_AS_JSON, Wire

ROOT = "http://127.0.0.1:1/gmail-here"


def test_every_road_leads_to_the_root_that_was_set():
    asks = [Wire(ROOT).draft("r1"), Wire(ROOT).send_draft("r1", b"x" * (MOST_AS_JSON + 1), None)]

    assert [ask.uri.split("?")[0] for ask in asks] == [
        f"{ROOT}/gmail/v1/users/me/drafts/r1",
        f"{ROOT}/upload/gmail/v1/users/me/drafts/send",
    ]


def test_an_id_cannot_leave_its_place_in_the_path():
    assert "drafts/..%2Fmessages%3Fq%3Dx?" in Wire(ROOT).draft("../messages?q=x").uri


def test_a_big_mail_travels_byte_for_byte_beside_its_json():
    raw = b"From nobody\nX: y\r\n\r\n" + b"\x00\xff\r--\n" * 500_000

    ask = Wire(ROOT).send_draft("r1", raw, "t1")

    head, meta, media, tail = ask.body.split(b"--" + ask.content_type.partition("boundary=")[2].encode())
    assert (head, tail) == (b"", b"--\r\n")
    assert json.loads(meta.partition(b"\r\n\r\n")[2]) == {"id": "r1", "message": {"threadId": "t1"}}
    assert media.partition(b"\r\n\r\n")[2] == raw + b"\r\n"


def test_only_reading_may_be_repeated_blindly():
    ours = Wire(ROOT)

    assert ours.draft("r1").repeatable
    assert not ours.send_draft("r1", b"x", None).repeatable
    assert not ours.create_draft(b"x", None).repeatable


def test_a_search_for_sent_mail_counts_in_whole_seconds():
    moment = datetime(1970, 1, 1, 0, 1, 0, 999_999, tzinfo=UTC)

    assert "q=in%3Asent+after%3A60&" in Wire(ROOT).sent_after(moment, 5).uri


def test_gmails_milliseconds_become_a_moment():
    message = {"id": "m", "threadId": "t", "internalDate": str(int(NOON.timestamp() * 1000) + 1)}

    facts = wire.sent_facts_of(message)

    assert (facts.sent_at - NOON).microseconds == 1000
    assert facts.rfc_message_id == ""


@pytest.mark.parametrize("name", ["Message-ID", "Message-Id", "MESSAGE-ID"])
def test_header_names_come_in_any_case(name: str):
    headers = [{"name": name, "value": " <1@a.example>"}]
    message = {"id": "m", "threadId": "t", "internalDate": "0", "payload": {"headers": headers}}

    assert wire.sent_facts_of(message).rfc_message_id == "<1@a.example>"
