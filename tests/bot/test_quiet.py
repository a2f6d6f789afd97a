"""What rings, what waits and what is told together: the relay over a real database and a strict Slack."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.cards.sharing import hidden_card
from bot.quiet import Quiet
from bot.relay import LEASE, Relay
from bot.saying import Saying
from bot.slack import SlackDoor
from bot.zones import KnownZones
from tests.bot.books import HandClock, a_report
from tests.makers import a_copy, a_hit, a_judged, a_message, a_sent_copy, a_summary, after, an_alert
from tests.ports.givens import Given, given_account, given_message
from tests.standins.slack import SlackStandin
from tests.standins.slack_faults import Dropped, RateLimited
from tests.standins.slack_words import words_of
from tracker.clock import new_id
from tracker.digesting import Digesting
from tracker.model import Account, AccountState, AlertKind, Copy, HitKind, Judged, Recipient, Summary
from tracker.noise import DigestEvery, Hours, Mute, MuteKind
from tracker.ports import Recorded, Store
from tracker.reporting import Reporting
from tracker.store.opening import open_store
from tracker.summing import sum_of

NIGHT = Hours(time(20), time(8))
EVENING, MORNING = (
    datetime(2026, 11, 2, 22, tzinfo=UTC),
    datetime(2026, 11, 3, 7, tzinfo=UTC),
)  # 23:00 and 8:00 in Berlin
ADA = "Ada Lovelace"


@dataclass
class Desk:
    """A worker, its database, and Slack."""

    store: Store
    slack: SlackStandin
    door: SlackDoor
    clock: HandClock
    account: Account
    zones: KnownZones

    def digesting(self) -> Digesting:
        store = self.store
        return Digesting(store.noise, store.accounts, store.messages, self.zones.zone_of, self.clock)

    def relay(self) -> Relay:
        store, clock = self.store, self.clock
        about = (store.noise, store.alerts, store.accounts, store.messages, self.zones)
        quiet = Quiet(*about, self.digesting(), clock)
        tell = Reporting(store.messages, store.hits).story
        saying = Saying(store.accounts, tell, clock=clock, crowd_of=quiet.crowd)
        return Relay(store.alerts, saying, self.door, clock, clock.sleep, quiet=quiet)

    async def says(self) -> list[str]:
        """Let a worker look; what stands in the direct messages then."""
        for _ in range(6):
            await self.relay().turn()
            self.clock.forward(seconds=2)
        return [message["text"] for message in self.slack.dm_of("U0SENDER")]

    async def wants(self, **facts: Any) -> None:
        await self.store.noise.keep(replace(await self.store.noise.of(self.account.id), **facts))

    async def mutes(self, kind: MuteKind, what: str = "", **facts: Any) -> None:
        mute = Mute(new_id(), self.account.id, kind, what, self.clock())
        assert await self.store.noise.mute(replace(mute, **facts))

    async def sent(self, subject: str = "Q3 proposal") -> Given:
        given = await given_message(self.store, self.account, subject=subject)
        await self.store.messages.arm(replace(given.copy, sent_at=after(), gmail_id=new_id(), thread_id="t"))
        return given

    async def looked(self, copy: Copy, kind: AlertKind, hit: HitKind = HitKind.OPEN) -> None:
        """A copy is opened or clicked, as recording writes it, with an alert about it."""
        history = (await self.store.hits.histories([copy.id]))[copy.id]
        one = a_judged(hit=a_hit(at=self.clock() - timedelta(seconds=2), kind=hit, copy_id=copy.id))
        about = {"account_id": self.account.id, "message_id": copy.message_id, "copy_id": copy.id}
        alert = an_alert(id=new_id(), key=new_id(), kind=kind, hit_id=one.hit.id, due_at=self.clock(), **about)
        read = sum_of([*history.judged, one])
        await self.store.hits.record([Recorded(copy.id, history.version, (one,), read, (alert,))])

    async def judged(self, copy: Copy) -> Sequence[Judged]:
        return (await self.store.hits.histories([copy.id]))[copy.id].judged

    async def is_corrected(self, copy: Copy, hit_id: str) -> None:
        """Nothing is judged anew, but the cards are to follow."""
        history = (await self.store.hits.histories([copy.id]))[copy.id]
        about = {"account_id": self.account.id, "message_id": copy.message_id, "copy_id": copy.id, "hit_id": hit_id}
        alert = an_alert(id=new_id(), key=new_id(), kind=AlertKind.CORRECTED, due_at=self.clock(), **about)
        await self.store.hits.record([Recorded(copy.id, history.version, (), sum_of(history.judged), (alert,))])

    async def happens(self, given: Given, kind: AlertKind = AlertKind.FIRST_OPEN, opens: int = 1) -> None:
        """An alert with what it is about, as recording writes them."""
        history = (await self.store.hits.histories([given.copy.id]))[given.copy.id]
        now, copy = self.clock(), given.copy
        read = a_summary(opens=opens, first_open_at=now, last_open_at=now) if opens else Summary()
        facts = {"account_id": self.account.id, "message_id": given.message.id, "copy_id": copy.id, "due_at": now}
        alert = an_alert(id=new_id(), key=new_id(), kind=kind, **facts)
        await self.store.hits.record([Recorded(copy.id, history.version, (), read, (alert,))])


@pytest.fixture
async def desk(
    sqlite_url: str, encryption_key: bytes, slack: SlackStandin, door: SlackDoor, clock: HandClock
) -> AsyncIterator[Desk]:
    async with await open_store(sqlite_url, [encryption_key]) as store:
        account = await given_account(
            store, email="mara@studio.example", slack_user="U0SENDER", slack_team=slack.team_id
        )
        yield Desk(store, slack, door, clock, account, KnownZones(door, clock))


async def test_who_said_nothing_is_told(desk: Desk) -> None:
    await desk.happens(await desk.sent())

    assert await desk.says() == [f'{ADA} opened "Q3 proposal"']


async def test_what_is_muted_does_not_ring_and_after_unmuting_the_next_time_does(desk: Desk) -> None:
    given = await desk.sent()
    await desk.mutes(MuteKind.ALL)
    await desk.happens(given)
    silent = await desk.says()

    [mute] = await desk.store.noise.mutes([desk.account.id], desk.clock())
    await desk.store.noise.unmute([desk.account.id], mute.id)
    await desk.happens(given, AlertKind.OPEN_AGAIN, opens=2)

    assert (silent, await desk.says()) == ([], [f'{ADA} opened "Q3 proposal" (2nd time)'])


async def test_a_card_that_stands_there_follows_a_muted_mail_without_a_sound(desk: Desk) -> None:
    given = await desk.sent()
    await desk.happens(given)
    await desk.says()
    await desk.mutes(MuteKind.DOMAIN, "acme.example")

    await desk.happens(given, AlertKind.OPEN_AGAIN, opens=2)

    assert await desk.says() == [f'{ADA} opened "Q3 proposal" (2nd time)']
    assert desk.slack.dm_of("U0SENDER")[0]["edited"]


async def test_without_repeats_a_card_that_was_deleted_does_not_come_back(desk: Desk) -> None:
    await desk.wants(repeats=False)
    given = await desk.sent()
    await desk.happens(given)
    await desk.says()
    desk.slack.delete("U0SENDER", desk.slack.dm_of("U0SENDER")[0]["ts"])

    await desk.happens(given, AlertKind.OPEN_AGAIN, opens=2)

    assert await desk.says() == []


async def test_a_night_is_told_in_one_message_when_it_ends(desk: Desk) -> None:
    await desk.wants(quiet=NIGHT)
    desk.clock.now = EVENING
    for number in range(12):
        await desk.happens(await desk.sent(f"Mail {number}"))
        desk.clock.forward(minutes=1)
    at_night = await desk.says()

    desk.clock.now = MORNING
    told = await desk.says()

    assert at_night == []
    assert told == [f'While it was quiet: {ADA} opened "Mail 11", and 11 more']
    [message] = desk.slack.dm_of("U0SENDER")
    assert "12 messages" in words_of(message)
    assert "and 2 more" in words_of(message)
    assert len([block for block in message["blocks"] if "accessory" in block]) == 10
    assert await desk.says() == told


async def test_at_night_a_card_that_stands_there_follows_without_a_sound(desk: Desk) -> None:
    given = await desk.sent()
    await desk.happens(given)
    await desk.says()
    await desk.wants(quiet=NIGHT)
    desk.clock.now = EVENING

    await desk.happens(given, AlertKind.OPEN_AGAIN, opens=2)

    assert await desk.says() == [f'{ADA} opened "Q3 proposal" (2nd time)']
    desk.clock.now = MORNING
    assert (await desk.says())[1:] == [f'While it was quiet: {ADA} opened "Q3 proposal"']


async def test_what_turned_out_to_be_no_reader_by_the_morning_is_not_told(desk: Desk) -> None:
    await desk.wants(quiet=NIGHT)
    desk.clock.now = EVENING
    given = await desk.sent()
    await desk.happens(given)
    await desk.says()

    await desk.happens(given, AlertKind.CORRECTED, opens=0)
    desk.clock.now = MORNING

    assert await desk.says() == []


async def test_who_mutes_at_night_is_not_told_in_the_morning(desk: Desk) -> None:
    await desk.wants(quiet=NIGHT)
    desk.clock.now = EVENING
    await desk.happens(await desk.sent())
    await desk.says()

    await desk.mutes(MuteKind.RECIPIENT, "ada@acme.example")
    desk.clock.now = MORNING

    assert await desk.says() == []


async def test_two_workers_and_one_that_dies_tell_a_night_once(desk: Desk) -> None:
    await desk.wants(quiet=NIGHT)
    desk.clock.now = EVENING
    for number in range(3):
        await desk.happens(await desk.sent(f"Mail {number}"))
    await desk.says()
    desk.clock.now = MORNING
    desk.slack.faults.next("chat.postMessage", Dropped(acting=True))

    await desk.store.alerts.lease(desk.clock(), desk.clock() + LEASE, 10)  # and this one is killed
    desk.clock.forward(seconds=60)
    await desk.relay().turn()
    told = await desk.says()

    assert len(told) == 1
    assert "and 2 more" in told[0]


async def test_a_pause_that_slack_asks_for_loses_nothing_of_the_night(desk: Desk) -> None:
    await desk.wants(quiet=NIGHT)
    desk.clock.now = EVENING
    await desk.happens(await desk.sent())
    await desk.says()
    desk.clock.now = MORNING
    desk.slack.faults.next("chat.postMessage", RateLimited(5))

    assert len(await desk.says()) == 1


async def test_somebody_who_travelled_is_told_when_their_new_morning_comes(desk: Desk) -> None:
    await desk.wants(quiet=NIGHT)
    desk.clock.now = EVENING
    await desk.happens(await desk.sent())
    await desk.says()

    desk.slack.workspace.users["U0SENDER"]["tz"] = "America/New_York"
    desk.zones = KnownZones(desk.door, desk.clock)  # a day later
    desk.clock.now = MORNING
    in_berlin = await desk.says()
    desk.clock.now = datetime(2026, 11, 3, 13, tzinfo=UTC)

    assert (in_berlin, len(await desk.says())) == ([], 1)


async def test_who_ends_quiet_hours_at_night_is_told_at_once(desk: Desk) -> None:
    await desk.wants(quiet=NIGHT)
    desk.clock.now = EVENING
    await desk.happens(await desk.sent())
    await desk.says()

    await desk.wants(quiet=None)
    await desk.store.noise.release(f"{desk.slack.team_id}:U0SENDER")

    assert len(await desk.says()) == 1


async def test_the_next_opening_after_a_night_gets_a_card_of_its_own(desk: Desk) -> None:
    await desk.wants(quiet=NIGHT)
    desk.clock.now = EVENING
    given = await desk.sent()
    await desk.happens(given)
    await desk.says()
    desk.clock.now = MORNING
    await desk.says()

    await desk.happens(given, AlertKind.OPEN_AGAIN, opens=2)

    assert (await desk.says())[1:] == [f'{ADA} opened "Q3 proposal" (2nd time)']


async def test_what_a_mailbox_needs_waits_for_the_morning_on_a_card_of_its_own(desk: Desk) -> None:
    await desk.wants(quiet=NIGHT)
    desk.clock.now = EVENING
    lost = an_alert(kind=AlertKind.RECONNECT, message_id=None, account_id=desk.account.id, due_at=EVENING)
    await desk.store.accounts.set_state(desk.account.id, AccountState.RECONNECT, lost)
    at_night = await desk.says()

    desk.clock.now = MORNING

    assert at_night == []
    assert [text.startswith("Reconnect") for text in await desk.says()] == [True]


async def test_a_mailbox_that_changed_hands_tells_nobody_of_the_night_before(desk: Desk) -> None:
    await desk.wants(quiet=NIGHT)
    desk.clock.now = EVENING
    await desk.happens(await desk.sent())
    await desk.says()
    desk.slack.add_user("U0NEXT", "Nora")
    await desk.store.accounts.add(replace(desk.account, slack_user="U0NEXT"), "token")

    desk.clock.now = MORNING + timedelta(hours=5)

    assert await desk.says() == []
    assert desk.slack.dm_of("U0NEXT") == []


async def test_while_slack_does_not_tell_the_timezone_hours_are_utc(desk: Desk) -> None:
    desk.slack.workspace.scopes = desk.slack.workspace.scopes - {"users:read"}
    await desk.wants(quiet=NIGHT)
    desk.clock.now = datetime(2026, 11, 2, 19, 30, tzinfo=UTC)  # 20:30 in Berlin
    await desk.happens(await desk.sent())

    assert len(await desk.says()) == 1


async def test_news_go_to_the_channel_and_nothing_to_the_person(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales, channel_name="sales")
    given = await desk.sent()
    await desk.happens(given)

    alone = await desk.says()
    await desk.happens(given, AlertKind.OPEN_AGAIN, opens=2)
    await desk.says()

    [message] = desk.slack.workspace.said(sales)
    assert (alone, message["text"]) == ([], f'{ADA} opened "Q3 proposal" (2nd time)')


async def test_a_hidden_subject_is_nowhere_in_the_channel(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales, hide=True)
    await desk.happens(await desk.sent("Layoffs in May"))
    await desk.says()

    [message] = desk.slack.workspace.said(sales)
    assert message["text"] == f"A message to {ADA} was opened"
    assert "Layoffs" not in str(message)


def test_a_phone_shows_a_hidden_mail_in_a_hundred_letters() -> None:
    longest = Recipient("c@x.example", "Christopher Bartholomew Longfellow-Featherstone")
    report = a_report(*(a_sent_copy(recipients=(longest,)) for _ in range(3)))

    for kind in AlertKind:
        assert len(hidden_card((an_alert(kind=kind),), report).text) <= 100


async def test_news_ring_in_a_channel_without_subjects_too(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales, hide=True)
    given = await desk.sent("Layoffs in May")
    await desk.looked(given.copy, AlertKind.FIRST_OPEN)
    await desk.says()

    await desk.looked(given.copy, AlertKind.FIRST_CLICK, HitKind.CLICK)
    await desk.says()

    card, news = desk.slack.workspace.said(sales)
    assert (card["text"], news["text"]) == (f"A message to {ADA} had a link clicked",) * 2
    assert "Layoffs" not in str((card, news))


async def test_a_burst_is_told_beside_a_card_without_subject_that_goes_on_saying_how_things_stand(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales, hide=True)
    given = await desk.sent("Layoffs in May")
    await desk.looked(given.copy, AlertKind.FIRST_OPEN)
    await desk.says()

    desk.clock.forward(hours=2)
    await desk.looked(given.copy, AlertKind.HOT)
    await desk.says()

    told = [one["text"] for one in desk.slack.workspace.said(sales)]
    assert told == [f"A message to {ADA} was opened", f"A message to {ADA} was opened again and again"]


async def test_what_was_said_without_subjects_names_none_when_it_is_corrected_later(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales, hide=True)
    given = await desk.sent("Layoffs in May")
    await desk.looked(given.copy, AlertKind.FIRST_OPEN)
    await desk.says()
    await desk.looked(given.copy, AlertKind.FIRST_CLICK, HitKind.CLICK)
    await desk.says()
    [click] = [one.hit for one in (await desk.judged(given.copy)) if one.hit.kind is HitKind.CLICK]

    for channel in ("", "", sales):  # told to its owner alone, twice; then hidden again
        await desk.wants(channel=channel)
        await desk.is_corrected(given.copy, click.id)
        await desk.looked(given.copy, AlertKind.OPEN_AGAIN)
        await desk.says()

    assert "Layoffs" not in str(desk.slack.workspace.said(sales))


async def test_a_channel_that_lost_us_is_told_to_its_owner_with_the_news(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales, channel_name="sales")
    desk.slack.workspace.leave(sales, "U0TWOTICK")

    await desk.happens(await desk.sent())
    told = await desk.says()

    assert [text for text in told if "opened" in text] == [f'{ADA} opened "Q3 proposal"']
    assert len([text for text in told if "I cannot post to #sales any more" in text]) == 1
    assert not (await desk.store.noise.of(desk.account.id)).channel


async def test_a_card_that_stands_goes_on_telling_its_owner_when_news_go_to_a_channel_by_now(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    given = await desk.sent("Layoffs in May")
    await desk.looked(given.copy, AlertKind.FIRST_OPEN)
    await desk.says()

    await desk.wants(channel=sales, hide=True)
    await desk.looked(given.copy, AlertKind.FIRST_CLICK, HitKind.CLICK)
    alone = await desk.says()

    assert alone == [f'{ADA} clicked a link in "Layoffs in May"']
    assert [one["text"] for one in desk.slack.workspace.said(sales)] == [f"A message to {ADA} had a link clicked"]


async def test_a_channel_to_which_news_go_no_more_is_told_nothing_new(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales)
    given = await desk.sent()
    await desk.happens(given)
    await desk.says()

    await desk.wants(channel="")
    await desk.happens(given, AlertKind.OPEN_AGAIN, opens=2)
    alone = await desk.says()

    assert alone == [f'{ADA} opened "Q3 proposal" (2nd time)']
    [left] = desk.slack.workspace.said(sales)
    assert left["text"] == f"News of a message to {ADA} is told elsewhere now"
    assert "Q3" not in str(left)


@pytest.mark.parametrize("hide", [False, True])
async def test_many_at_once_go_to_the_channel_too(desk: Desk, hide: bool) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales, channel_name="sales", hide=hide)
    for number in range(8):
        await desk.happens(await desk.sent(f"Secret {number}"))

    assert await desk.says() == []
    [crowd] = desk.slack.workspace.said(sales)
    assert crowd["text"].startswith("8 mails have news")
    assert ("Secret" in str(crowd)) is not hide


async def test_many_at_once_for_a_channel_that_lost_us_are_told_to_their_owner(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales, channel_name="sales")
    desk.slack.workspace.leave(sales, "U0TWOTICK")
    for number in range(8):
        await desk.happens(await desk.sent(f"Mail {number}"))

    told = await desk.says()

    assert len([text for text in told if text.startswith("8 mails have news")]) == 1
    assert len([text for text in told if "I cannot post to #sales any more" in text]) == 1


async def test_many_at_once_wake_nobody_where_one_of_them_is_for_its_owner_alone(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales)
    for number in range(8):
        given = await desk.sent(f"Mail {number}")
        await desk.store.messages.finish(replace(given.message, sent_at=after()))
        await desk.happens(given, AlertKind.FIRST_OPEN if number else AlertKind.NOT_OPENED, opens=1 if number else 0)

    await desk.says()

    assert "Mail 0" not in str(desk.slack.workspace.said(sales))


async def test_a_try_that_may_have_reached_a_channel_is_said_again_rather_than_never(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales)
    desk.slack.faults.next("chat.postMessage", Dropped(acting=False))
    await desk.happens(await desk.sent())

    await desk.says()

    assert len(desk.slack.workspace.said(sales)) == 1


async def test_reminders_never_go_to_a_channel(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", ["U0SENDER", "U0TWOTICK"])
    await desk.wants(channel=sales)
    given = await desk.sent()
    sent = replace(given.message, sent_at=after())
    await desk.store.messages.finish(sent)
    desk.clock.forward(days=3)

    await desk.happens(given, AlertKind.NOT_OPENED, opens=0)

    assert [text[:18] for text in await desk.says()] == ["Not opened for 3 d"]
    assert desk.slack.workspace.said(sales) == []


async def test_a_digest_is_told_once_however_many_look(desk: Desk) -> None:
    await desk.wants(digest=DigestEvery.DAILY, digest_at=time(8), digest_set_at=desk.clock())
    await desk.happens(await desk.sent())
    before = await desk.says()
    desk.clock.now = MORNING

    for _ in range(3):
        await desk.digesting().run_once()
    told = await desk.says()
    await desk.digesting().run_once()

    assert told[len(before) :] == ["Your mail since the last digest: 1 opened"]
    assert await desk.says() == told


async def test_after_three_days_away_there_is_one_digest(desk: Desk) -> None:
    await desk.wants(digest=DigestEvery.DAILY, digest_at=time(8), digest_set_at=desk.clock())
    await desk.sent()
    desk.clock.now = MORNING + timedelta(days=2, hours=3)
    given = await desk.sent("Later")
    await desk.happens(given)
    await desk.says()

    await desk.digesting().run_once()

    assert len([text for text in await desk.says() if "digest" in text]) == 1


async def test_with_nothing_to_say_there_is_no_digest(desk: Desk) -> None:
    await desk.wants(digest=DigestEvery.DAILY, digest_at=time(8), digest_set_at=desk.clock())
    desk.clock.now = MORNING

    await desk.digesting().run_once()

    assert await desk.says() == []


async def test_a_workspace_that_draws_no_charts_gets_the_digests_chart_as_a_picture(desk: Desk) -> None:
    desk.slack.workspace.draws_charts = False
    await desk.wants(digest=DigestEvery.DAILY, digest_at=time(8), digest_set_at=desk.clock())
    given = await desk.sent()
    await desk.store.messages.finish(replace(given.message, sent_at=after()))
    await desk.happens(given)
    await desk.says()
    desk.clock.now = MORNING

    await desk.digesting().run_once()
    await desk.says()

    assert any(block["type"] == "image" for block in desk.slack.dm_of("U0SENDER")[-1]["blocks"])


async def test_a_flood_is_no_way_around_a_mute(desk: Desk) -> None:
    mails = [await desk.sent(f"Offer {number}") for number in range(10)]
    await desk.mutes(MuteKind.MESSAGE, mails[3].message.id)
    for one in mails:
        await desk.happens(one)

    [told] = await desk.says()

    assert told.startswith("9 mails have news")
    assert "Offer 3" not in words_of(desk.slack.dm_of("U0SENDER")[0])


async def test_a_flood_of_what_is_muted_altogether_is_silent(desk: Desk) -> None:
    await desk.mutes(MuteKind.ALL)
    for number in range(10):
        await desk.happens(await desk.sent(f"Offer {number}"))

    assert await desk.says() == []


async def test_without_repeats_a_flood_of_them_is_silent(desk: Desk) -> None:
    await desk.wants(repeats=False)
    for number in range(10):
        await desk.happens(await desk.sent(f"Offer {number}"), AlertKind.OPEN_AGAIN, opens=2)

    assert await desk.says() == []


async def test_news_of_a_muted_recipient_do_not_ring_because_another_one_looked_meanwhile(desk: Desk) -> None:
    message = a_message(account_id=desk.account.id, subject="Q3 proposal")
    bob = Recipient("bob@other.example", "Bob")
    muted, other = a_copy(message_id=message.id), a_copy(message_id=message.id, recipients=(bob,))
    await desk.store.messages.begin(message, (muted, other))
    for one in (muted, other):
        await desk.store.messages.arm(replace(one, sent_at=after(), gmail_id=new_id(), thread_id="t"))
    await desk.looked(other, AlertKind.FIRST_OPEN)
    await desk.says()
    await desk.mutes(MuteKind.RECIPIENT, muted.recipients[0].address.lower())

    await desk.looked(muted, AlertKind.FIRST_CLICK, HitKind.CLICK)
    await desk.looked(other, AlertKind.OPEN_AGAIN)
    await desk.says()

    rang = [one["text"] for one in desk.slack.dm_of("U0SENDER") if not one.get("thread_ts")]
    assert len(rang) == 1  # the card, which follows in silence
