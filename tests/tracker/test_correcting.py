"""Corrections, on every database: believed of the hit, of hits like it, past and future."""

from datetime import timedelta
from typing import Any

import pytest

from tests.makers import a_hit, a_judged, a_verdict, after
from tests.ports.givens import Given, given_account, given_message
from tracker.correcting import Corrected, Correcting, NotYours
from tracker.model import AlertKind, Cause, Hit, Judged
from tracker.ports import History, Stale, Store
from tracker.prefixes import prefix_of
from tracker.recording import Recording

NOW = after(hours=1)
HOME = "198.51.100.7"
NEXT_DOOR = "198.51.100.99"
GOOGLE_PROXY = "66.249.84.2"


def taught(hit: Hit, history: History) -> Judged:
    """Believes corrections, else that everybody is a person."""
    client = hit.headers.get("user-agent", "an unknown client")
    said = [
        one.cause
        for one in history.corrections
        if one.hit_id == hit.id or (hit.ip and (one.network, one.client) == (prefix_of(hit.ip), client))
    ]
    return a_judged(hit=hit, verdict=a_verdict(cause=said[0] if said else Cause.HUMAN), client=client)


class Desk:
    """A sender's message in a store, and what they do about its hits."""

    def __init__(self, store: Store, given: Given) -> None:
        self.store = store
        self.given = given
        self.recording = Recording(store.hits, taught, timedelta(0), lambda: NOW)

    async def hit(self, minutes: float, ip: str = HOME, copy: int = 0) -> Hit:
        hit = a_hit(copy_id=self.given.copies[copy].id, at=after(minutes=minutes), ip=ip)
        await self.recording.record([hit])
        return hit

    async def correct(self, hit: Hit, cause: Cause = Cause.SELF) -> Corrected:
        return await Correcting(self.store.hits, self.recording).correct([self.given.account], hit.id, cause, NOW)

    async def opens(self, copy: int = 0) -> int:
        copy_id = self.given.copies[copy].id
        return (await self.store.hits.histories([copy_id]))[copy_id].summary.opens

    async def told(self) -> list[AlertKind]:
        leased = await self.store.alerts.lease(NOW, NOW + timedelta(minutes=1), 100)
        for one in leased:
            await self.store.alerts.settle(one, NOW, None)
        return [alert.kind for one in leased for alert in one.alerts]


@pytest.fixture
async def desk(store: Store) -> Desk:
    return Desk(store, await given_message(store, copies=2))


async def test_that_was_me_takes_the_open_back(desk: Desk) -> None:
    hit = await desk.hit(5)
    await desk.told()

    corrected = await desk.correct(hit)

    assert corrected == Corrected(desk.given.message.id, desk.given.copy.id, changed=1, others=0)
    assert await desk.opens() == 0
    assert await desk.told() == [AlertKind.CORRECTED]


async def test_hits_from_next_door_with_the_same_client_follow_past_and_future(desk: Desk) -> None:
    hit = await desk.hit(5)
    await desk.hit(30, ip=NEXT_DOOR)
    await desk.hit(50, ip="203.0.113.9")

    corrected = await desk.correct(hit)
    await desk.hit(70, ip=NEXT_DOOR, copy=1)

    assert corrected.changed == 2
    assert (await desk.opens(), await desk.opens(copy=1)) == (1, 0)


async def test_on_a_network_that_strangers_share_that_hit_alone_is_corrected(desk: Desk) -> None:
    hit = await desk.hit(5, ip=GOOGLE_PROXY)
    await desk.hit(30, ip=GOOGLE_PROXY)

    corrected = await desk.correct(hit)

    assert corrected.changed == 1
    assert await desk.opens() == 1
    [learnt] = await desk.store.corrections.of_account(desk.given.account.id)
    assert learnt.network == ""


async def test_the_last_word_counts_and_a_real_open_notifies_nobody(desk: Desk) -> None:
    hit = await desk.hit(5)
    await desk.correct(hit)
    await desk.told()

    await desk.correct(hit, Cause.HUMAN)

    assert await desk.opens() == 1
    assert await desk.told() == [AlertKind.CORRECTED]


async def test_saying_it_twice_changes_nothing_the_second_time(desk: Desk) -> None:
    hit = await desk.hit(5)
    await desk.correct(hit)

    again = await desk.correct(hit)

    assert again.changed == 0
    assert len(await desk.store.corrections.of_account(desk.given.account.id)) == 1


async def test_a_hit_whose_raw_facts_are_destroyed_can_still_be_corrected(desk: Desk) -> None:
    hit = await desk.hit(5)
    await desk.hit(30)
    await desk.store.hits.forget_raw(NOW)

    corrected = await desk.correct(hit)

    assert corrected.changed == 1
    [mine, other] = await desk.store.hits.timeline(desk.given.copy.id)
    assert (mine.verdict.cause, other.verdict.cause) == (Cause.SELF, Cause.HUMAN)
    assert mine.client == other.client


async def test_somebody_elses_hit_cannot_be_corrected(desk: Desk) -> None:
    hit = await desk.hit(5)
    stranger = await given_account(desk.store)

    with pytest.raises(NotYours):
        await Correcting(desk.store.hits, desk.recording).correct([stranger], hit.id, Cause.SELF, NOW)
    with pytest.raises(NotYours):
        await desk.correct(a_hit())

    assert await desk.opens() == 1


async def test_what_nobody_can_say_is_refused(desk: Desk) -> None:
    hit = await desk.hit(5)

    with pytest.raises(ValueError, match="expected one of self, scanner, human"):
        await desk.correct(hit, Cause.DUPLICATE)


async def test_the_address_of_a_look_called_ones_own_is_known_as_the_senders(desk: Desk) -> None:
    await desk.correct(await desk.hit(5))

    history = (await desk.store.hits.histories([desk.given.copy.id]))[desk.given.copy.id]
    assert history.sender_ips == {HOME}


async def test_a_correction_and_a_hit_at_the_same_time_both_hold(desk: Desk) -> None:
    hit = await desk.hit(5)

    class Interrupted:
        """A hit log in which another hit is recorded just before the correction is written."""

        def __init__(self) -> None:
            self.done = False

        def __getattr__(self, name: str) -> Any:
            async def asked(*arguments: Any) -> Any:
                if name == "record" and not self.done:
                    self.done = True
                    await desk.hit(30, ip=NEXT_DOOR)
                return await getattr(desk.store.hits, name)(*arguments)

            return asked

    recording = Recording(Interrupted(), taught, timedelta(0), lambda: NOW)
    corrected = await Correcting(desk.store.hits, recording).correct([desk.given.account], hit.id, Cause.SELF, NOW)

    assert corrected.changed == 2
    assert await desk.opens() == 0


async def test_a_correction_is_written_with_its_verdicts_or_not_at_all(desk: Desk) -> None:
    hit = await desk.hit(5)

    class Busy:
        """A hit log that always finds the message written about meanwhile."""

        def __getattr__(self, name: str) -> Any:
            if name == "record":
                raise Stale
            return getattr(desk.store.hits, name)

    correcting = Correcting(desk.store.hits, Recording(Busy(), taught, timedelta(0), lambda: NOW))
    with pytest.raises(Stale):
        await correcting.correct([desk.given.account], hit.id, Cause.SELF, NOW)

    assert await desk.opens() == 1
    assert await desk.store.corrections.of_account(desk.given.account.id) == ()
