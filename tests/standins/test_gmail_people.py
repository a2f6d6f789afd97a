"""People in the Gmail stand-in: they answer, they compose, and their mail comes back."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from tests.makers import NOON
from tests.standins.gmail import GmailStandin
from tests.standins.gmail_caller import READER, SENDER, a_mail
from tests.standins.gmail_mailbox import StoredMessage

PIXEL = '<img src="https://track.example.com/o/TOKEN.gif" width="1" height="1" alt="">'


def _html_mail(html: str, **fields: str) -> bytes:
    return a_mail(html, content_type='text/html; charset="utf-8"', **fields)


def _parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def _html(mail: StoredMessage) -> str:
    part = _parsed(mail.raw).get_body(("html",))
    assert part is not None
    return str(part.get_content())


def _standin(times: list[datetime] | None = None) -> GmailStandin:
    standin = GmailStandin(clock=lambda: times[-1] if times else NOON)
    standin.add_mailbox(SENDER, "Sam")
    return standin


def test_a_reply_joins_the_thread_and_quotes_the_pixel():
    standin = _standin()
    sent = standin.send(SENDER, _html_mail(f"<p>Hello</p>{PIXEL}"))
    (arrived,) = standin.mailboxes[READER].labelled("INBOX")

    standin.reply(READER, arrived.id, "Thanks & bye")

    (answer,) = standin.mailboxes[SENDER].labelled("INBOX")
    assert (answer.thread_id, answer.subject) == (sent.thread_id, "Re: Q3 proposal")
    assert PIXEL in _html(answer)
    assert "Thanks &amp; bye" in _html(answer)


def test_a_reply_to_a_reply_keeps_the_whole_chain():
    standin = _standin()
    standin.send(SENDER, a_mail(message_id="<1@sender.example>"))
    standin.reply(READER, standin.mailboxes[READER].labelled("INBOX")[0].id, "First")
    standin.reply(SENDER, standin.mailboxes[SENDER].labelled("INBOX")[0].id, "Second")

    mail = _parsed(standin.mailboxes[READER].labelled("INBOX")[0].raw)

    assert str(mail["References"]).startswith("<1@sender.example> <")
    assert mail["Subject"] == "Re: Q3 proposal"


def test_the_composer_drops_what_it_does_not_know_and_keeps_a_plain_picture():
    standin = _standin()
    hidden = '<img src="https://x.example/" style="display:none">'
    marked = PIXEL.replace("<img", '<img data-t="1"')
    html = f"<!-- mark --><style>p {{}}</style><p>Hi</p>{hidden}{marked}"
    draft_id = standin.save_draft(SENDER, _html_mail(html))

    sent = standin.press_send(SENDER, draft_id)

    assert _html(sent).strip() == f"<p>Hi</p>{PIXEL}"
    assert not standin.mailboxes[SENDER].drafts


def test_markup_inserted_while_composing_goes_out_with_gmails_own_send():
    standin = _standin()
    draft_id = standin.compose(SENDER, a_mail("Hello"), PIXEL)

    standin.press_send(SENDER, draft_id)

    (arrived,) = standin.mailboxes[READER].labelled("INBOX")
    assert PIXEL in _html(arrived)
    assert "Hello" in _html(arrived)


def test_a_mail_from_an_alias_goes_out_from_it():
    standin = _standin()
    standin.add_alias(SENDER, "sales@sender.example")

    sent = standin.send(SENDER, a_mail(**{"from": "Sales <sales@sender.example>"}))

    assert _parsed(sent.raw)["From"] == "Sales <sales@sender.example>"


def test_mail_to_a_plus_address_arrives_at_the_person():
    standin = _standin()
    standin.send(SENDER, a_mail(to="ada+news@acme.example"))

    assert len(standin.mailboxes[READER].labelled("INBOX")) == 1


@pytest.mark.parametrize(("dialect", "in_thread"), [("gmail", True), ("exchange", True), ("postfix", False)])
def test_mail_to_nobody_comes_back_in_the_dialect_of_its_domain(dialect: str, in_thread: bool):
    standin = _standin()
    standin.domains["acme.example"] = dialect
    sent = standin.send(SENDER, a_mail(message_id="<1@sender.example>", subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?="))

    (bounce,) = standin.mailboxes[SENDER].labelled("INBOX")

    mail = _parsed(bounce.raw)
    kinds = [part.get_content_type() for part in mail.walk()]
    assert (mail.get_content_type(), mail.get_param("report-type")) == ("multipart/report", "delivery-status")
    assert "message/delivery-status" in kinds
    assert f"Final-Recipient: rfc822; {READER}".encode() in bounce.raw
    assert bounce.raw.count(b"<1@sender.example>") == (3 if in_thread else 1)
    assert (bounce.thread_id == sent.thread_id) is in_thread


def test_a_mailbox_of_a_bouncing_domain_still_gets_its_mail():
    standin = _standin()
    standin.domains["acme.example"] = "gmail"
    standin.add_mailbox(READER)

    standin.send(SENDER, a_mail())

    assert len(standin.mailboxes[READER].labelled("INBOX")) == 1
    assert not standin.mailboxes[SENDER].labelled("INBOX")


def test_a_bounce_may_take_its_time_even_over_a_restart():
    times = [NOON]
    standin = _standin(times)
    standin.bounce_delay = timedelta(minutes=3)
    standin.send(SENDER, a_mail(to="bob@nowhere.example"))
    again = GmailStandin(clock=lambda: times[-1])
    again.restore(standin.snapshot())
    early = len(again.mailboxes[SENDER].labelled("INBOX"))
    times.append(NOON + timedelta(minutes=3))

    again.deliver_late()

    assert (early, len(again.mailboxes[SENDER].labelled("INBOX"))) == (0, 1)
