"""Where things happen, they are counted."""

import asyncio
from collections.abc import Sequence

import pytest

from tests.counted import counted
from tests.makers import a_hit, after
from tests.ports.givens import given_message
from tests.standins.gmail_caller import SENDER, a_mail
from tests.tracker.gmail.desk import GET, open_desk
from tests.tracker.test_bursts import at_once, recording
from tracker.counts import COMMITS, COMMITS_FAILED, GMAIL_CALLS, GMAIL_SECONDS, VERDICTS
from tracker.ports import NotAuthorized, Store, Unrecordable
from tracker.store.intake_commits import GroupCommit
from tracker.store.intake_rows import Row, row_of


async def test_each_try_at_gmail_is_counted_by_what_came_of_it() -> None:
    async with open_desk() as desk:
        draft_id = desk.gmail.save_draft(SENDER, a_mail())
        desk.gmail.faults.fail(GET, 503, "backendError", times=2)
        took = GMAIL_SECONDS.steps()[-1][1]

        with counted(GMAIL_CALLS) as rise:
            await desk.mailer.draft(draft_id)

    assert rise == {("token", "ok"): 1, ("drafts.get", "503"): 2, ("drafts.get", "ok"): 1}
    assert GMAIL_SECONDS.steps()[-1][1] == took + 3


async def test_a_grant_that_was_withdrawn_is_counted() -> None:
    async with open_desk() as desk:
        desk.gmail.revoke(SENDER)

        with counted(GMAIL_CALLS) as rise, pytest.raises(NotAuthorized):
            await desk.mailer.draft("d1")

    assert rise == {("token", "withdrawn"): 1}


async def test_a_verdict_is_counted_once_however_often_its_hit_is_taken_and_judged(store: Store) -> None:
    given = await given_message(store, copies=2, sent_at=after())
    first, second = at_once(given.copies)

    with counted(VERDICTS) as rise:
        await recording(store.hits).record([first, a_hit()])
        await recording(store.hits).record([first])
        await recording(store.hits).record([second])  # in whose light the first is a machine's

    assert rise == {("human",): 1, ("scanner",): 1}


async def test_commits_and_those_that_fail_are_counted() -> None:
    async def commit(added: Sequence[Row], removed: Sequence[str]) -> None:
        if removed:
            raise OSError("the disk is full")

    commits, before = GroupCommit(commit), COMMITS.steps()[-1][1]

    with counted(COMMITS_FAILED) as rise:
        await commits.add(row_of(a_hit()))
        with pytest.raises(Unrecordable):
            await commits.remove(["a batch"])

    await asyncio.sleep(0)
    await commits.close()
    assert rise == {(): 1}
    assert COMMITS.steps()[-1][1] == before + 2
