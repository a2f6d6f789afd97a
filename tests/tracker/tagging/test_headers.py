"""What sending reads from a mail's header and changes in it, byte-exact but for the edit."""

import pytest

from tests.tracker.tagging.mails import HTML_MAIL
from tracker.model import Recipient
from tracker.tagging import addressed_to, message_id_of, recipients_of, subject_of, with_message_id, without_bcc

ADA = Recipient("ada@acme.example", "Ada Lovelace")


def _mail(header: str, newline: str = "\r\n") -> bytes:
    return (header + "\n\nbody\n").replace("\n", newline).encode()


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        ("Subject: Q3 proposal", "Q3 proposal"),
        ("SUBJECT : Q3", "Q3"),
        ("Subject: folded\n  over\n\tlines", "folded over lines"),
        ("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_aus?= =?UTF-8?B?IFdpZW4=?=", "Grüße aus Wien"),
        ("Subject: =?utf-8?b?w4M=?=\n =?utf-8?q?=C3?= =?utf-8?q?=BC?= x", "Ãü x"),
        ("Subject: a =?iso-8859-1?q?=E9?= b =?utf-8*en?q?=C3=A9?=", "a é b é"),
        ("Subject: =?x-none?q?a=C3=A9?= =?utf-8?b?!!?=", "aé"),
        ("Subject: Grüße", "Grüße"),
        ("Subject: =?utf-8?q?a=0D=0ABcc:_x=00?=", "aBcc: x"),
        ("Subject: first\nSubject: second", "first"),
        ("X: 1\n\nSubject: in the body", ""),
        ("Subject:", ""),
        ("Not-Subject: x", ""),
    ],
)
def test_a_subject_is_read_as_people_see_it(written: str, subject: str) -> None:
    assert subject_of(_mail(written)) == subject


def test_recipients_are_all_of_to_cc_and_bcc_each_once() -> None:
    raw = _mail(
        "Cc: c@x.example, ADA@acme.example\nTo: Ada Lovelace <ada@acme.example>\nBcc: b@x.example\nTo: t@x.example"
    )

    assert recipients_of(raw) == (
        ADA,
        Recipient("t@x.example"),
        Recipient("c@x.example"),
        Recipient("b@x.example"),
    )


def test_a_mail_without_recipients_has_none() -> None:
    assert recipients_of(_mail("To: undisclosed-recipients:;\nCc:")) == ()


@pytest.mark.parametrize(
    ("header", "message_id"),
    [("Message-Id: <a@b>", "<a@b>"), ("Message-ID:\n <a@b>", "<a@b>"), ("Message-ID:", None), ("X: 1", None)],
)
def test_a_message_id_is_found_whatever_its_case(header: str, message_id: str | None) -> None:
    assert message_id_of(_mail(header)) == message_id


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_mail_without_message_id_gets_one_and_stays_otherwise(newline: str) -> None:
    raw = _mail("From: a@b.example\nMessage-ID:", newline)

    done = with_message_id(raw, "<1@t.example>")

    assert done == _mail("Message-ID: <1@t.example>\nFrom: a@b.example", newline)
    assert with_message_id(done, "<2@t.example>") == done


def test_the_line_that_begins_a_mailbox_file_stays_first() -> None:
    raw = _mail("From sam Mon Nov 2 12:00:00 2026\nFrom: a@b.example")

    assert with_message_id(raw, "1@t.example").splitlines()[:2] == [
        b"From sam Mon Nov 2 12:00:00 2026",
        b"Message-ID: <1@t.example>",
    ]


