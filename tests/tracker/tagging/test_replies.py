"""A reply's head: to whom it goes, what it answers, and nothing that a stranger can break it with."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Recipient
from tracker.tagging import Answered, answered_by, recipients_of, reply_mail, subject_of

PIXEL = '<img src="https://t.example/o/x.gif" width="1" height="1" alt="">'
ADA = Recipient("ada@acme.example", "Ada Lovelace")
HEAD = {
    "from": "Ada <ada@acme.example>",
    "to": "You <you@twotick.example>, Zoë <zoe@acme.example>",
    "subject": "Q3 proposal",
    "message-id": "<m2@acme.example>",
}


def made(**facts: object) -> bytes:
    given: dict[str, object] = {"thread_id": "6a4", "rfc_message_id": "<m@x.example>", "subject": "Q3", "to": (ADA,)}
    return reply_mail(Answered(**{**given, **facts}), PIXEL, "<ours@twotick.example>")  # type: ignore[arg-type]


def read(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)
    return mail


def test_a_received_mail_is_answered_to_its_author() -> None:
    assert answered_by(HEAD, "6a4", own=False).to == (Recipient("ada@acme.example", "Ada"),)


def test_who_asks_for_replies_elsewhere_gets_them_there() -> None:
    answered = answered_by({**HEAD, "reply-to": "desk@acme.example"}, "6a4", own=False)

    assert answered.to == (Recipient("desk@acme.example"),)


def test_one_s_own_mail_is_answered_to_whom_it_went() -> None:
    to = answered_by({**HEAD, "cc": "c@x.example", "bcc": "b@x.example"}, "6a4", own=True).to

    assert [one.address for one in to] == ["you@twotick.example", "zoe@acme.example"]


def test_a_mail_without_references_is_answered_by_what_it_answers_itself() -> None:
    answered = answered_by({**HEAD, "in-reply-to": "<m1@x.example>"}, "6a4", own=False)

    assert read(reply_mail(answered, PIXEL, "<o@x.example>"))["References"] == "<m1@x.example> <m2@acme.example>"


@pytest.mark.parametrize("subject", ["Re: Q3", "RE : Q3", "re[2]: Q3"])
def test_a_prefix_is_not_doubled(subject: str) -> None:
    assert subject_of(made(subject=subject)) == subject


@pytest.mark.parametrize(
    "subject", ["Päckchen für Zoë 🎁", "x" * 10_000, "ü " * 5_000, "a b " * 2_500, "=?utf-8?q?x?="]
)
def test_whatever_the_subject_it_comes_back_whole_and_no_line_is_too_long(subject: str) -> None:
    raw = made(subject=subject)

    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert " ".join(str(read(raw)["Subject"]).split()) == f"Re: {subject.strip()}"


def test_a_conversation_of_years_names_its_latest_mails() -> None:
    ids = tuple(f"<m{number}@x.example>" for number in range(500))

    named = read(made(references=ids))["References"].split()

    assert (len(named), named[-2:]) == (21, ["<m499@x.example>", "<m@x.example>"])


def test_a_mail_of_which_nothing_is_known_is_answered_to_nobody() -> None:
    mail = read(reply_mail(answered_by({}, "6a4", own=False), PIXEL, "<o@x.example>"))

    assert (mail["To"], mail["In-Reply-To"], mail["References"], mail["Subject"]) == (None, None, None, "Re: ")


def test_it_carries_the_pixel_and_an_empty_line_to_write_on() -> None:
    html = read(made()).get_content()

    assert PIXEL in html
    assert html.startswith('<div dir="ltr"><br></div>')


@given(st.dictionaries(st.sampled_from(["from", "reply-to", "to", "subject", "message-id", "references"]), st.text()))
def test_no_stranger_s_words_add_a_field_or_end_the_head(headers: dict[str, str]) -> None:
    hostile = {name: f"{value}\r\nBcc: evil@x.example\r\n\r\n<b>" for name, value in headers.items()}

    raw = reply_mail(answered_by(hostile, "6a4", own=False), PIXEL, "<o@x.example>")

    names = {line.partition(b":")[0] for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n") if line[:1] not in b" \t"}
    assert names <= {
        *(b"To", b"Subject", b"In-Reply-To", b"References", b"Message-ID"),
        *(b"MIME-Version", b"Content-Type", b"Content-Transfer-Encoding"),
    }
    assert "evil@x.example" not in [one.address for one in recipients_of(raw)] or "From" not in headers
    assert raw.endswith(PIXEL.encode() + b"</div>\r\n")
