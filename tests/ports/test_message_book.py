"""What every MessageBook promises."""

import asyncio
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from tests.makers import NOON, a_copy, a_message, a_sent_copy, a_summary, after
from tests.ports.givens import Given, given_account, given_alert, given_message, judged_hit, recorded
from tracker.model import Account, Message, MessageState, Post, Recipient
from tracker.ports import Store
from tracker.stats import Sums


async def given_sent(store: Store, *recipients: Recipient, **facts: object) -> Given:
    """A message whose first copy is out."""
    given = await given_message(store, **facts)
    about = {"id": given.copy.id, "message_id": given.message.id, "recipients": recipients or given.copy.recipients}
    sent = a_sent_copy(**about)
    assert sent.attempted_at
    await store.messages.attempted(sent.id, sent.attempted_at, None)
    await store.messages.arm(sent)
    finished = replace(given.message, state=MessageState.SENT, sent_at=NOON)
    await store.messages.finish(finished)
    return Given(given.account, finished, (sent, *given.copies[1:]))


async def test_a_begun_message_is_remembered_whole(store: Store) -> None:
    account = await given_account(store)
    message = a_message(account_id=account.id, links=True, per_recipient=True, level="count", untracked="signed")

    await store.messages.begin(message, [])

    assert await store.messages.get(message.id) == message


async def test_copies_come_back_in_the_order_in_which_they_were_begun(store: Store) -> None:
    given = await given_message(store, copies=12)

    assert tuple(await store.messages.copies(given.message.id)) == given.copies


async def test_a_message_is_found_by_what_it_was_made_from(store: Store) -> None:
    given = await given_message(store, source="draft:r1")

    assert await store.messages.by_source(given.account.id, "draft:r1") == given.message


async def test_one_account_cannot_begin_two_messages_from_one_source(store: Store) -> None:
    given = await given_message(store, source="draft:r1")
    again = a_message(account_id=given.account.id, source="draft:r1")

    with pytest.raises(ValueError, match="draft:r1"):
        await store.messages.begin(again, [a_copy(message_id=again.id)])


async def test_a_refused_message_leaves_no_copies(store: Store) -> None:
    given = await given_message(store, source="draft:r1")
    again = a_message(account_id=given.account.id, source="draft:r1")

    with pytest.raises(ValueError, match="draft:r1"):
        await store.messages.begin(again, [a_copy(message_id=again.id)])

    assert not await store.messages.copies(again.id)


async def test_two_accounts_can_begin_messages_from_the_same_source(store: Store) -> None:
    await given_message(store, source="file:abc")

    other = await given_message(store, source="file:abc")

    assert await store.messages.by_source(other.account.id, "file:abc") == other.message


async def test_a_message_of_an_account_that_is_gone_cannot_begin(store: Store) -> None:
    with pytest.raises(LookupError):
        await store.messages.begin(a_message(), [])


@pytest.mark.parametrize("subject", ["nul \0 inside", "half \udc80 a character", "\U0001f600 ✓✓"])
async def test_any_subject_can_be_kept(store: Store, subject: str) -> None:
    given = await given_message(store, subject=subject)

    kept = await store.messages.get(given.message.id)
    assert kept is not None
    assert kept.subject == subject.replace("\0", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


async def test_moments_come_back_in_utc_to_the_microsecond(store: Store) -> None:
    in_delhi = after(0.123456).astimezone(timezone(timedelta(hours=5, minutes=30)))

    given = await given_message(store, created_at=in_delhi)

    kept = await store.messages.get(given.message.id)
    assert kept is not None
    assert kept.created_at.isoformat() == "2026-11-02T12:00:00.123456+00:00"


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="zone"):
        await given_message(store, created_at=NOON.replace(tzinfo=None))


async def test_the_first_draft_of_a_copy_is_the_one_that_counts(store: Store) -> None:
    given = await given_message(store)

    assert await store.messages.drafted(given.copy.id, "r-1") == "r-1"
    assert await store.messages.drafted(given.copy.id, "r-2") == "r-1"


async def test_many_who_draft_a_copy_at_once_get_the_same_draft(store: Store) -> None:
    given = await given_message(store)

    noted = await asyncio.gather(*(store.messages.drafted(given.copy.id, f"r-{number}") for number in range(8)))

    [copy] = await store.messages.copies(given.message.id)
    assert set(noted) == {copy.draft_id}


async def test_a_copy_that_is_gone_cannot_be_drafted(store: Store) -> None:
    with pytest.raises(LookupError):
        await store.messages.drafted("no-such-copy", "r-1")


