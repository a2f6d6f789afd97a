"""Mailboxes are watched: asked for in time, once, for one topic, and given up when nobody wants it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fuses import Fuse, Killed
from tests.makers import an_account
from tests.standins.gmail import Topic
from tests.tracker.sending.conftest import FusedMailers
from tests.tracker.syncing.conftest import Desk
from tracker.clock import Clock, utc_now
from tracker.granting import Granting
from tracker.model import AccountState, AlertKind, Profile
from tracker.syncing import Watching
from tracker.syncing.watching import stopped

TOPIC, OTHER = "projects/twotick-test/topics/gmail", "projects/twotick-test/topics/other"
WATCH, STOP = "gmail.users.watch", "gmail.users.stop"
NOWHERE = "http://127.0.0.1:9/"


def opened(desk: Desk, *names: str, open_to_gmail: bool = True) -> None:
    for name in names:
        desk.gmail.add_topic(Topic(name, NOWHERE, NOWHERE, "push@p.iam.gserviceaccount.com", open_to_gmail))


def watching(desk: Desk, topic: str = TOPIC, clock: Clock = utc_now, mailboxes: Any = None) -> Watching:
    desk.gmail.clock = clock
    granting = Granting(desk.store.accounts, clock)
    return Watching(desk.store.watches, mailboxes or desk.office.mailers, granting, topic, clock)


def later(**parts: float) -> Clock:
    return lambda: utc_now() + timedelta(**parts)


def asked(desk: Desk, method: str) -> int:
    return [name for name, _ in desk.gmail.calls].count(method)


async def test_a_mailbox_is_watched_once_a_day_with_nearly_a_week_to_spare(desk: Desk) -> None:
    opened(desk, TOPIC)

    times = [await watching(desk, clock=later(hours=hours)).run_once() for hours in (0, 1, 19, 25, 26, 50)]

    assert times == [1, 0, 0, 1, 0, 1]


async def test_though_gmails_clock_is_days_behind_nobody_is_asked_for_again_and_again(desk: Desk) -> None:
    opened(desk, TOPIC)
    work = watching(desk, clock=later(days=3))
    desk.gmail.clock = utc_now

    assert [await work.run_once(), await work.run_once()] == [1, 0]


async def test_two_workers_ask_once(desk: Desk) -> None:
    opened(desk, TOPIC)

    await asyncio.gather(*(watching(desk).run_once() for _ in range(4)))

    assert asked(desk, WATCH) == 1


async def test_a_worker_that_died_is_made_up_for_when_its_claim_ends(desk: Desk) -> None:
    opened(desk, TOPIC)
    with pytest.raises(Killed):
        await watching(desk, mailboxes=FusedMailers(desk.office.mailers, Fuse(0))).run_once()

    early = await watching(desk, clock=later(minutes=5)).run_once()

    assert (early, await watching(desk, clock=later(minutes=11)).run_once()) == (0, 1)


async def test_a_closed_topic_is_told_once_with_the_command_that_opens_it(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(desk, TOPIC, open_to_gmail=False)
    await desk.store.accounts.add(an_account(), desk.gmail.add_mailbox("other@example.com"))
    work = watching(desk)

    await work.run_once()
    await work.run_once()

    told = capsys.readouterr().out
    assert told.count("push_topic_closed") == 1
    assert "gcloud pubsub topics add-iam-policy-binding gmail --project=twotick-test" in told
    assert "serviceAccount:gmail-api-push@system.gserviceaccount.com" in told


async def test_a_topic_that_is_not_there_is_told_with_the_command_that_makes_it(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    await watching(desk).run_once()

    assert "gcloud pubsub topics create gmail --project=twotick-test" in capsys.readouterr().out


async def test_once_the_topic_is_open_all_are_watched(desk: Desk) -> None:
    opened(desk, TOPIC, open_to_gmail=False)
    await watching(desk).run_once()
    opened(desk, TOPIC)

    assert await watching(desk, clock=later(minutes=11)).run_once() == 1


async def test_a_mailbox_whose_watch_fails_is_polled_as_ever(desk: Desk) -> None:
    opened(desk, TOPIC, open_to_gmail=False)
    await watching(desk).run_once()

    assert not await desk.store.watches.watched(TOPIC, utc_now())


async def test_a_grant_to_send_alone_is_asked_for_once_a_day_and_is_no_fault(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(desk, TOPIC)
    scope = "https://www.googleapis.com/auth/gmail.send"
    await desk.store.accounts.add(desk.account, desk.gmail.add_mailbox(desk.account.email, scopes=[scope]))
    desk.gmail.forget_access(desk.account.email)

    for hours in (0, 1, 23, 25):
        assert await watching(desk, clock=later(hours=hours)).run_once() == 0

    assert capsys.readouterr().out.count("mailbox_not_watched ") == 2
    assert await desk.told() == []


async def test_a_grant_that_is_known_to_be_for_sending_alone_is_not_asked_for(desk: Desk) -> None:
    opened(desk, TOPIC)
    await desk.store.accounts.add(replace(desk.account, profile=Profile.SEND), "a grant")

    assert await watching(desk).run_once() == 0

    assert asked(desk, WATCH) == 0


async def test_a_withdrawn_grant_is_told(desk: Desk) -> None:
    opened(desk, TOPIC)
    desk.gmail.revoke(desk.account.email)
    desk.gmail.forget_access(desk.account.email)

    await watching(desk).run_once()

    account = await desk.store.accounts.by_id(desk.account.id)
    assert account
    assert account.state is AccountState.RECONNECT
    assert await desk.told() == [AlertKind.RECONNECT]


async def test_another_topic_takes_the_place_of_the_first(desk: Desk) -> None:
    opened(desk, TOPIC, OTHER)
    await watching(desk).run_once()

    await watching(desk, OTHER).run_once()

    assert desk.gmail.watches.by_mailbox[desk.account.email].topic == OTHER


async def test_without_a_topic_nobody_is_watched_any_more(desk: Desk) -> None:
    opened(desk, TOPIC)
    await watching(desk).run_once()

    await watching(desk, "").run_once()
    await watching(desk, "").run_once()

    assert not desk.gmail.watches.by_mailbox
    assert asked(desk, STOP) == 1


async def test_a_mailbox_that_is_forgotten_is_watched_no_more(desk: Desk) -> None:
    opened(desk, TOPIC)
    await watching(desk).run_once()

    await stopped(desk.office.mailers, desk.store.watches, desk.account)

    assert not desk.gmail.watches.by_mailbox


@pytest.mark.parametrize("trouble", ["away", "revoked"])
async def test_who_is_forgotten_need_not_wait_for_gmail(desk: Desk, trouble: str) -> None:
    opened(desk, TOPIC)
    await watching(desk).run_once()
    if trouble == "away":
        desk.gmail.faults.fail(STOP, 503, times=50)
    else:
        desk.gmail.revoke(desk.account.email)
        desk.gmail.forget_access(desk.account.email)

    await asyncio.wait_for(stopped(desk.office.mailers, desk.store.watches, desk.account), 7)


async def test_who_was_never_watched_costs_no_call(desk: Desk) -> None:
    await stopped(desk.office.mailers, desk.store.watches, desk.account)

    assert asked(desk, STOP) == 0


async def test_news_that_gmail_told_of_is_looked_after_once(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.answered()
    await desk.store.watches.told(desk.account.email, 2**63, utc_now())
    rounds = desk.new_rounds()

    for _ in range(3):
        await rounds.heed()
        await rounds.ended()

    assert (await desk.summary(copy)).replied_at
    assert asked(desk, "gmail.users.history.list") == 1


async def test_news_that_could_not_be_looked_after_waits_some_seconds_and_is_kept(desk: Desk) -> None:
    await desk.store.watches.told(desk.account.email, 2**63, utc_now())
    desk.gmail.faults.fail("gmail.users.history.list", 400)
    times = [utc_now()]
    rounds = desk.new_rounds(clock=lambda: times[-1])

    for ahead in (0, 1, 31):
        times.append(times[0] + timedelta(seconds=ahead))
        await rounds.heed()
        await rounds.ended()

    assert asked(desk, "gmail.users.history.list") == 2
    assert not await desk.store.watches.wanting(utc_now())


async def test_what_is_watched_is_polled_ten_times_as_rarely(desk: Desk) -> None:
    opened(desk, TOPIC)
    await watching(desk).run_once()
    times = [utc_now()]
    rounds = desk.new_rounds(clock=lambda: times[-1], pause=timedelta(seconds=30), topic=TOPIC)
    desk.gmail.calls.clear()

    for ahead in range(0, 601, 30):
        times.append(times[0] + timedelta(seconds=ahead))
        await rounds.begin()
        await rounds.ended()

    assert asked(desk, "gmail.users.history.list") == 3
