"""What every MessageBook promises to those who look at their mail in Gmail."""

from dataclasses import replace

import pytest

from tests.makers import NOON, a_sent_copy, after
from tests.ports.givens import Given, given_account, given_message, judged_hit, recorded
from tracker.model import Account, MessageState
from tracker.ports import Stale, Store


async def given_armed(store: Store, account: Account, gmail_id: str, thread_id: str, sent: float = 0) -> Given:
    given = await given_message(store, account)
    facts = {"gmail_id": gmail_id, "thread_id": thread_id, "sent_at": after(sent)}
    await store.messages.arm(a_sent_copy(id=given.copy.id, message_id=given.message.id, **facts))
    return given


async def test_a_message_is_found_by_gmail_s_name_for_it(store: Store) -> None:
    account = await given_account(store)
    given = await given_armed(store, account, "18c2", "18c0")
    await given_armed(store, account, "18c3", "18c0", sent=60)

    assert await store.messages.by_gmail(account.id, "18c2", "18c0") == given.message


async def test_the_latest_of_a_thread_is_found_when_the_mail_itself_is_not_ours(store: Store) -> None:
    account = await given_account(store)
    latest = await given_armed(store, account, "18c3", "18c0", sent=60)
    await given_armed(store, account, "18c2", "18c0")

    assert await store.messages.by_gmail(account.id, "reply", "18c0") == latest.message


async def test_a_mail_of_another_account_is_not_found(store: Store) -> None:
    given = await given_armed(store, await given_account(store), "18c2", "18c0")
    stranger = await given_account(store)

    assert given.account != stranger
    assert await store.messages.by_gmail(stranger.id, "18c2", "18c0") is None


async def test_unarmed_copies_are_not_found_by_no_name(store: Store) -> None:
    given = await given_message(store)

    assert await store.messages.by_gmail(given.account.id, None, None) is None


async def test_a_stopped_message_says_since_when_and_can_be_taken_up_again(store: Store) -> None:
    given = await given_message(store)

    await store.messages.stop(given.message.id, after(60))
    assert await store.messages.get(given.message.id) == replace(given.message, stopped_at=after(60))

    await store.messages.stop(given.message.id, None)
    assert await store.messages.get(given.message.id) == given.message


async def test_looks_at_a_message_are_told_to_who_judges_its_copies(store: Store) -> None:
    given = await given_message(store, copies=2)

    await store.messages.looked(given.message.id, after(5))
    await store.messages.looked(given.message.id, after(1))

    histories = await store.hits.histories([copy.id for copy in given.copies])
    assert [history.looks for history in histories.values()] == [(after(1), after(5))] * 2


async def test_who_read_before_a_look_cannot_write_without_knowing_of_it(store: Store) -> None:
    given = await given_message(store)
    version = (await store.hits.histories([given.copy.id]))[given.copy.id].version

    await store.messages.looked(given.message.id, after(5))

    with pytest.raises(Stale):
        await store.hits.record([recorded(given.copy, judged_hit(given.copy), version=version)])


async def test_a_look_at_a_message_that_is_gone_is_nothing(store: Store) -> None:
    await store.messages.looked("no-such-message", after(5))

    assert await store.messages.get("no-such-message") is None


async def test_looks_are_forgotten_with_the_raw_facts(store: Store) -> None:
    given = await given_message(store)
    await store.messages.looked(given.message.id, after(5))

    await store.hits.forget_raw(after(6))

    assert (await store.hits.histories([given.copy.id]))[given.copy.id].looks == ()


async def test_a_mail_that_gmail_sent_gets_its_subject_and_is_found_by_it(store: Store) -> None:
    given = await given_message(store, source="compose:1", subject="")
    await store.messages.arm(a_sent_copy(id=given.copy.id, message_id=given.message.id))

    await store.messages.finish(replace(given.message, state=MessageState.SENT, sent_at=NOON, subject="Q3 Proposal"))

    [found] = await store.messages.search([given.account.id], ["q3 prop"], 5)
    assert found.message.subject == "Q3 Proposal"
