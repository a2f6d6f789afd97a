"""Pages of messages and of hits, on every database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from tests.makers import NOON, a_summary, after
from tests.ports.givens import Given, given_account, given_message, judged_hit, recorded
from tracker.model import Account, Heat, Message, MessageState
from tracker.paging import Edge, Turn
from tracker.ports import Store
from tracker.questions import Wanted

ALL = Wanted()


async def given_out(store: Store, account: Account, **facts: object) -> Given:
    """A message that went out, with one copy."""
    given = await given_message(store, account, **facts)
    sent_at = given.message.sent_at or given.message.created_at
    await store.messages.finish(replace(given.message, state=MessageState.SENT, sent_at=sent_at))
    return given


async def given_many(store: Store, number: int) -> tuple[Account, list[str]]:
    """So many messages, three of each moment; their ids, latest first."""
    account = await given_account(store)
    made = [(await given_out(store, account, created_at=after(place // 3))).message for place in range(number)]
    return account, [one.id for one in sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)]


async def page(store: Store, account: Account, turn: Turn | None = None, wanted: Wanted = ALL) -> list[Message]:
    return [report.message for report in await store.messages.page([account.id], wanted, turn, 4)]


def edge(message: Message) -> Edge:
    return Edge(message.created_at, message.id)


def ids(messages: Sequence[Message]) -> list[str]:
    return [message.id for message in messages]


async def test_pages_follow_each_other_without_a_gap_though_moments_repeat(store: Store) -> None:
    account, all_ids = await given_many(store, 10)

    first = await page(store, account)
    second = await page(store, account, Turn(edge(first[-1])))
    third = await page(store, account, Turn(edge(second[-1])))

    assert [*ids(first), *ids(second), *ids(third)] == all_ids


async def test_a_page_back_is_the_one_that_was_left_latest_first(store: Store) -> None:
    account, all_ids = await given_many(store, 10)
    first = await page(store, account)
    second = await page(store, account, Turn(edge(first[-1])))

    assert ids(await page(store, account, Turn(edge(second[0]), newer=True))) == all_ids[:4]


async def test_what_comes_in_between_moves_no_page(store: Store) -> None:
    account, all_ids = await given_many(store, 8)
    first = await page(store, account)

    await given_out(store, account, created_at=after(99))

    assert ids(await page(store, account, Turn(edge(first[-1])))) == all_ids[4:8]


async def test_the_edge_need_not_be_there_any_more(store: Store) -> None:
    account, all_ids = await given_many(store, 4)

    found = await page(store, account, Turn(Edge(after(0), "zzzz")))

    assert ids(found) == [one for one in all_ids if one in ids(found)]
    assert len(found) == 3


async def test_others_messages_are_on_no_page(store: Store) -> None:
    _, _ = await given_many(store, 2)
    stranger = await given_account(store)

    assert await page(store, stranger) == []


async def test_the_unopened_are_those_that_nobody_opened_clicked_or_answered(store: Store) -> None:
    account = await given_account(store)
    made = {name: await given_out(store, account) for name in ("waiting", "opened", "clicked", "answered", "stopped")}
    await store.hits.record([recorded(made["opened"].copy, summary=a_summary(opens=1))])
    await store.hits.record([recorded(made["clicked"].copy, summary=a_summary(clicks=1))])
    await store.hits.note_reply(made["answered"].copy.id, after(5))
    await store.messages.stop(made["stopped"].message.id, after(5))

    found = await page(store, account, wanted=Wanted(unopened_before=after(60)))

    assert ids(found) == [made["waiting"].message.id]


async def test_alive_is_what_was_sent_or_opened_since(store: Store) -> None:
    account = await given_account(store)
    old, opened, young = [await given_out(store, account, created_at=at) for at in (after(0), after(1), after(100))]
    summary = a_summary(opens=1, first_open_at=after(150), last_open_at=after(150))
    await store.hits.record([recorded(opened.copy, summary=summary)])

    found = await page(store, account, wanted=Wanted(alive_since=after(100)))

    assert ids(found) == [young.message.id, opened.message.id]
    assert old.message.id not in ids(found)


async def given_hits(store: Store) -> tuple[Given, list[str]]:
    """Ten hits on two copies, two of each moment; their ids, latest first."""
    given = await given_message(store, copies=2)
    one, other = given.copies
    hits = [judged_hit(copy, at=after(number), id=f"{number}{copy.id}") for number in range(5) for copy in (one, other)]
    for copy in given.copies:
        version = (await store.hits.histories([copy.id]))[copy.id].version
        await store.hits.record([recorded(copy, *[h for h in hits if h.hit.copy_id == copy.id], version=version)])
    return given, [h.hit.id for h in sorted(hits, key=lambda h: (h.hit.at, h.hit.id), reverse=True)]


async def test_hits_of_several_copies_are_one_list_in_pages(store: Store) -> None:
    given, all_ids = await given_hits(store)
    names = [copy.id for copy in given.copies]

    first = await store.hits.page(names, None, 4)
    second = await store.hits.page(names, Turn(Edge(first[-1].hit.at, first[-1].hit.id)), 4)
    back = await store.hits.page(names, Turn(Edge(second[0].hit.at, second[0].hit.id), newer=True), 4)

    assert [one.hit.id for one in [*first, *second]] == all_ids[:8]
    assert back == first


HOT = Heat(after(9), openings=3)


async def test_hot_is_what_was_hot_lately(store: Store) -> None:
    given, other = await given_message(store), await given_message(store)
    summary = a_summary(opens=3, first_open_at=after(1), last_open_at=after(9), heat=HOT)
    await store.hits.record([recorded(given.copy, summary=summary)])
    hot = partial(store.messages.hot, [given.account.id, other.account.id])

    [found] = await hot(NOON - timedelta(days=7), None, 10)

    assert found == await store.messages.report(given.message.id)
    assert found.summaries[0].heat == HOT
    assert await hot(HOT.at, None, 10) == [found]
    assert await hot(HOT.at + timedelta(microseconds=1), None, 10) == []
    await store.messages.stop(given.message.id, after(10))
    assert await hot(NOON - timedelta(days=7), None, 10) == []


async def test_what_is_hot_comes_in_pages(store: Store) -> None:
    given = [await given_message(store) for _ in range(5)]
    for place, one in enumerate(given):
        heat = Heat(after(place), pause=timedelta(days=20))
        summary = a_summary(opens=2, first_open_at=after(days=-20), last_open_at=after(place), heat=heat)
        await store.hits.record([recorded(one.copy, summary=summary)])
    hot = partial(store.messages.hot, [one.account.id for one in given], NOON - timedelta(days=7))
    names = [one.message.id for one in given]

    first = await hot(None, 2)
    older = await hot(Turn(Edge(after(3), names[3])), 2)
    back = await hot(Turn(Edge(after(2), names[2]), newer=True), 2)

    assert [one.message.id for one in first] == [names[4], names[3]]
    assert [one.message.id for one in older] == [names[2], names[1]]
    assert back == first


async def test_a_message_with_several_hot_copies_is_there_once_by_its_latest_heat(store: Store) -> None:
    given = await given_message(store, copies=3)
    heats = [Heat(after(place), openings=3) for place in (5, 9)] + [None]
    for copy, heat in zip(given.copies, heats, strict=True):
        version = (await store.hits.histories([copy.id]))[copy.id].version
        await store.hits.record([recorded(copy, version=version, summary=a_summary(opens=3, heat=heat))])
    other = await given_message(store, given.account)
    await store.hits.record([recorded(other.copy, summary=a_summary(opens=3, heat=Heat(after(7), openings=3)))])

    found = await store.messages.hot([given.account.id], NOON - timedelta(days=7), None, 10)

    assert [one.message.id for one in found] == [given.message.id, other.message.id]
