"""Any bytes at all may be saved as a draft; sending them is an answer or a refusal, never a crash."""

from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.standins.gmail import GmailStandin
from tests.standins.gmail_caller import READER, SENDER
from tests.standins.gmail_errors import GoogleError
from tests.standins.gmail_mime import canonical, fields_of, head_of, without_field

pieces = [
    b"From",
    b"to",
    b"Bcc",
    b"Subject",
    b": ",
    b"\r\n",
    b"\n",
    b" ",
    b"\r",
    b"<",
    b">",
    b",",
    b";",
    READER.encode(),
    b"bob@nowhere.example",
    b"Message-ID",
    b"Content-Type: text/html; charset=x",
]
lines = st.lists(st.sampled_from(pieces) | st.binary(max_size=8), max_size=40)
mails = lines.map(b"".join) | st.just(b"To: " + READER.encode() + b"\r\n") | st.binary(max_size=200)


@given(mails)
@example(b"")
@example(b"\r\n")
@example(b"To: =?utf-16?b?/////w==?= <ada@acme.example>\r\n\r\n")
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_saved_and_sent_or_refused(raw: bytes):
    standin = GmailStandin()
    standin.add_mailbox(SENDER)

    draft_id = standin.save_draft(SENDER, raw)
    with suppress(GoogleError):
        standin.send(SENDER, raw)

    kept = standin.mailboxes[SENDER].drafts[draft_id].raw
    assert kept.endswith(canonical(raw)[len(head_of(canonical(raw))) :])
    assert kept.count(b"\n") == kept.count(b"\r\n") == kept.count(b"\r")


@given(mails)
@example(b"Content-Type: text/html; charset=nonsense\r\nTo: bob@nowhere.example\r\n\r\n\xff<img src=x>")
@settings(max_examples=150, deadline=None)
def test_any_bytes_go_through_the_composer_or_are_refused(raw: bytes):
    standin = GmailStandin()
    standin.add_mailbox(SENDER)

    draft_id = standin.compose(SENDER, raw, "<p>more</p>")
    with suppress(GoogleError):
        standin.press_send(SENDER, draft_id)

    assert standin.mailboxes[SENDER].drafts or standin.mailboxes[SENDER].messages


@given(mails)
@settings(max_examples=150, deadline=None)
def test_taking_out_a_field_leaves_every_other_one(raw: bytes):
    raw = canonical(raw)

    left = without_field(raw, "Bcc")

    assert list(fields_of(left)) == [field for field in fields_of(raw) if field[0].lower() != "bcc"]