async def test_the_draft_and_the_attempt_are_noted(store: Store) -> None:
    given = await given_message(store)

    await store.messages.drafted(given.copy.id, "r-77")
    await store.messages.attempted(given.copy.id, after(3), "<1@mail.example>")

    assert list(await store.messages.copies(given.message.id)) == [
        replace(given.copy, draft_id="r-77", attempted_at=after(3), rfc_message_id="<1@mail.example>")
    ]


async def test_an_attempt_without_a_message_id_leaves_the_noted_one(store: Store) -> None:
    given = await given_message(store)
    await store.messages.attempted(given.copy.id, after(3), "<1@mail.example>")

    await store.messages.attempted(given.copy.id, after(9), None)

    [copy] = await store.messages.copies(given.message.id)
    assert copy.rfc_message_id == "<1@mail.example>"


async def test_an_armed_copy_has_the_facts_of_the_sent_mail(store: Store) -> None:
    given = await given_message(store)
    await store.messages.attempted(given.copy.id, after(3), None)
    sent = replace(
        given.copy,
        sent_at=after(4),
        gmail_id="g1",
        thread_id="t1",
        rfc_message_id="<1@mail.example>",
        recipients=(Recipient("grace@acme.example", "Grace"), Recipient("list@acme.example")),
        recipient_mx="microsoft",
    )

    await store.messages.arm(sent)

    assert list(await store.messages.copies(given.message.id)) == [replace(sent, attempted_at=after(3))]


async def test_arming_a_copy_keeps_what_its_hits_add_up_to(store: Store) -> None:
    given = await given_message(store)
    await store.hits.record([recorded(given.copy, summary=a_summary(machines=3))])

    await store.messages.arm(replace(given.copy, sent_at=after(4)))

    report = await store.messages.report(given.message.id)
    assert report is not None
    assert report.summaries == (a_summary(machines=3),)


async def test_a_finished_message_keeps_state_moment_and_reason(store: Store) -> None:
    given = await given_message(store)
    finished = replace(given.message, state=MessageState.SENT, sent_at=after(4), untracked="plain text only")

    await store.messages.finish(finished)

    assert await store.messages.get(given.message.id) == finished


async def test_a_message_that_was_only_tagged_is_not_unfinished(store: Store) -> None:
    await given_message(store)

    assert not await store.messages.unfinished(NOON)


async def test_a_message_with_an_attempted_copy_is_unfinished(store: Store) -> None:
    given = await given_message(store, copies=2)
    await store.messages.attempted(given.copy.id, after(1), None)

    assert list(await store.messages.unfinished(NOON)) == [given.message]


async def test_an_armed_message_that_was_not_finished_is_unfinished(store: Store) -> None:
    given = await given_message(store)
    await store.messages.attempted(given.copy.id, after(1), None)
    await store.messages.arm(replace(given.copy, sent_at=after(4)))

    assert list(await store.messages.unfinished(NOON)) == [given.message]


async def test_messages_begun_before_the_moment_are_given_up(store: Store) -> None:
    given = await given_message(store, created_at=after(0))
    await store.messages.attempted(given.copy.id, after(1), None)

    assert not await store.messages.unfinished(after(1))


async def test_a_sent_message_is_finished(store: Store) -> None:
    given = await given_sent(store)

    assert given.copy.attempted_at
    assert not await store.messages.unfinished(NOON)


async def test_a_failed_message_is_finished_whatever_was_attempted(store: Store) -> None:
    given = await given_message(store)
    await store.messages.attempted(given.copy.id, after(1), None)

    await store.messages.finish(replace(given.message, state=MessageState.FAILED))

    assert not await store.messages.unfinished(NOON)


async def test_reports_are_latest_first_and_no_more_than_asked_for(store: Store) -> None:
    account = await given_account(store)
    sent = [await given_sent(store, account=account, created_at=after(number)) for number in range(4)]

    reports = await store.messages.reports([account.id], None, 3)

    assert [report.message for report in reports] == [given.message for given in reversed(sent[1:])]


async def test_a_report_has_the_copies_in_order_each_with_its_summary(store: Store) -> None:
    given = await given_sent(store, copies=3)
    summaries = [a_summary(opens=number, last_open_at=after(number), last_client="Outlook") for number in range(3)]
    pairs = zip(given.copies, summaries, strict=True)
    await store.hits.record([recorded(copy, version=1, summary=summary) for copy, summary in pairs])

    [report] = await store.messages.reports([given.account.id], None, 10)

    assert report.account == given.account
    assert report.copies == given.copies
    assert report.summaries == tuple(summaries)


