"""What every HitLog promises."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from tests.makers import a_summary, a_verdict, after, an_alert
from tests.ports.givens import given_alert, given_message, judged_hit, recorded
from tracker.model import Cause, Copy, HitKind, Judged
from tracker.ports import Located, Stale, Store


async def test_a_recorded_hit_comes_back_whole(store: Store) -> None:
    given = await given_message(store)
    verdict = {"cause": Cause.SCANNER, "confidence": 0.85, "reason": "fetched before delivery", "rules": ("A2", "D1")}
    judged = judged_hit(given.copy, kind=HitKind.CLICK, method="HEAD", link="https://a.example/", verdict=verdict)

    await store.hits.record([recorded(given.copy, judged)])

    assert list(await store.hits.timeline(given.copy.id)) == [judged]


@pytest.mark.parametrize("value", ["nul \0", "latin \udce9", "✓", "a" * 100_000, '"; DROP TABLE hit; --'])
async def test_any_header_can_be_kept(store: Store, value: str) -> None:
    given = await given_message(store)
    judged = judged_hit(given.copy, headers={"user-agent": value})

    await store.hits.record([recorded(given.copy, judged)])

    [kept] = await store.hits.timeline(given.copy.id)
    assert kept.hit.ua == value


async def test_a_link_with_unreadable_signs_does_not_stop_its_batch(store: Store) -> None:
    given = await given_message(store)
    bad = judged_hit(given.copy, link="https://a.example/\0\udcff", at=after(1))
    good = judged_hit(given.copy, at=after(2))

    await store.hits.record([recorded(given.copy, bad, good)])

    assert [judged.hit.id for judged in await store.hits.timeline(given.copy.id)] == [bad.hit.id, good.hit.id]


async def test_the_end_of_a_timeline_is_its_latest_hits_oldest_first(store: Store) -> None:
    given = await given_message(store)
    hits = [judged_hit(given.copy, at=after(minutes=number)) for number in range(5)]
    await store.hits.record([recorded(given.copy, *hits)])

    assert list(await store.hits.timeline(given.copy.id, latest=2)) == hits[3:]


async def test_a_timeline_is_oldest_first(store: Store) -> None:
    given = await given_message(store)
    late, early = judged_hit(given.copy, at=after(9)), judged_hit(given.copy, at=after(1))

    await store.hits.record([recorded(given.copy, late, early)])

    assert list(await store.hits.timeline(given.copy.id)) == [early, late]


async def test_a_timeline_has_the_hits_of_its_copy_alone(store: Store) -> None:
    given = await given_message(store, copies=2)
    mine, other = (judged_hit(copy) for copy in given.copies)
    await store.hits.record([recorded(given.copies[0], mine), recorded(given.copies[1], other)])

    assert list(await store.hits.timeline(given.copies[0].id)) == [mine]


async def test_recorded_hits_are_seen(store: Store) -> None:
    given = await given_message(store)
    judged, other = judged_hit(given.copy), judged_hit(given.copy)
    await store.hits.record([recorded(given.copy, judged)])

    assert await store.hits.seen([judged.hit.id, other.hit.id]) == {judged.hit.id}


async def test_thousands_of_hits_can_be_looked_for_at_once(store: Store) -> None:
    assert await store.hits.seen([f"hit-{number}" for number in range(40_000)]) == frozenset()


async def test_a_hit_recorded_again_gets_a_new_verdict_and_client_and_keeps_its_facts(store: Store) -> None:
    given = await given_message(store)
    first = judged_hit(given.copy)
    await store.hits.record([recorded(given.copy, first)])
    verdict = a_verdict(cause=Cause.SELF, confidence=1.0, reason="your own look", rules=("A1",), ruleset="later")

    again = Judged(replace(first.hit, ip="203.0.113.9", method="HEAD"), verdict, "Gmail", "Lyon, France")
    await store.hits.record([recorded(given.copy, again, version=1)])

    assert list(await store.hits.timeline(given.copy.id)) == [Judged(first.hit, verdict, "Gmail", "Lyon, France")]


async def test_the_summary_is_kept_with_the_hits(store: Store) -> None:
    given = await given_message(store)
    summary = a_summary(
        opens=2,
        clicks=1,
        machines=3,
        unsure=4,
        first_open_at=after(1),
        last_open_at=after(2),
        first_click_at=after(3),
        last_click_at=after(4),
        last_client="Outlook on Windows",
        last_reason="mail client",
        last_hit_at=after(5),
        last_place="Lyon, France",
        passed_on="Yahoo",
    )

    await store.hits.record([recorded(given.copy, judged_hit(given.copy), summary=summary)])

    assert (await store.hits.histories([given.copy.id]))[given.copy.id].summary == summary


async def test_a_history_knows_account_message_copy_and_past_verdicts(store: Store) -> None:
    given = await given_message(store)
    past = [judged_hit(given.copy, at=after(number)) for number in (1, 2)]
    await store.hits.record([recorded(given.copy, *reversed(past))])

    history = (await store.hits.histories([given.copy.id]))[given.copy.id]

    assert (history.account, history.message, history.copy) == (given.account, given.message, given.copy)
    assert list(history.judged) == past


async def test_a_history_ends_with_the_last_two_hundred(store: Store) -> None:
    given = await given_message(store)
    past = [judged_hit(given.copy, at=after(number)) for number in range(203)]
    await store.hits.record([recorded(given.copy, *past)])

    history = (await store.hits.histories([given.copy.id]))[given.copy.id]

    assert list(history.judged) == past[3:]


async def test_each_copy_has_its_own_history(store: Store) -> None:
    given = await given_message(store, copies=3)
    judged = {copy.id: judged_hit(copy) for copy in given.copies}
    await store.hits.record([recorded(copy, judged[copy.id]) for copy in given.copies])

    histories = await store.hits.histories([copy.id for copy in given.copies])

    assert {copy_id: history.judged for copy_id, history in histories.items()} == {
        copy_id: (one,) for copy_id, one in judged.items()
    }


async def test_a_copy_that_does_not_exist_has_no_history(store: Store) -> None:
    given = await given_message(store)

    assert set(await store.hits.histories([given.copy.id, "no-such-copy"])) == {given.copy.id}


async def test_an_alert_recorded_with_its_hit_is_in_the_outbox(store: Store) -> None:
    given = await given_message(store)

    alert = await given_alert(store, given)

    [leased] = await store.alerts.lease(after(), after(60), 10)
    assert leased.alerts == (alert,)


async def test_an_alert_whose_key_is_there_is_left_as_it_is(store: Store) -> None:
    given = await given_message(store)
    first = await given_alert(store, given, key="first-open")

    await given_alert(store, given, key="first-open", due_at=after(-60))

    [leased] = await store.alerts.lease(after(), after(60), 10)
    assert leased.alerts == (first,)


async def test_an_alert_that_was_said_is_not_put_again(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given, key="first-open")
    [leased] = await store.alerts.lease(after(), after(60), 10)
    await store.alerts.settle(leased, after(1), None)

    await given_alert(store, given, key="first-open")

    assert not await store.alerts.lease(after(120), after(180), 10)


async def test_what_is_recorded_about_a_copy_that_is_gone_is_dropped_and_the_rest_kept(store: Store) -> None:
    gone, kept = await given_message(store), await given_message(store)
    await store.accounts.remove(gone.account.email)
    judged = judged_hit(kept.copy)

    await store.hits.record([recorded(gone.copy, judged_hit(gone.copy)), recorded(kept.copy, judged)])

    assert list(await store.hits.timeline(gone.copy.id)) == []
    assert list(await store.hits.timeline(kept.copy.id)) == [judged]


async def version_of(store: Store, copy: Copy) -> int:
    return (await store.hits.histories([copy.id]))[copy.id].version


async def test_recording_makes_the_version_of_a_copy_grow(store: Store) -> None:
    given = await given_message(store)
    before = await version_of(store, given.copy)

    await store.hits.record([recorded(given.copy, judged_hit(given.copy), version=before)])

    assert await version_of(store, given.copy) > before


async def test_arming_makes_the_version_of_a_copy_grow(store: Store) -> None:
    given = await given_message(store)
    before = await version_of(store, given.copy)

    await store.messages.arm(replace(given.copy, sent_at=after(1)))

    assert await version_of(store, given.copy) > before


async def test_what_was_decided_on_an_old_version_is_stale_and_nothing_of_its_batch_is_kept(store: Store) -> None:
    given = await given_message(store, copies=2)
    changed, other = given.copies
    await store.hits.record([recorded(changed, judged_hit(changed))])

    with pytest.raises(Stale):
        await store.hits.record([recorded(other, judged_hit(other)), recorded(changed, judged_hit(changed))])

    assert len(await store.hits.timeline(changed.id)) == 1
    assert not await store.hits.timeline(other.id)


async def test_of_many_who_write_on_the_same_version_one_succeeds(store: Store) -> None:
    given = await given_message(store)
    changes = [recorded(given.copy, judged_hit(given.copy)) for _ in range(6)]

    outcomes = await asyncio.gather(*(store.hits.record([change]) for change in changes), return_exceptions=True)

    assert outcomes.count(None) == 1
    assert len(await store.hits.timeline(given.copy.id)) == 1


async def test_a_batch_that_fails_leaves_nothing(store: Store) -> None:
    given = await given_message(store)
    change = recorded(given.copy, judged_hit(given.copy))

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await store.hits.record([replace(change, alerts=(an_alert(account_id="nobody"),))])

    assert not await store.hits.timeline(given.copy.id)


async def test_nothing_to_record_is_no_trouble(store: Store) -> None:
    await store.hits.record([])

    assert await store.hits.histories([]) == {}


async def given_hit(store: Store, copy: Copy, **facts: object) -> Judged:
    judged = judged_hit(copy, **facts)
    await store.hits.record([recorded(copy, judged)])
    return judged


async def test_raw_facts_are_destroyed_and_the_verdict_stays(store: Store) -> None:
    given = await given_message(store)
    judged = await given_hit(store, given.copy, at=after(0))

    assert await store.hits.forget_raw(after(1)) == 1

    bare = replace(judged.hit, ip=None, headers=MappingProxyType({}))
    assert list(await store.hits.timeline(given.copy.id)) == [replace(judged, hit=bare)]


async def test_raw_facts_from_the_moment_on_are_kept(store: Store) -> None:
    given = await given_message(store)
    judged = await given_hit(store, given.copy, at=after(1))

    assert await store.hits.forget_raw(after(1)) == 0
    assert list(await store.hits.timeline(given.copy.id)) == [judged]


async def test_raw_facts_are_destroyed_once(store: Store) -> None:
    given = await given_message(store)
    await given_hit(store, given.copy, at=after(0))
    await store.hits.forget_raw(after(1))

    assert await store.hits.forget_raw(after(1)) == 0


async def test_a_new_verdict_does_not_bring_raw_facts_back(store: Store) -> None:
    given = await given_message(store)
    judged = await given_hit(store, given.copy, at=after(0))
    await store.hits.forget_raw(after(1))

    await store.hits.record([recorded(given.copy, judged, version=1)])

    [kept] = await store.hits.timeline(given.copy.id)
    assert (kept.hit.ip, dict(kept.hit.headers)) == (None, {})


async def test_a_message_has_one_version_for_all_its_copies(store: Store) -> None:
    given = await given_message(store, copies=2)
    await store.hits.record([recorded(given.copies[0], judged_hit(given.copies[0]))])

    with pytest.raises(Stale):
        await store.hits.record([recorded(given.copies[1], judged_hit(given.copies[1]))])

    assert await version_of(store, given.copies[1]) == 1


async def test_another_messages_version_stays(store: Store) -> None:
    given, other = await given_message(store), await given_message(store)

    await store.hits.record([recorded(given.copy, judged_hit(given.copy))])

    assert await version_of(store, other.copy) == 0


async def test_siblings_are_the_copies_hit_in_that_time(store: Store) -> None:
    given, other = await given_message(store, copies=4), await given_message(store)
    moments = (10, 20, 30)
    hits = [judged_hit(copy, at=after(at)) for copy, at in zip(given.copies, moments, strict=False)]
    await store.hits.record([recorded(copy, hit) for copy, hit in zip(given.copies, hits, strict=False)])
    await store.hits.record([recorded(other.copy, judged_hit(other.copy, at=after(20)))])

    found = await store.hits.siblings([given.message.id], after(20), after(30))

    assert set(found) == {given.copies[1].id, given.copies[2].id}


async def test_a_hit_is_found_with_what_it_belongs_to(store: Store) -> None:
    given = await given_message(store)
    judged = await given_hit(store, given.copy)

    assert await store.hits.hit(judged.hit.id) == Located(given.account.id, given.message.id, given.copy.id, judged)
    assert await store.hits.hit("no-such-hit") is None


@pytest.mark.parametrize("what", ["reply", "bounce"])
async def test_the_earliest_reply_and_bounce_are_kept_whatever_is_recorded(store: Store, what: str) -> None:
    given = await given_message(store)
    note = store.hits.note_reply if what == "reply" else store.hits.note_bounce
    for at in (50, 40, 60):
        await note(given.copy.id, after(at))
    version = await version_of(store, given.copy)
    await store.hits.record([recorded(given.copy, judged_hit(given.copy), version=version)])

    summary = (await store.hits.histories([given.copy.id]))[given.copy.id].summary

    assert version == 3
    assert (summary.replied_at, summary.bounced_at) == (after(40), None) if what == "reply" else (None, after(40))


async def test_a_reply_to_a_copy_that_is_gone_is_no_trouble(store: Store) -> None:
    await store.hits.note_reply("no-such-copy", after())


async def test_outdated_messages_come_in_order_and_in_parts(store: Store) -> None:
    given = [await given_message(store) for _ in range(4)]
    for one, ruleset in zip(given, ("old", "old", "new", "older"), strict=True):
        await given_hit(store, one.copy, verdict={"ruleset": ruleset})
    wanted = sorted(one.message.id for one in (given[0], given[1], given[3]))

    first = await store.hits.outdated("new", "", 2)

    assert list(first) == wanted[:2]
    assert list(await store.hits.outdated("new", first[-1], 2)) == wanted[2:]


async def test_what_cannot_be_judged_any_more_is_not_outdated(store: Store) -> None:
    given = await given_message(store)
    await given_hit(store, given.copy, verdict={"ruleset": "old"})
    await store.hits.forget_raw(after(hours=1))

    assert await store.hits.outdated("new", "", 2) == []


async def test_where_the_sender_was_seen_is_known_to_the_whole_account_for_a_while(store: Store) -> None:
    given = await given_message(store)
    beside = await given_message(store, given.account)
    stranger = await given_message(store)
    await store.hits.record(
        [replace(recorded(given.copy), sender_ips={"192.0.2.1": after(5), "2001:db8::1": after(1)})]
    )
    await store.hits.record([replace(recorded(given.copy, version=1), sender_ips={"192.0.2.1": after(2)})])

    await store.hits.forget_raw(after(4))

    histories = await store.hits.histories([beside.copy.id, stranger.copy.id])
    assert histories[beside.copy.id].sender_ips == {"192.0.2.1"}
    assert histories[stranger.copy.id].sender_ips == frozenset()


async def test_room_may_be_made_at_any_time_and_hits_are_where_they_were(store: Store) -> None:
    given = await given_message(store)
    before, later = judged_hit(given.copy), judged_hit(given.copy, at=after(minutes=9))
    await store.hits.record([recorded(given.copy, before)])

    await store.hits.make_room(after(), timedelta(days=180))
    again = await store.hits.make_room(after(), timedelta(days=180))
    await store.hits.record([recorded(given.copy, later, version=1)])

    assert again == 0
    assert list(await store.hits.timeline(given.copy.id)) == [before, later]


async def test_hits_of_a_message_that_is_kept_are_not_forgotten(store: Store) -> None:
    await store.hits.make_room(after(), timedelta(days=180))
    given = await given_message(store)
    judged = judged_hit(given.copy)
    await store.hits.record([recorded(given.copy, judged)])

    await store.hits.forget(after(days=400))

    assert list(await store.hits.timeline(given.copy.id)) == [judged]


async def test_a_forgotten_message_has_no_hits(store: Store) -> None:
    await store.hits.make_room(after(), timedelta(days=180))
    given = await given_message(store)
    judged = judged_hit(given.copy)
    await store.hits.record([recorded(given.copy, judged)])

    await store.messages.forget(after(days=2))
    await store.hits.forget(after(days=40))

    assert await store.hits.hit(judged.hit.id) is None
    assert list(await store.hits.timeline(given.copy.id)) == []
