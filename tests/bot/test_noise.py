"""What people are answered who say how they want to be told; what others are answered who press their buttons."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import time
from itertools import chain

import pytest

from bot.blocks import Card
from bot.commands import Commands
from bot.grammar_of_noise import NOISE_WISHES
from bot.noise import NoiseDesk
from bot.sharing import Sharing
from bot.slack import SlackDoor
from bot.zones import KnownZones
from tests.bot.books import HandClock
from tests.makers import NOON, a_copy, a_message, a_summary, after
from tests.ports.givens import Given, given_account, recorded
from tests.standins.slack import SlackStandin
from tests.standins.slack_blocks import elements_of, faults_of
from tests.standins.slack_faults import Dropped
from tests.standins.slack_words import words_of
from tracker.model import Account, Recipient
from tracker.noise import DigestEvery, Hours, MuteKind, Noise
from tracker.ports import Store
from tracker.reporting import Reporting
from tracker.store.opening import open_store

MARA, PETE = "U0SENDER", "U0PETE"
ADA, BOB = Recipient("Ada@acme.example", "Ada Lovelace"), Recipient("bob@gmail.com", "Bob")


@dataclass
class Desk:
    """Mara with two mailboxes and Pete with one, in Slack; the latest card that was answered is remembered."""

    store: Store
    slack: SlackStandin
    door: SlackDoor
    clock: HandClock
    accounts: list[Account]
    card: Card = field(default_factory=lambda: Card(""))

    def noise(self) -> NoiseDesk:
        store = self.store
        zones = KnownZones(self.door, self.clock)
        about = (store.noise, store.accounts, store.messages, zones, self.door, self.clock)
        return NoiseDesk(*about, connect_by_command=True)

    async def says(self, text: str, user: str = MARA) -> str:
        commands = Commands(
            self.store.accounts,
            Reporting(self.store.messages, self.store.hits),
            self.clock,
            others=dict.fromkeys(NOISE_WISHES, self.noise().answer),
        )
        return self._shown(await commands.answer(self.slack.team_id, user, text.removeprefix("/opens ")))

    async def presses(self, action: str, value: str = "", user: str = MARA) -> str:
        store = self.store
        sharing = Sharing(store.shares, store.accounts, store.messages, self.door, self.clock, connect_by_command=True)
        presses = {**self.noise().presses, **sharing.presses}
        return self._shown(await presses[action](self.slack.team_id, user, value or self.value_of(action)))

    def value_of(self, action: str, number: int = 0) -> str:
        """The value of a button of the latest card."""
        elements = chain.from_iterable(elements_of(block) for block in self.card.blocks)
        return str([one["value"] for one in elements if one["action_id"] == action][number])

    async def muted(self, user: int = 0) -> list[tuple[MuteKind, str]]:
        mutes = await self.store.noise.mutes([self.accounts[user].id], self.clock())
        return [(mute.kind, mute.what) for mute in mutes]

    async def wanted(self, account: int = 0) -> Noise:
        return await self.store.noise.of(self.accounts[account].id)

    async def sent(self, subject: str, *people: Recipient) -> Given:
        message = a_message(account_id=self.accounts[0].id, subject=subject)
        copy = a_copy(message_id=message.id, recipients=people or (ADA,))
        await self.store.messages.begin(message, [copy])
        await self.store.messages.arm(replace(copy, sent_at=NOON, gmail_id=message.id, thread_id="t"))
        await self.store.hits.record(
            [recorded(copy, version=1, summary=a_summary(opens=3, first_open_at=after(60), last_open_at=after(90)))]
        )
        return Given(self.accounts[0], message, (copy,))

    def _shown(self, card: Card) -> str:
        assert faults_of(list(card.blocks)) == []
        assert len(card.text) <= 4000
        self.card = card
        return words_of({"text": card.text, "blocks": list(card.blocks)})


@pytest.fixture
async def desk(
    sqlite_url: str, encryption_key: bytes, slack: SlackStandin, door: SlackDoor, clock: HandClock
) -> AsyncIterator[Desk]:
    slack.add_user(PETE, "Pete")
    async with await open_store(sqlite_url, [encryption_key]) as store:
        people = (("mara@a.example", MARA), ("mara@b.example", MARA), ("pete@a.example", PETE))
        accounts = [await given_account(store, email=email, slack_user=user) for email, user in people]
        yield Desk(store, slack, door, clock, accounts)


async def test_a_domain_is_muted_in_all_mailboxes_and_undone_by_one_press(desk: Desk) -> None:
    said = await desk.says("/opens mute acme.example")

    assert "Muted: everybody at acme.example" in said
    assert "Replies, bounces and reminders are still told" in said
    assert [await desk.muted(number) for number in range(3)] == [[(MuteKind.DOMAIN, "acme.example")]] * 2 + [[]]
    assert "Not muted any more" in await desk.presses("unmute")
    assert [await desk.muted(number) for number in range(2)] == [[], []]


async def test_an_address_is_muted_however_it_is_written(desk: Desk) -> None:
    await desk.says("/opens mute <mailto:ADA@acme.example|ADA@acme.example>")

    assert await desk.muted() == [(MuteKind.RECIPIENT, "ada@acme.example")]


async def test_everything_is_muted_until_a_time_on_ones_own_clock(desk: Desk) -> None:
    said = await desk.says("/opens mute all until 15:00")

    assert "Muted: everything until Nov 2, 2026 at 14:00 UTC" in said  # Berlin is an hour ahead


async def test_a_time_that_does_not_come_mutes_nothing(desk: Desk) -> None:
    assert "is past" in await desk.says("/opens mute all until today 9:00")
    assert await desk.muted() == []


async def test_everything_is_muted_for_a_while(desk: Desk) -> None:
    await desk.says("/opens mute all 2h")
    desk.clock.forward(hours=2)

    assert await desk.muted() == []


async def test_one_mail_is_muted_by_its_words(desk: Desk) -> None:
    given = await desk.sent("Q3 proposal")

    assert "Muted: “Q3 proposal”" in await desk.says('/opens mute "q3 proposal"')
    assert await desk.muted() == [(MuteKind.MESSAGE, given.message.id)]


async def test_where_several_mails_match_it_asks_which(desk: Desk) -> None:
    await desk.sent("Dinner")
    await desk.sent("Dinner again")

    said = await desk.says("/opens mute dinner")

    assert "Which one? 2 messages match" in said
    assert await desk.muted() == []
    assert "Muted: “Dinner" in await desk.presses("mute_it")
    assert desk.card.replaces


async def test_words_that_match_nothing_say_so(desk: Desk) -> None:
    assert "Nothing matches “lunch”" in await desk.says("/opens mute lunch")


async def test_what_is_muted_is_shown_once_each_with_unmute(desk: Desk) -> None:
    await desk.sent("Q3 proposal")
    for what in ("acme.example", "bob@gmail.com", "proposal", "all 2h"):
        await desk.says(f"/opens mute {what}")
        desk.clock.forward(seconds=1)

    said = await desk.says("/opens mute")

    names = ("everything until", "“Q3 proposal”\n", "bob@gmail.com", "everybody at acme.example")
    assert [said.count(name) for name in names] == [1] * 4
    assert desk.value_of("unmute", 3)


@pytest.mark.parametrize("what", ["acme.example", "bob@gmail.com", "q3", "all"])
async def test_what_is_muted_is_unmuted_by_the_same_words(desk: Desk, what: str) -> None:
    await desk.sent("Q3 proposal")
    await desk.says(f"/opens mute {what}")

    assert "Not muted any more" in await desk.says(f"/opens unmute {what}")
    assert await desk.muted() == []


async def test_what_is_not_muted_cannot_be_unmuted_and_says_what_is(desk: Desk) -> None:
    await desk.says("/opens mute acme.example")

    assert "That is not muted. What is\neverybody at acme.example" in await desk.says("/opens unmute other.example")
    assert "Nothing is muted" in await desk.says("/opens unmute", PETE)


async def test_undoing_twice_says_what_is_left(desk: Desk) -> None:
    await desk.says("/opens mute acme.example")
    value = desk.value_of("unmute")
    await desk.presses("unmute", value)

    assert "Nothing is muted" in await desk.presses("unmute", value)


async def test_under_a_card_people_choose_what_to_mute(desk: Desk) -> None:
    given = await desk.sent("Q3 proposal", ADA, BOB)

    said = await desk.presses("mute", given.message.id)

    assert [words in said for words in ("This mail", "Ada Lovelace", "Bob", "acme.example", "Everything")] == [True] * 5
    assert "gmail.com" not in said
    assert "Muted: “Q3 proposal”" in await desk.presses("mute_it")


@pytest.mark.parametrize(
    ("choice", "muted"),
    [
        ("recipient:0", (MuteKind.RECIPIENT, "ada@acme.example")),
        ("domain:0", (MuteKind.DOMAIN, "acme.example")),
        ("all:1", (MuteKind.ALL, "")),
    ],
)
async def test_what_is_chosen_is_muted(desk: Desk, choice: str, muted: tuple[MuteKind, str]) -> None:
    given = await desk.sent("Q3 proposal", ADA, BOB)

    await desk.presses("mute_it", f"{choice}:{given.message.id}")

    assert await desk.muted() == [muted]
    desk.clock.forward(days=1)
    assert bool(await desk.muted()) == (muted[0] is not MuteKind.ALL)


@pytest.mark.parametrize("value", ["", "x", "recipient:9:", "recipient:-1:", "nonsense:0:", "domain:²:", "all::"])
async def test_a_forged_choice_mutes_nothing(desk: Desk, value: str) -> None:
    given = await desk.sent("Q3 proposal")

    assert "not known any more" in await desk.presses("mute_it", value + given.message.id)
    assert await desk.muted() == []


@pytest.mark.parametrize("action", ["mute", "mute_it", "share", "share_to"])
async def test_of_somebody_elses_message_the_same_is_said_as_of_none(desk: Desk, action: str) -> None:
    given = await desk.sent("Layoffs")
    sales = desk.slack.workspace.add_channel("sales", [PETE, "U0TWOTICK"])
    value = {"mute_it": f"message:0:{given.message.id}", "share_to": f"{sales} share:{given.message.id}"}

    theirs = await desk.presses(action, value.get(action, given.message.id), PETE)
    none = await desk.presses(action, value.get(action, given.message.id).replace(given.message.id, "gone"), PETE)

    assert theirs == none
    assert "somebody else's" in theirs
    assert desk.slack.workspace.said(sales) == []


async def test_only_ones_own_mute_is_taken_back(desk: Desk) -> None:
    await desk.says("/opens mute acme.example")

    await desk.presses("unmute", desk.value_of("unmute"), PETE)

    assert len(await desk.muted()) == 1


async def test_quiet_hours_are_said_on_ones_own_clock(desk: Desk) -> None:
    said = await desk.says("/opens quiet 20:00-08:00")

    assert "Quiet from 20:00 to 8:00" in said
    assert "Europe/Berlin" in said
    assert (await desk.wanted()).quiet == Hours(time(20), time(8)) == (await desk.wanted(1)).quiet
    assert await desk.says("/opens quiet") == said
    assert "No quiet hours" in await desk.presses("noise")


async def test_quiet_hours_are_utc_and_say_so_while_slack_tells_no_timezone(desk: Desk) -> None:
    desk.slack.workspace.scopes = desk.slack.workspace.scopes - {"users:read"}

    assert "these hours are UTC" in await desk.says("/opens quiet 20:00-08:00")


async def test_quiet_weekends_come_beside_quiet_hours_and_off_ends_both(desk: Desk) -> None:
    await desk.says("/opens quiet weekends")

    assert "Quiet from 20:00 to 8:00 and on weekends" in await desk.says("/opens quiet 20:00-08:00")
    await desk.says("/opens quiet weekends off")
    assert (await desk.wanted()).quiet
    await desk.says("/opens quiet off")
    assert await desk.wanted() == Noise(desk.accounts[0].id)


async def test_a_digest_is_asked_for_and_ended(desk: Desk) -> None:
    assert "A digest on Mondays at 7:30" in await desk.says("/opens digest weekly at 7:30")
    kept = await desk.wanted()
    assert (kept.digest, kept.digest_at, kept.digest_set_at) == (DigestEvery.WEEKLY, time(7, 30), NOON)
    assert "A digest on weekdays at 7:30" in await desk.says("/opens digest daily")
    assert "No digest" in await desk.presses("noise")


async def test_repeats_are_turned_off_and_on(desk: Desk) -> None:
    assert "Repeats on" in await desk.says("/opens repeats")
    assert "Repeats off" in await desk.says("/opens repeats off")
    assert "Repeats on" in await desk.presses("noise")
    assert (await desk.wanted()).repeats


async def test_one_setting_leaves_the_others_alone(desk: Desk) -> None:
    for wish in ("quiet 20:00-08:00", "repeats off", "digest daily"):
        await desk.says(f"/opens {wish}")

    kept = await desk.wanted()

    assert (bool(kept.quiet), kept.repeats, kept.digest) == (True, False, DigestEvery.DAILY)


async def test_a_channel_is_chosen_announced_there_and_ended(desk: Desk) -> None:
    sales = desk.slack.workspace.add_channel("sales", [MARA, "U0TWOTICK"])

    said = await desk.says("/opens channel #sales hide")

    assert "Told in #sales" in said
    assert "without their subjects" in said
    [announced] = desk.slack.workspace.said(sales)
    assert f"@{MARA} has news" in words_of(announced)
    kept = await desk.wanted(1)
    assert (kept.channel, kept.channel_name, kept.hide) == (sales, "sales", True)
    assert "Told here, to you alone" in await desk.presses("noise")
    assert not (await desk.wanted()).channel


@pytest.mark.parametrize(
    ("members", "private", "said"),
    [
        (["U0TWOTICK"], False, "I do not see you in #sales"),
        (["U0TWOTICK"], True, "I do not see you in #sales"),
        ([MARA], False, "I am not in #sales"),
        ([MARA], True, "I do not see you in #sales"),
    ],
)
async def test_only_a_channel_with_both_in_it_is_told(desk: Desk, members: list[str], private: bool, said: str) -> None:
    sales = desk.slack.workspace.add_channel("sales", members, private=private)

    answer = await desk.says("/opens channel #sales")

    assert said in answer
    assert "/invite @Twotick" in answer
    assert not (await desk.wanted()).channel
    assert desk.slack.workspace.said(sales) == []


async def test_channels_beyond_the_first_page_are_found(desk: Desk) -> None:
    for number in range(230):
        desk.slack.workspace.add_channel(f"c{number}", [MARA, "U0TWOTICK"])

    assert "Told in #c229" in await desk.says("/opens channel #c229")


async def test_without_the_scope_it_says_who_adds_which(desk: Desk) -> None:
    desk.slack.workspace.scopes = desk.slack.workspace.scopes - {"groups:read"}

    said = await desk.says("/opens channel #sales")

    assert "channels:read" in said
    assert "groups:read" in said


async def test_a_slack_that_does_not_answer_changes_nothing(desk: Desk) -> None:
    desk.slack.workspace.add_channel("sales", [MARA, "U0TWOTICK"])
    desk.slack.faults.next("chat.postMessage", Dropped(acting=True))

    assert "Slack did not answer" in await desk.says("/opens channel #sales")
    assert not (await desk.wanted()).channel


@pytest.mark.parametrize("text", ["mute", "unmute", "quiet", "digest", "repeats", "channel"])
async def test_a_stranger_is_told_how_to_connect(desk: Desk, text: str) -> None:
    assert "Type /opens connect" in await desk.says(f"/opens {text}", "U0STRANGER")


@pytest.mark.parametrize("action", ["mute", "unmute", "share"])
async def test_a_stranger_who_presses_is_told_how_to_connect(desk: Desk, action: str) -> None:
    assert "Type /opens connect" in await desk.presses(action, "any", "U0STRANGER")


async def test_one_mail_is_shared_where_its_sender_says_and_can_be_pressed_by_nobody(desk: Desk) -> None:
    given = await desk.sent("Q3 proposal")
    sales = desk.slack.workspace.add_channel("sales", [MARA, "U0TWOTICK"])

    assert "Where shall I show Q3 proposal?" in await desk.presses("share", given.message.id)
    assert desk.slack.workspace.said(sales) == []
    said = await desk.presses("share_to", f"{sales} share:{given.message.id}")

    [shared] = desk.slack.workspace.said(sales)
    assert "Shared" in said
    assert "3 opens" in words_of(shared)
    assert list(chain.from_iterable(elements_of(block) for block in shared["blocks"])) == []
    assert "mail.google.com" not in str(shared)


async def test_a_channel_without_us_is_not_shared_to(desk: Desk) -> None:
    given = await desk.sent("Q3 proposal")
    sales = desk.slack.workspace.add_channel("sales", [MARA])

    assert "/invite @Twotick" in await desk.presses("share_to", f"{sales} share:{given.message.id}")


async def test_a_share_that_slack_did_not_confirm_asks_to_look_first(desk: Desk) -> None:
    given = await desk.sent("Q3 proposal")
    sales = desk.slack.workspace.add_channel("sales", [MARA, "U0TWOTICK"])
    desk.slack.faults.next("chat.postMessage", Dropped(acting=True))

    assert "before you share it again" in await desk.presses("share_to", f"{sales} share:{given.message.id}")
    assert len(desk.slack.workspace.said(sales)) == 1


async def test_a_hostile_subject_does_nothing_in_any_of_these(desk: Desk) -> None:
    given = await desk.sent("<!channel> *_~`\u202e" + "x" * 5000, Recipient("a@b.example", "<!here>" + "y" * 500))
    sales = desk.slack.workspace.add_channel("sales", [MARA, "U0TWOTICK"])

    said: list[str] = []
    for action, value in (
        ("mute", given.message.id),
        ("mute_it", f"message:0:{given.message.id}"),
        ("share", given.message.id),
        ("share_to", f"{sales} share:{given.message.id}"),
    ):
        await desk.presses(action, value)
        said.append(str(desk.card))
    await desk.says("/opens mute")
    said += [str(desk.card), str(desk.slack.workspace.said(sales))]

    assert not any("<!channel>" in one or "<!here>" in one for one in said)
    assert all("xxx" in one for one in said[:3])


async def test_a_timezone_is_asked_for_once_a_day(desk: Desk) -> None:
    zones = KnownZones(desk.door, desk.clock)
    for _ in range(3):
        await zones.of(MARA, "")
    desk.slack.workspace.users[MARA]["tz"] = "Asia/Tokyo"
    still = await zones.of(MARA, "")
    desk.clock.forward(days=1)

    assert [str(still.zone), str((await zones.of(MARA, "")).zone)] == ["Europe/Berlin", "Asia/Tokyo"]
    assert len([call for call in desk.slack.calls if call.method == "users.info"]) == 2


async def test_a_timezone_known_once_holds_while_slack_does_not_tell(desk: Desk) -> None:
    zones = KnownZones(desk.door, desk.clock)
    await zones.of(MARA, "")
    desk.slack.workspace.scopes = desk.slack.workspace.scopes - {"users:read"}
    desk.clock.forward(days=2)

    known = await zones.of(MARA, "")

    assert (str(known.zone), known.sure) == ("Europe/Berlin", True)
