"""Orders for mails as people write them: to lists, to groups, in any script, changed while they go out."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import Header
from typing import Any

import pytest

from tests.standins.gmail import StoredMessage
from tests.tracker.sending.conftest import BASE, TOKENS, Office, a_mail, pixels_in
from tests.tracker.sending.test_ordering import Watch, asked, now_of, worker
from tracker.granting import Granting
from tracker.model import AlertKind, Copy, Message
from tracker.picking import Picking
from tracker.ports import Mailers
from tracker.sending import Sending
from tracker.tagger import Tagger
from tracker.wishes import OrderState, SendOrder

SEND = "gmail.users.drafts.send"


def recipients_of_mail(mail: StoredMessage) -> list[str]:
    parsed = message_from_bytes(mail.raw, policy=policy.default)
    fields = [parsed[name] for name in ("To", "Cc", "Bcc") if parsed[name]]
    return [address.addr_spec for field in fields for address in field.addresses]


async def known_of(office: Office, order: SendOrder) -> tuple[Message, list[Copy]]:
    message = await office.store.messages.by_source(office.account.id, f"draft:{order.draft_id}")
    assert message is not None
    return message, list(await office.store.messages.copies(message.id))


@dataclass
class Meddled:
    """Every account's Gmail, in which somebody does something right before a draft is sent."""

    inner: Mailers
    meddle: Callable[[], object]

    async def of(self, account: Any) -> Any:
        return _MeddledMailer(await self.inner.of(account), self.meddle)


class _MeddledMailer:
    def __init__(self, inner: Any, meddle: Callable[[], object]) -> None:
        self._inner = inner
        self._meddle = meddle

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._inner, name)

        async def called(*arguments: Any) -> Any:
            if name == "send_draft":
                self._meddle()
            return await method(*arguments)

        return called


async def carried_out(office: Office, mailers: Any = None, watch: Watch | None = None) -> None:
    """What the worker does now; with its own way to Gmail when a test has one."""
    ordering = worker(office, watch or Watch())
    if mailers:
        directory, granting = office.directory, Granting(office.store.accounts, ordering._clock)
        judge = office._recording().judge_again
        tagger = Tagger(TOKENS, BASE)
        books = office.store.messages, mailers, tagger, judge, granting, directory
        ordering._sending = Sending(*books, ordering._clock, index_pauses=())
    await ordering.run_once()


async def test_a_draft_edited_while_it_is_sent_goes_out_once_as_it_was_read(office: Office) -> None:
    draft_id = office.saved(a_mail(subject="Before"))
    order = await asked(office, draft_id=draft_id)
    edited = a_mail("grace@navy.example", subject="After")

    await carried_out(
        office, Meddled(office.mailers, lambda: office.gmail.edit_draft(office.account.email, draft_id, edited))
    )

    (mail,), (message, copies) = office.sent(), await known_of(office, order)
    assert (await now_of(office, order)).state is OrderState.SENT
    assert (recipients_of_mail(mail), mail.subject) == (["ada@acme.example"], "Before")
    assert (message.subject, [one.address for one in copies[0].recipients]) == ("Before", ["ada@acme.example"])


async def test_a_draft_deleted_while_it_is_sent_is_said_to_be_gone_and_is_not_sent_later(office: Office) -> None:
    draft_id = office.saved(a_mail())
    order = await asked(office, draft_id=draft_id)

    await carried_out(
        office, Meddled(office.mailers, lambda: office.gmail.delete_draft(office.account.email, draft_id))
    )
    await office.recover()

    failed = await now_of(office, order)
    assert failed.state is OrderState.FAILED
    assert "The draft is gone from Gmail" in (failed.failure or "")
    assert office.sent() == []


async def test_a_draft_edited_after_an_interrupted_try_goes_out_as_it_is_then_under_its_new_subject(
    office: Office,
) -> None:
    draft_id = office.saved(a_mail(subject="Before"))
    order = await asked(office, draft_id=draft_id)
    office.gmail.faults.fail(SEND, 403, "quotaExceeded")
    await carried_out(office)
    office.gmail.edit_draft(office.account.email, draft_id, a_mail("grace@navy.example", subject="After"))

    await carried_out(office, watch=Watch(timedelta(minutes=2)))

    (mail,), (message, copies) = office.sent(), await known_of(office, order)
    assert (recipients_of_mail(mail), mail.subject) == (["grace@navy.example"], "After")
    assert (message.subject, [one.address for one in copies[0].recipients]) == ("After", ["grace@navy.example"])


async def test_a_quota_that_ends_in_the_middle_lets_everybody_get_their_mail_once(office: Office) -> None:
    order = await asked(
        office, draft_id=office.saved(a_mail("a@x.example, b@x.example, c@x.example")), per_recipient=True
    )
    office.gmail.faults.slow(SEND, 0.0)  # the first goes well
    office.gmail.faults.fail(SEND, 403, "quotaExceeded")

    await carried_out(office)
    between = (await now_of(office, order)).state, len(office.sent())
    await carried_out(office, watch=Watch(timedelta(minutes=2)))

    got = sorted(address for mail in office.sent() for address in recipients_of_mail(mail))
    assert between == (OrderState.SENDING, 1)
    assert got == ["a@x.example", "b@x.example", "c@x.example"]
    assert (await now_of(office, order)).state is OrderState.SENT
    assert office.drafts() == []