async def test_reports_are_of_the_accounts_asked_for(store: Store) -> None:
    mine, also_mine, _ = [await given_sent(store) for _ in range(3)]

    reports = await store.messages.reports([mine.account.id, also_mine.account.id], None, 10)

    assert {report.message for report in reports} == {mine.message, also_mine.message}


async def test_no_accounts_have_no_reports(store: Store) -> None:
    await given_sent(store)

    assert not await store.messages.reports([], None, 10)


async def test_reports_begin_at_the_moment_asked_for(store: Store) -> None:
    account = await given_account(store)
    await given_sent(store, account=account, created_at=after(0))
    later = await given_sent(store, account=account, created_at=after(60))

    [report] = await store.messages.reports([account.id], after(60), 10)

    assert report.message == later.message


async def test_a_message_that_never_went_out_is_not_reported(store: Store) -> None:
    given = await given_message(store)

    assert not await store.messages.reports([given.account.id], None, 10)


async def test_a_failed_message_is_not_reported(store: Store) -> None:
    given = await given_message(store)
    await store.messages.finish(replace(given.message, state=MessageState.FAILED))

    assert not await store.messages.reports([given.account.id], None, 10)


async def test_a_message_with_one_copy_out_is_reported(store: Store) -> None:
    given = await given_message(store, copies=2)
    await store.messages.arm(replace(given.copy, sent_at=after(4)))

    assert await store.messages.reports([given.account.id], None, 10)


async def test_one_message_is_reported_whatever_its_state(store: Store) -> None:
    given = await given_message(store)

    report = await store.messages.report(given.message.id)

    assert report is not None
    assert report.message == given.message


async def test_an_unknown_message_has_no_report(store: Store) -> None:
    assert await store.messages.report("no-such-message") is None


async def found(store: Store, given: Given, *words: str) -> list[Message]:
    return [report.message for report in await store.messages.search([given.account.id], words, 10)]


@pytest.mark.parametrize("word", ["proposal", "PROPOSAL", "ada@acme", "lovelace", "Ada Love"])
async def test_a_message_is_found_by_a_word_of_its_subject_or_recipient(store: Store, word: str) -> None:
    given = await given_sent(store, Recipient("ada@acme.example", "Ada Lovelace"), subject="Q3 proposal")

    assert await found(store, given, word) == [given.message]


async def test_a_message_is_found_by_an_accented_word_in_any_case(store: Store) -> None:
    given = await given_sent(store, subject="Übergröße für Zoë")

    assert await found(store, given, "ÜBERGRÖSSE", "ZOË") == [given.message]


async def test_all_words_must_be_there(store: Store) -> None:
    given = await given_sent(store, subject="Q3 proposal")

    assert not await found(store, given, "proposal", "q4")


@pytest.mark.parametrize("word", ["%", "_", "!", "100%_!", "'", '"'])
async def test_signs_that_mean_something_to_a_database_mean_themselves(store: Store, word: str) -> None:
    account = await given_account(store)
    given = await given_sent(store, account=account, subject=f"sale {word} now")
    await given_sent(store, account=account, subject="sale now")

    assert await found(store, given, word) == [given.message]


async def test_the_recipients_of_the_sent_mail_are_searched(store: Store) -> None:
    given = await given_sent(store, Recipient("grace@navy.example", "Grace Hopper"))

    assert await found(store, given, "hopper") == [given.message]


async def test_only_the_accounts_asked_for_are_searched(store: Store) -> None:
    mine = await given_sent(store, subject="Q3 proposal")
    await given_sent(store, subject="Q3 proposal")

    assert await found(store, mine, "proposal") == [mine.message]


async def test_everything_about_old_messages_is_forgotten(store: Store) -> None:
    old = await given_sent(store, created_at=after(0))
    await store.hits.record([recorded(old.copy, judged_hit(old.copy), version=1)])
    await given_alert(store, old)
    [leased] = await store.alerts.lease(after(), after(60), 10)
    await store.alerts.settle(leased, after(), Post(leased.topic, "D1", "1.1"))

    assert await store.messages.forget(after(1)) == 1

    left = [
        await store.messages.get(old.message.id),
        *await store.hits.timeline(old.copy.id),
        await store.alerts.post_of(leased.topic),
    ]
    assert [fact for fact in left if fact] == []


async def test_messages_from_the_moment_on_are_kept(store: Store) -> None:
    young = await given_sent(store, created_at=after(1))

    assert await store.messages.forget(after(1)) == 0
    assert await store.messages.get(young.message.id)


