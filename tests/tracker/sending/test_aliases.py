"""Mail from another address of the sender's goes out from it, and what comes back to it is recognised."""

from tests.tracker.sending.conftest import Office, a_mail
from tests.tracker.syncing.conftest import ADA, Desk, desk, office
from tracker.sending import Order

__all__ = ["desk", "office"]

ALIAS = "sales@studio.example"


def _has_alias(office: Office) -> None:
    office.gmail.add_alias(office.account.email, ALIAS, "Sales")


async def test_a_draft_from_an_alias_goes_out_from_it(office: Office) -> None:
    _has_alias(office)

    await office.send(Order(draft_id=office.saved(a_mail(From=f"Sales <{ALIAS}>"))))

    [mail] = office.sent()
    assert f"From: Sales <{ALIAS}>".encode() in mail.raw


async def test_each_copy_of_a_draft_from_an_alias_goes_out_from_it(office: Office) -> None:
    _has_alias(office)
    mail = a_mail(f"{ADA}, bob@acme.example", From=f"Sales <{ALIAS}>")

    await office.send(Order(draft_id=office.saved(mail), per_recipient=True))

    assert [f"From: Sales <{ALIAS}>".encode() in mail.raw for mail in office.sent()] == [True, True]


async def test_a_reply_to_an_alias_is_a_reply(desk: Desk) -> None:
    _has_alias(desk.office)
    _, [copy] = await desk.sent(From=f"Sales <{ALIAS}>")
    desk.answered()

    await desk.follow()

    assert (await desk.summary(copy)).replied_at


async def test_the_senders_own_word_from_an_alias_is_no_reply(desk: Desk) -> None:
    _has_alias(desk.office)
    _, [copy] = await desk.sent()
    own = (await desk.copy(copy.id)).rfc_message_id
    mail = a_mail(desk.account.email, From=f"Sales <{ALIAS}>", In_Reply_To=own)
    desk.gmail.send(desk.account.email, mail)

    await desk.follow()

    assert (await desk.summary(copy)).replied_at is None


async def test_a_mail_from_an_alias_that_comes_back_is_a_bounce(desk: Desk) -> None:
    _has_alias(desk.office)
    _, [copy] = await desk.sent("ada@nowhere.example", From=f"Sales <{ALIAS}>")

    await desk.follow()

    assert (await desk.summary(copy)).bounced_at
