"""The mail that nudges: as Gmail threads it, to whom it must go, in plain words."""

from collections.abc import Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from tests.makers import a_sent_copy
from tracker.model import Recipient
from tracker.nudge_mail import NothingToAnswer, first_name, nudge_mail

ADA = Recipient("ada@acme.example", "Ada Lovelace")
COPY = a_sent_copy(id="c1", recipients=(ADA,), rfc_message_id="<sent@mail.example>")
SENT = {"from": "Mara Vogt <mara@studio.example>", "to": "ada@acme.example", "subject": "Q3 proposal"}


def nudge(number: int = 1, copy: Any = COPY, **headers: str) -> EmailMessage:
    """The draft as a mail program reads it; headers without a word are left out."""
    kept: Mapping[str, str] = {name: value for name, value in {**SENT, **headers}.items() if value}
    mail = message_from_bytes(nudge_mail(copy, kept, number).raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    return mail


def text(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def test_it_answers_the_sent_mail_under_its_subject() -> None:
    mail = nudge(references="<a@x> <b@x>")

    assert mail["Subject"] == "Re: Q3 proposal"
    assert mail["In-Reply-To"] == "<sent@mail.example>"
    assert mail["References"].split() == ["<a@x>", "<b@x>", "<sent@mail.example>"]


def test_a_subject_that_is_a_reply_already_stays() -> None:
    assert nudge(subject="RE: Q3 proposal")["Subject"] == "RE: Q3 proposal"


@pytest.mark.parametrize(
    "subject",
    [
        "Größe 100 % – naïve 提案",
        "x" * 2000,
        "long words " * 60,
        "Größe " * 300,
        "=?utf-8?q?not_encoded?=",
        "a\r\nBcc: eve@evil.example",
        "",
    ],
)
def test_any_subject_comes_through_in_lines_that_servers_take(subject: str) -> None:
    raw = nudge_mail(COPY, {**SENT, "subject": subject}, 1).raw
    mail = message_from_bytes(raw, policy=SMTP)

    assert " ".join(str(mail["Subject"]).split()) == f"Re: {' '.join(subject.split())}".strip()
    assert mail["Bcc"] is None
    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert raw.split(b"\r\n\r\n")[0].isascii()


def test_it_goes_out_from_the_address_that_the_mail_was_sent_from() -> None:
    mail = nudge(**{"from": "Mara <mara@alias.example>"})

    assert mail["From"] == "Mara <mara@alias.example>"
    assert mail["Message-ID"].endswith("@alias.example>")


def test_it_goes_to_everybody_whom_the_mail_named_and_not_to_oneself() -> None:
    mail = nudge(to="ada@acme.example, Bob <bob@acme.example>", cc="mara@studio.example, Cy <cy@acme.example>")

    assert mail["To"] == "Ada Lovelace <ada@acme.example>, Bob <bob@acme.example>"
    assert mail["Cc"] == "Cy <cy@acme.example>"


def test_who_got_it_unseen_stays_unseen() -> None:
    assert nudge(bcc="eve@acme.example")["Bcc"] is None
    assert nudge(to="undisclosed-recipients:;", bcc="eve@acme.example")["Bcc"] == "eve@acme.example"
    assert nudge(to="undisclosed-recipients:;", bcc="eve@acme.example")["To"] is None


def test_a_name_whose_comma_gmail_decoded_is_written_as_we_know_it() -> None:
    copy = a_sent_copy(recipients=(Recipient("z@acme.example", "Müller, Zoë"),), rfc_message_id="<a@x>")

    to = nudge(copy=copy, to="Müller, Zoë <z@acme.example>")["To"]

    assert [(one.display_name, one.addr_spec) for one in to.addresses] == [("Müller, Zoë", "z@acme.example")]


def test_it_is_the_same_each_time_and_another_for_the_next_nudge_and_the_next_copy() -> None:
    first, again = nudge_mail(COPY, SENT, 1), nudge_mail(COPY, SENT, 1)
    other = a_sent_copy(id="c2", recipients=(ADA,), rfc_message_id="<sent@mail.example>")

    assert first == again
    assert first.mark.encode() in first.raw
    assert len({first.mark, nudge_mail(COPY, SENT, 2).mark, nudge_mail(other, SENT, 1).mark}) == 3


def test_its_words_are_plain_and_carry_nothing_to_load() -> None:
    mail = nudge()

    assert text(mail).startswith("Hi Ada,")
    assert text(mail).rstrip().endswith("Best,\nMara")
    assert "http" not in mail.as_string()
    assert "<img" not in text(mail, "html")


def test_several_are_greeted_without_a_name() -> None:
    assert text(nudge(to="ada@acme.example, bob@acme.example")).startswith("Hi,")


def test_a_name_cannot_write_html() -> None:
    copy = a_sent_copy(recipients=(Recipient("a@x.example", "<b>Ada"),), rfc_message_id="<a@x>")

    assert "<b>" not in text(nudge(copy=copy, to="a@x.example", **{"from": '"<i>M" <m@x.example>'}), "html")


def test_a_long_conversation_is_named_by_its_first_and_latest_mails() -> None:
    chain = [f"<{number}@x>" for number in range(500)]

    found = nudge(references=" ".join(chain))["References"].split()

    assert found == [chain[0], *chain[-18:], "<sent@mail.example>"]


@pytest.mark.parametrize("missing", [{"from": ""}, {"to": ""}, {"to": "mara@studio.example"}])
def test_a_mail_that_names_nobody_cannot_be_answered(missing: dict[str, str]) -> None:
    with pytest.raises(NothingToAnswer):
        nudge(**missing)


def test_a_mail_without_a_name_of_its_own_cannot_be_answered() -> None:
    with pytest.raises(NothingToAnswer):
        nudge(copy=a_sent_copy(recipients=(ADA,)))


@pytest.mark.parametrize(
    ("name", "first"),
    [("Ada Lovelace", "Ada"), ("Jean-Luc P", "Jean-Luc"), ("Müller, Zoë", ""), ("Dr. Ada", ""), ("", ""), ("42", "")],
)
def test_people_are_greeted_by_what_is_surely_their_first_name(name: str, first: str) -> None:
    assert first_name(name) == first
