"""What every NoiseBook promises."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from tests.makers import NOON, after
from tests.ports.givens import Given, given_account, given_alert, given_message
from tracker.clock import new_id
from tracker.model import Alert, AlertKind, LeasedAlerts
from tracker.noise import DigestEvery, Hours, Mute, MuteKind, Noise
from tracker.ports import Store

PERSON = "T1:U0SENDER"
NIGHT = Hours(time(20), time(8, 30))


def a_mute(account_id: str, kind: MuteKind = MuteKind.DOMAIN, what: str = "acme.example", **facts: Any) -> Mute:
    return replace(Mute(new_id(), account_id, kind, what, NOON), **facts)


def digest_alert(account_id: str, key: str = "digest:T1:U0SENDER:2026-11-02") -> Alert:
    return Alert(new_id(), key, AlertKind.DIGEST, account_id, NOON)


async def leased(store: Store, at: Any = NOON) -> list[LeasedAlerts]:
    return list(await store.alerts.lease(at, at + timedelta(seconds=45), 10))


async def given_held(store: Store, given: Given | None = None, hours: int = 8) -> Alert:
    """An alert that is held back for some hours."""
    alert = await given_alert(store, given or await given_message(store), due_at=NOON)
    [ours] = await leased(store)
    await store.noise.hold(ours, after(hours=hours), PERSON)
    return alert


async def test_who_said_nothing_is_told_everything_at_once(store: Store) -> None:
    account = await given_account(store)

    assert await store.noise.of(account.id) == Noise(account.id, quiet=None, repeats=True, digest=DigestEvery.NEVER)


async def test_what_was_wanted_last_is_kept(store: Store) -> None:
    account = await given_account(store)
    first = Noise(account.id, quiet=NIGHT, quiet_weekends=True, channel="C1", channel_name="sales", hide=True)
    wanted = replace(first, quiet=None, repeats=False, digest=DigestEvery.WEEKLY, digest_at=time(7, 45))
    wanted = replace(wanted, digest_set_at=NOON)
    await store.noise.keep(first)
    assert await store.noise.of(account.id) == first

    await store.noise.keep(wanted)

    assert await store.noise.of(account.id) == wanted


async def test_noise_and_mutes_go_with_their_account(store: Store) -> None:
    account = await given_account(store)
    await store.noise.keep(Noise(account.id, quiet=NIGHT, digest=DigestEvery.DAILY))
    await store.noise.mute(a_mute(account.id))

    assert await store.accounts.remove(account.email)

    assert await store.noise.of(account.id) == Noise(account.id)
    assert [list(await store.noise.mutes([account.id], NOON)), list(await store.noise.with_digest())] == [[], []]


async def test_what_comes_after_the_account_was_removed_leaves_nothing(store: Store) -> None:
    account = await given_account(store)
    await store.accounts.remove(account.email)

    await store.noise.keep(Noise(account.id, quiet=NIGHT))

    assert await store.noise.of(account.id) == Noise(account.id)
    assert not await store.noise.mute(a_mute(account.id))


async def test_mutes_are_remembered_whole_the_latest_first(store: Store) -> None:
    given, other = await given_message(store), await given_account(store)
    mutes = [
        a_mute(given.account.id, set_at=after(seconds=3), until=after(days=1)),
        a_mute(given.account.id, MuteKind.MESSAGE, given.message.id, set_at=after(seconds=2)),
        a_mute(given.account.id, MuteKind.ALL, "", set_at=after(seconds=1)),
    ]
    for mute in [*reversed(mutes), a_mute(other.id)]:
        assert await store.noise.mute(mute)

    assert list(await store.noise.mutes([given.account.id], NOON)) == mutes


async def test_a_mute_that_is_set_anew_takes_the_place_of_the_old_one(store: Store) -> None:
    account = await given_account(store)
    await store.noise.mute(a_mute(account.id, until=after(hours=1)))
    anew = a_mute(account.id, until=after(hours=9))

    await store.noise.mute(anew)

    assert list(await store.noise.mutes([account.id], NOON)) == [anew]


async def test_a_mute_is_over_at_its_end(store: Store) -> None:
    account = await given_account(store)
    await store.noise.mute(a_mute(account.id, until=after(hours=1)))

    assert len(await store.noise.mutes([account.id], after(hours=1, seconds=-1))) == 1
    assert list(await store.noise.mutes([account.id], after(hours=1))) == []


async def test_only_messages_of_the_account_can_be_muted(store: Store) -> None:
    given, stranger = await given_message(store), await given_account(store)

    assert not await store.noise.mute(a_mute(stranger.id, MuteKind.MESSAGE, given.message.id))
    assert not await store.noise.mute(a_mute(stranger.id, MuteKind.MESSAGE, "gone"))


async def test_a_message_that_is_erased_takes_its_mute_along(store: Store) -> None:
    given = await given_message(store)
    await store.noise.mute(a_mute(given.account.id, MuteKind.MESSAGE, given.message.id))

    await store.messages.forget(after(days=1))

    assert list(await store.noise.mutes([given.account.id], NOON)) == []


async def test_only_its_owner_takes_a_mute_back_and_once(store: Store) -> None:
    account, stranger = await given_account(store), await given_account(store)
    mute = a_mute(account.id)
    await store.noise.mute(mute)

    assert await store.noise.unmute([stranger.id], mute.id) is None
    assert await store.noise.unmute([account.id, stranger.id], mute.id) == mute
    assert await store.noise.unmute([account.id], mute.id) is None


async def test_what_is_held_is_leased_together_when_its_time_comes(store: Store) -> None:
    first, second = await given_held(store), await given_held(store)

    assert await leased(store, after(hours=8, seconds=-1)) == []
    [together] = await leased(store, after(hours=8))

    assert {alert.id for alert in together.alerts} == {first.id, second.id}
    assert (together.topic, together.in_doubt) == (f"held:{PERSON}", False)


async def test_news_of_a_message_whose_alert_is_held_is_not_held_with_it(store: Store) -> None:
    given = await given_message(store)
    await given_held(store, given)
    later = await given_alert(store, given, due_at=after(hours=1))

    [ours] = await leased(store, after(hours=1))

    assert ours.alerts == (later,)


async def test_what_is_held_and_told_is_done(store: Store) -> None:
    await given_held(store)
    [together] = await leased(store, after(hours=8))

    await store.alerts.settle(together, after(hours=8), None)

    assert await leased(store, after(days=9)) == []


async def test_what_is_held_can_be_held_longer(store: Store) -> None:
    await given_held(store)
    [together] = await leased(store, after(hours=8))

    await store.noise.hold(together, after(hours=12), PERSON)

    assert await leased(store, after(hours=11)) == []
    assert len(await leased(store, after(hours=12))) == 1


async def test_a_try_that_may_have_reached_slack_stays_in_doubt_while_it_is_held(store: Store) -> None:
    await given_alert(store, await given_message(store), due_at=NOON)
    await leased(store)  # and its holder dies
    [again] = await leased(store, after(minutes=2))

    await store.noise.hold(again, after(hours=8), PERSON)
    [together] = await leased(store, after(hours=8))

    assert together.in_doubt


async def test_who_lost_the_lease_holds_nothing(store: Store) -> None:
    await given_alert(store, await given_message(store), due_at=NOON)
    [late] = await leased(store)
    [_ours] = await leased(store, after(minutes=2))

    await store.noise.hold(late, after(hours=8), PERSON)

    [again] = await leased(store, after(minutes=4))
    assert not again.topic.startswith("held:")


async def test_what_is_released_is_leased_now_and_nobody_elses(store: Store) -> None:
    await given_held(store)

    await store.noise.release("T1:U0OTHER")
    assert await leased(store, after(hours=1)) == []
    await store.noise.release(PERSON)

    assert len(await leased(store, after(hours=1))) == 1


async def test_held_alerts_go_with_their_account(store: Store) -> None:
    given = await given_message(store)
    await given_held(store, given)

    await store.accounts.remove(given.account.email)

    assert await leased(store, after(days=1)) == []


async def test_who_wants_a_digest_is_known(store: Store) -> None:
    accounts = [await given_account(store) for _ in DigestEvery]
    kept = [Noise(account.id, digest=every) for account, every in zip(accounts, DigestEvery, strict=True)]
    for noise in kept:
        await store.noise.keep(noise)

    found = {noise.account_id: noise for noise in await store.noise.with_digest()}

    assert found == {noise.account_id: noise for noise in kept if noise.digest is not DigestEvery.NEVER}


async def test_the_same_digest_is_put_once_by_however_many(store: Store) -> None:
    account = await given_account(store)

    await asyncio.gather(*(store.noise.put(digest_alert(account.id)) for _ in range(4)))
    [ours] = await leased(store)
    await store.alerts.settle(ours, NOON, None)
    await store.noise.put(digest_alert(account.id))

    assert [alert.kind for alert in ours.alerts] == [AlertKind.DIGEST]
    assert await leased(store, after(days=1)) == []


async def test_a_channel_is_lost_once_and_told(store: Store) -> None:
    account = await given_account(store)
    noise = Noise(account.id, channel="C1", channel_name="sales", quiet=NIGHT)
    await store.noise.keep(noise)
    alert = replace(digest_alert(account.id), kind=AlertKind.CHANNEL_LOST)

    assert not await store.noise.unroute(replace(noise, channel="C2"), alert)
    assert await store.noise.unroute(noise, alert)
    assert not await store.noise.unroute(noise, alert)

    assert await store.noise.of(account.id) == Noise(account.id, channel_name="sales", quiet=NIGHT)
    assert [one.alerts[0].kind for one in await leased(store)] == [AlertKind.CHANNEL_LOST]