@pytest.mark.parametrize("each", [False, True])
async def test_somebody_in_to_and_cc_is_one_recipient_and_gets_one_mail(office: Office, each: bool) -> None:
    mail = a_mail("Ada <ada@acme.example>", Cc="ADA@acme.example, grace@navy.example", Bcc="ada@ACME.example")
    order = await asked(office, draft_id=office.saved(mail), per_recipient=each)

    await carried_out(office)

    _, copies = await known_of(office, order)
    assert [len(copy.recipients) for copy in copies] == ([1, 1] if each else [2])
    assert len(office.sent()) == len(copies)
    assert len({pixel for mail in office.sent() for pixel in pixels_in(mail)}) == len(copies)


@pytest.mark.parametrize("each", [False, True])
async def test_everybody_in_a_group_list_is_a_recipient(office: Office, each: bool) -> None:
    raw = a_mail().replace(
        b"To: ada@acme.example", b"To: Friends: Ada <ada@acme.example>, grace@navy.example;, z@x.example"
    )
    order = await asked(office, draft_id=office.saved(raw), per_recipient=each)

    await carried_out(office)

    _, copies = await known_of(office, order)
    people = [one.address for copy in copies for one in copy.recipients]
    assert people == ["ada@acme.example", "grace@navy.example", "z@x.example"]
    assert (await now_of(office, order)).state is OrderState.SENT


@pytest.mark.parametrize("each", [False, True])
async def test_undisclosed_recipients_are_those_of_the_blind_copy(office: Office, each: bool) -> None:
    raw = a_mail(Bcc="ada@acme.example, grace@navy.example").replace(
        b"To: ada@acme.example", b"To: undisclosed-recipients:;"
    )
    order = await asked(office, draft_id=office.saved(raw), per_recipient=each)

    await carried_out(office)

    _, copies = await known_of(office, order)
    assert [one.address for copy in copies for one in copy.recipients] == ["ada@acme.example", "grace@navy.example"]
    assert len(office.sent()) == len(copies)


async def test_a_mail_to_an_empty_group_is_refused_in_words(office: Office) -> None:
    raw = a_mail().replace(b"To: ada@acme.example", b"To: undisclosed-recipients:;")
    order = await asked(office, draft_id=office.saved(raw))

    await carried_out(office)

    failed = await now_of(office, order)
    assert failed.failure == "This mail has no recipient. Add one, then send it again."
    assert (office.sent(), len(office.drafts())) == ([], 1)


@pytest.mark.parametrize("subject", ["Angebot für März: 10 € 💶", "提案書", "עברית", "a" * 900 + " ü"])
async def test_words_in_any_script_arrive_and_are_known_as_they_were_written(office: Office, subject: str) -> None:
    name = "Zoë Łukasiewicz 李"
    raw = a_mail(f"{Header(name, 'utf-8').encode()} <zoe@else.example>", subject=subject)
    order = await asked(office, draft_id=office.saved(raw), per_recipient=True)

    await carried_out(office)

    (mail,), (message, copies) = office.sent(), await known_of(office, order)
    assert message_from_bytes(mail.raw, policy=policy.default)["Subject"] == subject
    assert (message.subject, copies[0].recipients[0].name) == (subject, name)


async def test_a_hundred_recipients_get_one_mail_each_at_gmails_pace_and_the_progress_is_known(office: Office) -> None:
    people = [f"p{number}@x.example" for number in range(100)]
    order = await asked(office, draft_id=office.saved(a_mail(", ".join(people))), per_recipient=True)
    impatient = office.impatient()
    picking = Picking(
        impatient,
        office.store.orders,
        office.store.preferences,
        office.store.messages,
        Granting(office.store.accounts, Watch()),
        Watch(),
    )
    office.gmail.quota.limit = 6_000

    await carried_out(office, impatient)
    out, of = await picking.progress(order)
    sent_before = len(office.sent())
    office.gmail.quota.limit = None
    await carried_out(office, impatient, Watch(timedelta(minutes=2)))
    await impatient.close()

    got = Counter(address for mail in office.sent() for address in recipients_of_mail(mail))
    assert (of, 20 < out <= sent_before < 100) == (100, True)
    assert got == Counter(people)
    assert (await now_of(office, order)).state is OrderState.SENT


async def test_a_failed_order_tells_its_owner_once(office: Office) -> None:
    order = await asked(office, draft_id="r-gone")

    await carried_out(office)
    await carried_out(office, watch=Watch(timedelta(hours=1)))

    due = await office.store.alerts.lease(Watch(timedelta(hours=1))(), Watch(timedelta(hours=2))(), 10)
    assert [(alert.kind, alert.order_id) for leased in due for alert in leased.alerts] == [
        (AlertKind.NOT_SENT, order.id)
    ]
