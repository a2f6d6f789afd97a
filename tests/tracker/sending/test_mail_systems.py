"""Sending asks who takes the recipients' mail, once for each domain, and writes it down."""

from tests.tracker.sending.conftest import Office, a_mail
from tracker.sending import Order

ADA_AND_BOB = "Ada <ada@acme.example>, bob@ACME.example"
THREE = f"{ADA_AND_BOB}, Zoë <zoe@else.example>"


async def test_recipients_are_written_down_with_their_mail_systems(office: Office) -> None:
    outcome = await office.send(Order(draft_id=office.saved(a_mail(THREE))))

    [copy] = await office.store.messages.copies(outcome.message.id)
    assert [one.mail_system for one in copy.recipients] == ["google", "google", "other"]
    assert copy.recipient_mx == "mixed"


async def test_a_system_that_all_share_is_the_copys_own(office: Office) -> None:
    outcome = await office.send(Order(draft_id=office.saved(a_mail(ADA_AND_BOB))))

    [copy] = await office.store.messages.copies(outcome.message.id)
    assert copy.recipient_mx == "google"


async def test_each_copy_of_its_own_has_its_own_system(office: Office) -> None:
    outcome = await office.send(Order(draft_id=office.saved(a_mail(THREE)), per_recipient=True))

    copies = await office.store.messages.copies(outcome.message.id)
    assert [copy.recipient_mx for copy in copies] == ["google", "google", "other"]


async def test_a_domain_is_asked_for_once_a_mail(office: Office) -> None:
    await office.send(Order(draft_id=office.saved(a_mail(THREE)), per_recipient=True))

    assert [sorted(asked) for asked in office.directory.asked] == [["acme.example", "else.example"]]


async def test_the_number_of_tracked_links_is_written_down(office: Office) -> None:
    outcome = await office.send(Order(draft_id=office.saved(a_mail()), links=True))

    [copy] = await office.store.messages.copies(outcome.message.id)
    assert copy.links_total == 1
