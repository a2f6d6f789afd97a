"""What every NudgeBook promises."""

import asyncio

from tests.makers import after
from tests.ports.givens import given_message
from tracker.ports import Store
from tracker.reminders import NudgeNote


async def given_begun(store: Store) -> NudgeNote:
    note = await store.nudges.begin((await given_message(store)).copy.id)
    assert note
    return note


async def test_only_who_begins_first_begins_afresh(store: Store) -> None:
    copy = (await given_message(store)).copy

    notes = await asyncio.gather(*(store.nudges.begin(copy.id) for _ in range(4)))

    assert sorted(note.fresh for note in notes if note) == [False, False, False, True]


async def test_of_an_erased_message_none_is_begun(store: Store) -> None:
    copy = (await given_message(store)).copy
    await store.messages.forget(after(days=1))

    assert await store.nudges.begin(copy.id) is None


async def test_the_first_draft_stays_the_draft(store: Store) -> None:
    note = await given_begun(store)

    assert await store.nudges.drafted(note, "r1") == "r1"
    assert await store.nudges.drafted(note, "r2") == "r1"
    assert await store.nudges.begin(note.copy_id) == NudgeNote(note.copy_id, 1, "r1")


async def test_a_draft_that_is_gone_is_followed_by_one_more_for_all_who_ask(store: Store) -> None:
    note = await given_begun(store)
    await store.nudges.drafted(note, "r1")
    gone = NudgeNote(note.copy_id, 1, "r1")

    notes = await asyncio.gather(*(store.nudges.begin_anew(gone) for _ in range(3)))

    assert {(one.number, one.draft_id) for one in notes if one} == {(2, None)}
    assert sorted(one.fresh for one in notes if one) == [False, False, True]


async def test_nudges_go_with_their_message(store: Store) -> None:
    note = await given_begun(store)
    await store.messages.forget(after(days=1))

    assert await store.nudges.begin_anew(note) is None
