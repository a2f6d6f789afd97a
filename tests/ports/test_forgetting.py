"""Whoever is erased is named nowhere any more, on every database: every table is walked."""

from dataclasses import replace

import pytest

from tests.makers import a_copy, a_message, after
from tests.ports.givens import Given, given_account, given_alert, judged_hit, recorded
from tests.ports.test_document_shelf import given_document
from tests.ports.test_order_book import given_leased, given_order, told
from tracker.clock import new_id
from tracker.following import Answer, AnswerKind
from tracker.model import Account, HitKind, Message, Recipient
from tracker.noise import Mute, MuteKind
from tracker.ports import Store
from tracker.rights import Erased
from tracker.store.address import read_address
from tracker.store.connecting import connect

ADA = "ada@acme.example"
NAMED = "Not sent to: Ada@Acme.example (no such mailbox)."

_ON_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
_ON_POSTGRES = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"


async def tables_naming(database_url: str, address: str) -> list[str]:
    """Every table of the schema in which this address stands somewhere."""
    database = await connect(read_address(database_url))
    try:
        async with database.reading() as statements:
            tables = await statements.rows(_ON_SQLITE if statements.on_sqlite else _ON_POSTGRES)
            names = [table["name"] for table in tables]
            rows = {name: await statements.rows(f'SELECT * FROM "{name}"') for name in names}  # noqa: S608
    finally:
        await database.close()
    return sorted(name for name, found in rows.items() if address in str([dict(row) for row in found]).lower())


async def named_in_a_mail(store: Store, account: Account, message: Message, *people: Recipient) -> Given:
    copy = a_copy(message_id=message.id, recipients=people)
    await store.messages.begin(message, [copy])
    return Given(account, message, (copy,))


async def named_everywhere(store: Store) -> Account:
    """Ada's address in every place in which one can come to stand."""
    account = await given_account(store)
    own = a_message(account_id=account.id, subject=f"For {ADA}")
    await named_in_a_mail(store, account, own, Recipient(ADA, "Ada"))
    message = a_message(account_id=account.id, subject=f"Fwd: {ADA} writes")
    alan = Recipient("alan@acme.example", ADA)
    given = await named_in_a_mail(store, account, message, Recipient("ADA@acme.example", "Ada"), alan)
    left = replace(message, untracked=NAMED, left_attached=f"{ADA}.pdf is too large")
    await store.messages.finish(left)
    click = judged_hit(given.copy, kind=HitKind.CLICK, link="https://studio.example/?for=ada%40acme.example")
    await store.hits.record([recorded(given.copy, click)])
    other = a_message(account_id=account.id)
    await bounced(store, await named_in_a_mail(store, account, other, Recipient("alan@acme.example", "Alan")))
    await given_document(store, given, name=f"Offer for {ADA}.pdf")
    await store.noise.mute(Mute(new_id(), account.id, MuteKind.RECIPIENT, ADA, after()))
    await failed_order(store, account)
    return account


async def bounced(store: Store, given: Given) -> None:
    answer = Answer(given.copy.id, "g1", AnswerKind.BOUNCE, ADA, after(), f"550 <{ADA}> is unknown")
    await store.following.note(answer, await given_alert(store, given))
    [leased] = await store.alerts.lease(after(1), after(60), 10)
    await store.alerts.bury(leased, after(2), f"Slack refused “{ADA} opened”")


async def failed_order(store: Store, account: Account) -> None:
    order = await given_order(store, account)
    await store.orders.read(order.id, "Größe", "alan@acme.example")
    await store.orders.fail(await given_leased(store, order), f"Sent to 1 of 2. {NAMED}", told(order))


@pytest.mark.parametrize("everybody", [True, False])
async def test_no_table_names_who_was_erased(store: Store, database_url: str, everybody: bool) -> None:
    account = await named_everywhere(store)
    before = await tables_naming(database_url, ADA)
    assert {"answer", "alert", "copy", "message", "mute", "send_order", "shelved_document"} <= set(before)

    await store.rights.erase(ADA, None if everybody else [account.id])

    assert await tables_naming(database_url, ADA) == []
    assert await tables_naming(database_url, "ada%40acme.example") == []
    assert "alan@acme.example" in str([entry async for entry in store.rights.everything(account.id)])


async def test_what_is_said_beforehand_is_what_is_erased(store: Store) -> None:
    account = await named_everywhere(store)

    there = await store.rights.about(ADA, [account.id])

    assert there == Erased(own=1, shared=1, mutes=1, notes=5)
    assert await store.rights.erase(ADA, [account.id]) == there
    assert (await store.rights.about(ADA, [account.id])).nothing


async def test_a_failed_sending_still_says_what_it_was_about_the_others(store: Store) -> None:
    account = await given_account(store)
    await failed_order(store, account)

    await store.rights.erase(ADA, [account.id])

    [order] = await store.orders.latest(account.id, after(-60), 10)
    assert order.failure == "Sent to 1 of 2. Not sent to: (erased) (no such mailbox)."
    assert (order.subject, order.recipient) == ("Größe", "alan@acme.example")


async def test_who_is_only_muted_is_somebody_and_is_forgotten(store: Store) -> None:
    account = await given_account(store)
    await store.noise.mute(Mute(new_id(), account.id, MuteKind.RECIPIENT, ADA, after()))

    assert await store.rights.about(ADA, [account.id]) == Erased(mutes=1)
    assert await store.rights.erase(ADA, [account.id]) == Erased(mutes=1)
    assert await store.noise.mutes([account.id], after()) == []


async def test_what_others_keep_about_them_is_theirs(store: Store, database_url: str) -> None:
    await named_everywhere(store)
    mine = await given_account(store)
    before = await tables_naming(database_url, ADA)

    assert await store.rights.erase(ADA, [mine.id]) == Erased()

    assert await tables_naming(database_url, ADA) == before


@pytest.mark.parametrize("other", ["maada@acme.example", "ada@acme.example.com", "x.ada@acme.example"])
async def test_an_address_that_holds_theirs_is_somebody_else(store: Store, other: str) -> None:
    account = await given_account(store)
    message = a_message(account_id=account.id, subject=f"About {other}")
    await named_in_a_mail(store, account, message, Recipient(other, "Somebody"))

    assert await store.rights.erase(ADA, None) == Erased()

    kept = await store.messages.get(message.id)
    assert kept
    assert kept.subject == f"About {other}"


async def test_what_is_searched_forgets_them_too(store: Store) -> None:
    account = await given_account(store)
    message = a_message(account_id=account.id, subject=f"Fwd: {ADA} writes")
    await named_in_a_mail(store, account, message, Recipient("alan@acme.example", "Alan"))

    await store.rights.erase(ADA, [account.id])

    assert await store.messages.search([account.id], ["ada"], 10) == []
    kept = await store.messages.get(message.id)
    assert kept
    assert kept.subject == "Fwd: (erased) writes"
