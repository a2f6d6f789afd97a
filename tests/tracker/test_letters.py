"""Letters: what is wrong with them, and the mails they become."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from tracker.letters import Letter, letter_mail, problems_of
from tracker.model import Recipient

MARA = Recipient("mara@studio.example", "Mara Müller")
HOSTILE = 'Hi\nBcc: all@x.example\n<script>alert(1)</script> https://x.example/?a=1&b="2"'


def mail_of(letter: Letter) -> EmailMessage:
    made = message_from_bytes(letter_mail(letter, MARA, "V1"), policy=default)
    assert isinstance(made, EmailMessage)
    return made


@pytest.mark.parametrize(
    "to",
    [
        "ada@acme.example",
        "Ada <ada@acme.example>, grace@navy.example;",
        '"Lovelace, Ada" <ada@acme.example>\ngrace@navy.example',
    ],
)
def test_addresses_as_people_write_them_are_fine(to: str) -> None:
    assert problems_of(Letter(to, "Lunch", "At noon?")) == {}


@pytest.mark.parametrize("to", ["ada", "ada@", "@acme.example", "ada@acme", "a@b.c d@e.f", "ädä@acme.example"])
def test_what_is_no_address_is_named(to: str) -> None:
    assert "is no mail address" in problems_of(Letter(to, "Lunch", "At noon?"))["to"]


def test_nothing_that_was_typed_becomes_a_header_or_markup() -> None:
    mail = mail_of(Letter("ada@acme.example", "Lunch\r\nBcc: all@x.example", HOSTILE))

    assert "Bcc" not in mail
    assert mail["Subject"] == "Lunch Bcc: all@x.example"
    page = mail.get_body(("html",)).get_content()
    assert "<script>" not in page
    assert '<a href="https://x.example/?a=1&amp;b=">' in page


def test_the_plain_text_is_what_was_typed() -> None:
    mail = mail_of(Letter("ada@acme.example", "Größe 提案", "Grüße\n\n提案"))

    assert mail["Subject"] == "Größe 提案"
    assert mail["From"] == "Mara Müller <mara@studio.example>"
    assert mail.get_body(("plain",)).get_content().splitlines() == ["Grüße", "", "提案"]


def test_the_mail_of_one_name_is_the_same_each_time() -> None:
    letter = Letter("ada@acme.example", "Lunch", "At noon?")

    assert letter_mail(letter, MARA, "V1") == letter_mail(letter, MARA, "V1")
    assert letter_mail(letter, MARA, "V1") != letter_mail(letter, MARA, "V2")


def test_somebody_named_twice_gets_it_once() -> None:
    letter = Letter("ada@acme.example, Ada <ADA@acme.example>", "Lunch", "At noon?")

    assert len(letter.recipients) == 1