async def test_a_try_that_nobody_can_look_up_is_noted_by_whoever_comes_first(store: Store) -> None:
    given = await given_message(store)

    noted = await asyncio.gather(*(store.messages.attempt_once(given.copy.id, after(n), "<a@b>") for n in range(4)))

    [copy] = await store.messages.copies(given.message.id)
    assert sorted(noted) == [False, False, False, True]
    assert copy.attempted_at
    assert copy.rfc_message_id == "<a@b>"


async def test_a_try_that_certainly_sent_nothing_is_taken_back(store: Store) -> None:
    given = await given_message(store)
    await store.messages.attempt_once(given.copy.id, after(), None)

    await store.messages.not_attempted(given.copy.id)

    assert await store.messages.attempt_once(given.copy.id, after(1), None)


async def test_a_sent_copys_try_stays(store: Store) -> None:
    given = await given_message(store)
    await store.messages.attempt_once(given.copy.id, after(), None)
    await store.messages.arm(a_sent_copy(id=given.copy.id, message_id=given.message.id))

    await store.messages.not_attempted(given.copy.id)

    assert not await store.messages.attempt_once(given.copy.id, after(1), None)


async def test_a_message_that_was_found_sent_is_not_given_up(store: Store) -> None:
    given = await given_message(store)
    await store.messages.finish(replace(given.message, state=MessageState.SENT, sent_at=NOON))

    await store.messages.finish(replace(given.message, state=MessageState.FAILED))

    found = await store.messages.get(given.message.id)
    assert found
    assert (found.state, found.sent_at) == (MessageState.SENT, NOON)


async def given_read(store: Store, account: Account, **facts: Any) -> Given:
    """A mail that went out at noon, and what became of it."""
    given = await given_sent(store, account=account)
    await store.hits.record([recorded(given.copy, version=1, summary=a_summary(**facts))])
    return given


YESTERDAY = NOON - timedelta(days=1)


async def test_sums_are_of_tracked_copies_that_went_out(store: Store) -> None:
    account = await given_account(store)
    await given_read(store, account, opens=2, unsure=1, first_open_at=after(hours=5), first_click_at=after(hours=3))
    await given_message(store, account=account)
    untracked = await given_sent(store, account=account)
    await store.messages.finish(replace(untracked.message, untracked="signed"))

    found = await store.messages.sums([account.id], YESTERDAY)

    assert found == Sums(1, middle=timedelta(hours=3), read=((after(hours=3), 1),))


async def test_sums_tell_those_that_nobody_can_know_and_those_answered(store: Store) -> None:
    account = await given_account(store)
    await given_read(store, account, unsure=3)
    await given_read(store, account)
    for answered in (await given_sent(store, account=account), await given_read(store, account, opens=1)):
        await store.hits.note_reply(answered.copy.id, after(hours=2))

    found = await store.messages.sums([account.id], YESTERDAY)

    assert (found.sent, found.unsure, found.replied) == (4, 1, 2)


@pytest.mark.parametrize(
    ("minutes", "middle"),
    [((7,), 7), ((100, 1), 50.5), ((5, 1, 100), 5), ((1, 2, 4, 300), 3), ((-3,), 0), ((-3, -2, 10), 0)],
)
async def test_the_middle_is_the_median_wait_and_never_negative(
    store: Store, minutes: tuple[int, ...], middle: float
) -> None:
    account = await given_account(store)
    for wait in minutes:
        await given_read(store, account, opens=1, first_open_at=after(minutes=wait))

    found = await store.messages.sums([account.id], YESTERDAY)

    assert found.middle == timedelta(minutes=middle)
    assert sum(number for _, number in found.read) == len(minutes)


async def test_first_openings_are_counted_by_the_quarter_of_an_hour(store: Store) -> None:
    account = await given_account(store)
    for seconds in (0, 899, 900, 3601):
        await given_read(store, account, opens=1, first_open_at=after(seconds))

    found = await store.messages.sums([account.id], YESTERDAY)

    assert sorted(found.read) == [(after(), 2), (after(minutes=15), 1), (after(hours=1), 1)]


async def test_sums_of_stopped_messages_and_of_others_accounts_are_not_told(store: Store) -> None:
    stopped, others = await given_sent(store), await given_sent(store)
    await store.messages.stop(stopped.message.id, after(hours=1))

    assert await store.messages.sums([stopped.account.id], YESTERDAY) == Sums()
    assert await store.messages.sums([others.account.id], YESTERDAY) == Sums(1)


async def test_sums_begin_at_the_moment_asked_for(store: Store) -> None:
    given = await given_sent(store)

    assert await store.messages.sums([given.account.id], after(hours=1)) == Sums()
