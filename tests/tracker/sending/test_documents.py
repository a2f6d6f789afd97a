"""Attachments as links: kept before the mail leaves, and never a sent mail whose link leads nowhere."""

import asyncio
import re
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage

import pytest

from tests.fuses import Fuse, Killed
from tests.standins.gmail import StoredMessage
from tests.tracker.sending.conftest import BASE, TOKENS, Office, pixels_in
from tests.tracker.sending.test_ordering import Watch, worker
from tracker.clock import utc_now
from tracker.documents import Document
from tracker.ports import NoRoom, TryLater
from tracker.scheduling import Scheduling
from tracker.sending import Order
from tracker.tokens import TrackedDocument

PDF = b"%PDF-1.4 an offer" * 1000
MANY_STEPS = 200


def a_mail(to: str = "ada@acme.example", *names: str, subject: str = "Q3 proposal", html: bool = True) -> bytes:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = to, subject
    mail.set_content("Dear Ada, see our offer.\n")
    if html:
        mail.add_alternative("<p>Dear Ada, see our offer.</p>", subtype="html")
    for name in names or ("Offer.pdf",):
        mail.add_attachment(PDF, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


def links_in(mail: StoredMessage) -> list[TrackedDocument]:
    """The documents that a sent mail links to, as its HTML says."""
    html = next(part for part in message_from_bytes(mail.raw).walk() if part.get_content_type() == "text/html")
    text = html.get_payload(decode=True)
    assert isinstance(text, bytes)
    tokens = re.findall(rf'href="{BASE}/d/([\w-]+)"', text.decode())
    return [named for named in map(TOKENS.read_document, tokens) if named]


def attached_to(mail: StoredMessage) -> list[str]:
    return [part.get_filename("") for part in message_from_bytes(mail.raw).walk() if part.get_filename()]


async def kept(office: Office, named: TrackedDocument) -> bytes:
    shelved = await office.store.shelf.get(named.document_id, utc_now())
    assert shelved, "a sent mail has a dead link"
    return await office.store.shelf.piece(shelved.document, 0) or b""


async def test_attachments_go_out_as_links_to_what_we_keep(office: Office) -> None:
    outcome = await office.send(Order(draft_id=office.saved(a_mail()), documents=True))

    (mail,) = office.sent()
    (link,) = links_in(mail)
    assert (link.copy_id, attached_to(mail)) == (outcome.copies[0].id, [])
    assert await kept(office, link) == PDF
    assert pixels_in(mail) == [outcome.copies[0].id]
    assert (outcome.copies[0].links_total, outcome.message.left_attached) == (1, None)


async def test_unasked_attachments_stay_attachments(office: Office) -> None:
    outcome = await office.send(Order(draft_id=office.saved(a_mail())))

    assert attached_to(office.sent()[0]) == ["Offer.pdf"]
    assert list(await office.store.shelf.of_message(outcome.message.id)) == []


async def test_each_recipient_has_their_own_link_to_one_file(office: Office) -> None:
    order = Order(raw=a_mail("ada@acme.example, bob@acme.example"), per_recipient=True, documents=True)

    outcome = await office.send(order)

    links = [link for mail in office.sent() for link in links_in(mail)]
    assert {link.copy_id for link in links} == {copy.id for copy in outcome.copies}
    assert len({link.document_id for link in links}) == 1
    assert len(await office.store.shelf.of_message(outcome.message.id)) == 1


async def test_the_same_file_attached_twice_is_kept_once(office: Office) -> None:
    outcome = await office.send(Order(raw=a_mail("ada@acme.example", "Offer.pdf", "Offer.pdf"), documents=True))

    assert len(links_in(office.sent()[0])) == 2
    assert len(await office.store.shelf.of_message(outcome.message.id)) == 1


async def test_a_mail_that_cannot_carry_a_pixel_keeps_its_attachments_and_says_why(office: Office) -> None:
    outcome = await office.send(Order(raw=a_mail(html=False), documents=True))

    assert attached_to(office.sent()[0]) == ["Offer.pdf"]
    assert outcome.message.untracked
    assert list(await office.store.shelf.of_message(outcome.message.id)) == []


async def test_what_stays_attached_is_said_with_the_reason_and_remembered(office: Office) -> None:
    outcome = await office.send(Order(raw=a_mail("ada@acme.example", "Offer.pdf", "invite.ics"), documents=True))

    found = await office.store.messages.get(outcome.message.id)
    assert attached_to(office.sent()[0]) == ["invite.ics"]
    assert found is not None
    assert found.left_attached == "invite.ics: files of this kind stay in the mail"


async def test_a_mail_without_attachments_says_that_it_had_none(office: Office) -> None:
    mail = EmailMessage()
    mail["To"] = "ada@acme.example"
    mail.set_content("<p>Hi</p>", subtype="html")

    outcome = await office.send(Order(raw=mail.as_bytes(), documents=True))

    assert outcome.message.left_attached == "This mail has no attachment that can go out as a link."


class Refusing:
    """A shelf on a disk that is full, or behind a database that is away."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    async def put(self, document: Document, data: bytes, at: object) -> None:
        raise self._failure


@pytest.mark.parametrize("failure", [NoRoom("The disk is full."), TryLater("the database did not do it")])
async def test_without_room_nothing_is_sent_and_it_says_why(office: Office, failure: Exception) -> None:
    order = Order(draft_id=office.saved(a_mail()), documents=True)

    with pytest.raises(type(failure), match=str(failure)):
        await office.send(order, shelf=Refusing(failure))
    assert (office.sent(), len(office.drafts())) == ([], 1)

    await office.send(order)
    assert len(links_in(office.sent()[0])) == 1


@pytest.mark.parametrize("kind", ["draft", "file each"])
async def test_killed_anywhere_no_sent_mail_has_a_dead_link_and_repeating_sends_once(office: Office, kind: str) -> None:
    for steps in range(MANY_STEPS):
        mail = a_mail("ada@acme.example, bob@acme.example", subject=f"Proposal {steps}")
        draft_id = office.saved(mail) if kind == "draft" else None
        order = Order(draft_id, None if draft_id else mail, per_recipient="each" in kind, documents=True)
        before = len(office.sent())

        killed = await _killed(office, order, steps)
        for sent in office.sent():
            assert [await kept(office, link) for link in links_in(sent)] == [PDF], f"after {steps} steps"
        await office.send(order)

        assert len(office.sent()) - before == (2 if "each" in kind else 1), f"after {steps} steps"
        if not killed:
            return
    pytest.fail("sending never came to its end")


async def test_what_a_crash_left_is_tidied_unless_its_mail_may_be_out(office: Office) -> None:
    for steps in range(MANY_STEPS):
        order = Order(draft_id=office.saved(a_mail(subject=f"Proposal {steps}")), documents=True)
        if not await _killed(office, order, steps):
            break

    await office.store.shelf.tidy(utc_now(), utc_now() + timedelta(seconds=1))

    for mail in office.sent():
        assert [await kept(office, link) for link in links_in(mail)] == [PDF]


async def test_two_processes_that_send_one_order_at_once_keep_one_file(office: Office) -> None:
    order = Order(draft_id=office.saved(a_mail()), documents=True)

    outcomes = await asyncio.gather(office.send(order), office.send(order))

    assert len(office.sent()) == 1
    assert len(await office.store.shelf.of_message(outcomes[0].message.id)) == 1


async def _killed(office: Office, order: Order, steps: int) -> bool:
    try:
        await office.send(order, Fuse(steps))
    except Killed:
        return True
    return False


async def test_what_was_scheduled_goes_out_with_its_documents(office: Office) -> None:
    order = Order(draft_id=office.saved(a_mail()), documents=True)
    at = utc_now() + timedelta(hours=1)
    await Scheduling(office.store.orders, office.mailers, utc_now).put(office.account, order, at)

    await worker(office, Watch(timedelta(hours=1, seconds=1))).run_once()

    assert len(links_in(office.sent()[0])) == 1


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (b"our offer.\n", b"our offer.\n-----BEGIN PGP SIGNED MESSAGE-----\n", "Links cannot be put into this mail"),
        (b"Content-Type: application/pdf", b"Content-Type: text/calendar", "This mail holds an invitation"),
    ],
)
async def test_a_mail_that_is_not_safe_to_change_keeps_its_attachments_and_is_tracked(
    office: Office, before: bytes, after: bytes, why: str
) -> None:
    outcome = await office.send(Order(raw=a_mail().replace(before, after, 1), documents=True))

    assert attached_to(office.sent()[0]) == ["Offer.pdf"]
    assert pixels_in(office.sent()[0]) == [outcome.copies[0].id]
    assert outcome.message.left_attached is not None
    assert outcome.message.left_attached.startswith(why)