def test_a_message_id_brings_no_line_of_its_own() -> None:
    assert with_message_id(_mail("X: 1"), "a@b\r\nBcc: c@d").startswith(b"Message-ID: <a@bBcc:c@d>\r\nX: 1\r\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_copy_names_its_recipient_alone_and_all_else_stays(newline: str) -> None:
    raw = _mail(
        "From: Sam <sam@us.example>\nCc: c@x.example,\n d@x.example\nto: a@x.example,\n b@x.example\nX: 1\n"
        "bcc: e@x.example\nTo: f@x.example\nSubject: To: all",
        newline,
    )

    assert addressed_to(raw, ADA) == _mail(
        "From: Sam <sam@us.example>\nTo: Ada Lovelace <ada@acme.example>\nX: 1\nSubject: To: all", newline
    )


def test_a_mail_addressed_by_bcc_alone_gets_a_to() -> None:
    assert addressed_to(_mail("Bcc: ada@acme.example\nX: 1"), ADA) == _mail("To: Ada Lovelace <ada@acme.example>\nX: 1")


@pytest.mark.parametrize(
    "recipient",
    [
        ADA,
        Recipient("ada@acme.example"),
        Recipient("ada@acme.example", 'Lovelace, Ada "the first" \\ (Countess)'),
        Recipient("ada@acme.example", "Žofie Nováková"),
        Recipient("ada@acme.example", "株式会社" * 30),
        Recipient("ada@acme.example", "=?utf-8?q?x?="),
        Recipient('"ada lovelace"@acme.example', "Ada"),
        Recipient("ada@[192.0.2.1]"),
        Recipient("ädä@bücher.example", "Ada"),
    ],
)
def test_a_recipient_survives_being_written_and_read(recipient: Recipient) -> None:
    raw = addressed_to(_mail("To: x@y.example\nX: 1"), recipient)

    assert recipients_of(raw) == (recipient,)
    assert max(map(len, raw.split(b"\r\n"))) <= 100


@pytest.mark.parametrize("name", ["Ada\r\nBcc: evil@x.example", "Ada\nX: 1", "\x00Ada\x85"])
def test_a_name_brings_no_header_of_its_own(name: str) -> None:
    raw = addressed_to(_mail("To: x@y.example"), Recipient("ada@acme.example\r\nBcc:e@x.example", name))

    assert len(raw.partition(b"\r\n\r\n")[0].split(b"\r\n")) == 1


@pytest.mark.parametrize("raw", [b"", b"\n", b"\r\n\r\nbody", b"no header", b"\xff\xfe: \xff\n", b"To", b"To:"])
def test_what_is_no_mail_is_read_as_one_that_says_nothing(raw: bytes) -> None:
    assert (subject_of(raw), recipients_of(raw), message_id_of(raw)) == ("", (), None)


@pytest.mark.parametrize(
    "value",
    [
        b"a" * 10_000_000,
        b"(" * 300_000,
        b'"' * 300_000,
        b"<" * 300_000,
        b"=?a?q?" * 150_000,
        b"a@b:" * 60_000,
        b'<"\\"' * 60_000,
    ],
    ids=["letters", "parens", "quotes", "brackets", "words", "colons", "escapes"],
)
def test_a_header_of_megabytes_is_read_and_edited_in_linear_time(value: bytes) -> None:
    raw = b"To: " + value + b"\nCc: x@y.example\nSubject: " + value + b"\n\nbody"

    found = recipients_of(raw)  # a second; anything quadratic would take hours

    assert found[-1] == Recipient("x@y.example")
    assert addressed_to(raw, ADA).endswith(b"\nSubject: " + value + b"\n\nbody")
    assert len(subject_of(raw)) <= 10_000


def test_a_whole_mail_keeps_its_body_when_its_header_is_edited() -> None:
    done = with_message_id(addressed_to(HTML_MAIL, ADA), "1@t.example")

    assert done.partition(b"\r\n\r\n")[2] == HTML_MAIL.partition(b"\r\n\r\n")[2]


ME = "me+twotick@mail.example"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Bcc: me+twotick@mail.example\r\n", b""),
        (b"Bcc: Me <ME+Twotick@mail.example>\r\n", b""),
        (b"Bcc: a@x.example, me+twotick@mail.example\r\n", b"Bcc: a@x.example\r\n"),
        (
            b'Bcc: "Roe, A" <a@x.example>,\r\n me+twotick@mail.example,\r\n b@x.example\r\n',
            b'Bcc: "Roe, A" <a@x.example>,\r\n b@x.example\r\n',
        ),
        (b"bcc: me+twotick@mail.example\r\nBcc: a@x.example\r\n", b"Bcc: a@x.example\r\n"),
        (b"Bcc: other+twotick@mail.example\r\n", b"Bcc: other+twotick@mail.example\r\n"),
    ],
)
def test_an_address_is_taken_out_of_bcc_and_nothing_else(before: bytes, after: bytes) -> None:
    rest = b"To: me+twotick@mail.example\r\nSubject: Hi\r\n\r\nBcc: me+twotick@mail.example\r\n"

    assert without_bcc(before + rest, ME) == after + rest
