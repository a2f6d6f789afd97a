"""The checkup: each thing that has to work, and what to do when it does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.makers import after, an_account
from tests.ports.givens import given_account, given_alert, given_message
from tracker.checkup import Checkup, Finding, SlackKeys, State, worst_first
from tracker.checkup.inside import (
    buried_finding,
    disk_finding,
    intake_finding,
    outbox_finding,
    places_finding,
    worker_finding,
)
from tracker.checkup.mailboxes import mailbox_finding, news_finding, ticks_finding
from tracker.checkup.outside import address_finding, google_finding, hearing_finding, slack_finding
from tracker.checkup.use import Surroundings
from tracker.fetching import Fetched
from tracker.following import Followed
from tracker.mailbox import NotGranted
from tracker.model import AccountState, Profile
from tracker.ports import NotAuthorized, Refused, Store, TryLater
from tracker.ticks import Tick, TickLabels
from tracker.vitals import Backlog
from tracker.watching import Watch

OK, LOOK, BROKEN = State.OK, State.LOOK, State.BROKEN
NEEDED = frozenset({"chat:write", "im:write"})


@dataclass
class Web:
    """Answers every address alike, or /healthz otherwise; remembers what it was shown."""

    answer: Fetched | Exception = field(default_factory=lambda: Fetched(200, {}, "alive\n"))
    shown: list[Mapping[str, str]] = field(default_factory=list)
    alive: Fetched | None = None  # what /healthz answers, where that is something else

    async def __call__(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        self.shown.append(headers or {})
        if self.alive and url.endswith("/healthz"):
            return self.alive
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class Gmail:
    """One mailbox that lets us in, or fails in this way."""

    failure: Exception | None = None

    async def of(self, account: object) -> "Gmail":
        return self

    async def profile(self) -> None:
        if self.failure:
            raise self.failure


@pytest.mark.parametrize(("free", "state"), [(9e9, OK), (1e9, LOOK), (1e8, BROKEN)])
def test_a_disk_that_fills_is_told_before_it_is_full(free: float, state: State) -> None:
    assert disk_finding(int(free)).state is state


@pytest.mark.parametrize(
    ("silent", "state"),
    [(timedelta(seconds=40), OK), (timedelta(minutes=3), LOOK), (timedelta(hours=3), BROKEN), (None, BROKEN)],
)
def test_a_worker_that_is_silent_is_told(silent: timedelta | None, state: State) -> None:
    beats = {} if silent is None else {"worker": after() - silent}

    assert worker_finding(beats, after()).state is state


@pytest.mark.parametrize(
    ("backlog", "state"),
    [
        (Backlog(), OK),
        (Backlog(3, after(-30)), OK),
        (Backlog(3, after(minutes=-6)), LOOK),
        (Backlog(3, after(hours=-2)), BROKEN),
    ],
)
def test_alerts_that_wait_too_long_are_told(backlog: Backlog, state: State) -> None:
    assert outbox_finding(backlog, after()).state is state


def test_alerts_that_could_never_be_said_are_told_with_the_reason() -> None:
    found = buried_finding(Backlog(buried=(("user_not_found", 2),)))

    assert found
    assert (found.state, found.says) == (LOOK, "2 × user_not_found")
    assert buried_finding(Backlog()) is None


def test_an_intake_that_loses_hits_and_old_places_are_told() -> None:
    assert [intake_finding(reason).state for reason in (None, "disk full")] == [OK, BROKEN]
    made = (after(days=-3), after(days=-90), None)
    assert [places_finding(at, after()).state for at in made] == [OK, LOOK, BROKEN]


@pytest.mark.parametrize(
    ("url", "answer", "state"),
    [
        ("https://t.example", Fetched(200, {}, "alive\n"), OK),
        ("http://localhost:8080", Fetched(200, {}, "alive\n"), LOOK),
        ("https://t.example", Fetched(200, {}, "<html>a shop"), BROKEN),
        ("https://t.example", Fetched(502, {}, "alive"), BROKEN),
        ("https://t.example", TryLater("nobody answers there"), BROKEN),
    ],
)
async def test_the_address_must_lead_to_us_by_https(url: str, answer: Fetched | Exception, state: State) -> None:
    found = await address_finding(url, Web(answer))

    assert found.state is state
    assert bool(found.what_to_do) is (state is not OK)


GOOD = Fetched(200, {"x-oauth-scopes": "chat:write, im:write,users:read"}, '{"ok": true, "team": "Studio"}')


@pytest.mark.parametrize(
    ("answer", "state", "says"),
    [
        (GOOD, OK, "speaks in Studio"),
        (replace(GOOD, headers={"x-oauth-scopes": "chat:write"}), BROKEN, "scopes are missing: im:write"),
        (Fetched(200, {}, '{"ok": false, "error": "invalid_auth"}'), BROKEN, "invalid_auth"),
        (Fetched(200, {}, "<html>"), BROKEN, "refuses"),
        (Fetched(503, {}, ""), LOOK, "503"),
        (TryLater("no answer in time"), BROKEN, "no answer in time"),
    ],
)
async def test_slack_must_take_the_token_with_all_scopes(answer: Fetched | Exception, state: State, says: str) -> None:
    found = await slack_finding("Slack", "xoxb-secret", "https://slack.example/api/", NEEDED, Web(answer), after())

    assert found.state is state
    assert says in found.says
    assert "xoxb" not in str(found)


@pytest.mark.parametrize(
    ("date", "state", "says"),
    [
        ("Mon, 02 Nov 2026 12:00:20 GMT", OK, "speaks in Studio"),
        ("Mon, 02 Nov 2026 12:00:40 GMT", LOOK, "40 seconds behind Slack's"),
        ("Mon, 02 Nov 2026 11:50:00 GMT", LOOK, "10 minutes ahead of Slack's"),
        ("Tue, 03 Nov 2026 12:00:00 GMT", LOOK, "hours behind Slack's"),
        ("yesterday", OK, "speaks in Studio"),
    ],
)
async def test_our_clock_must_be_about_that_of_slack(date: str, state: State, says: str) -> None:
    answer = replace(GOOD, headers={**GOOD.headers, "date": date})

    found = await slack_finding("Slack", "xoxb-secret", "https://slack.example/api/", NEEDED, Web(answer), after())

    assert found.state is state
    assert says in found.says
    assert bool(found.what_to_do) is (state is LOOK)


def test_slack_must_be_able_to_reach_us_and_google_be_set() -> None:
    ways = [(True, False), (False, True), (False, False)]
    assert [hearing_finding(signing_secret=a, socket=b).state for a, b in ways] == [OK, OK, BROKEN]
    assert [google_finding(ready=ready).state for ready in (True, False)] == [OK, LOOK]


@pytest.mark.parametrize(
    ("failure", "followed_at", "state"),
    [
        (None, after(-30), OK),
        (None, after(minutes=-20), LOOK),
        (None, after(hours=-7), BROKEN),
        (None, None, LOOK),
        (NotAuthorized("gone"), after(-30), BROKEN),
        (NotGranted("send only"), after(-30), LOOK),
        (Refused("no such client"), after(-30), BROKEN),
        (TryLater("503"), after(-30), LOOK),
    ],
)
async def test_a_mailbox_must_let_us_in_and_be_followed(
    failure: Exception | None, followed_at: object, state: State
) -> None:
    followed = Followed("7", followed_at) if followed_at else Followed()

    assert (await mailbox_finding(an_account(), followed, Gmail(failure), after())).state is state


async def test_a_withdrawn_grant_is_told_with_what_testing_mode_does() -> None:
    found = await mailbox_finding(an_account(state=AccountState.RECONNECT), Followed(), Gmail(), after())

    assert found.state is BROKEN
    assert "7 days" in found.what_to_do


def a_checkup(store: Store, reason: str | None = None) -> Checkup:
    async def intake() -> str | None:
        return reason

    slack = SlackKeys("xoxb-secret", "https://slack.example/api/", NEEDED, signing_secret=True)
    around = Surroundings("https://t.example", lambda: 10**10, intake)
    return Checkup(store, slack, around, Web(GOOD, alive=Fetched(200, {}, "alive\n")), Gmail(), after)


async def test_everything_is_looked_at(store: Store) -> None:
    about = {finding.about for finding in await a_checkup(store).general()}

    assert about == {"disk", "recording", "worker", "alerts", "Slack", "Slack to us", "address", "Google client"}


INSIDES = ("db.internal", "GB", "MB", "t.example", "disk", "PUBLIC_URL", "DATA_DIR", "SLACK_", "GOOGLE_", "log")


async def test_a_person_is_told_of_their_own_mailboxes_and_nothing_of_our_insides(store: Store) -> None:
    mine, theirs = await given_account(store), await given_account(store)

    found = await a_checkup(store, "postgres://user@db.internal is away").for_person("T1", [mine])

    assert mine.email in {finding.about for finding in found}
    assert theirs.email not in str(found)
    assert [words for words in INSIDES if words in str(found)] == []
    [ours] = [finding for finding in found if finding.about == "Twotick itself"]
    assert (ours.state, ours.what_to_do) == (BROKEN, "ask whoever runs Twotick")
    assert "opens are not recorded now" in ours.says


async def test_while_everything_works_a_person_learns_only_that(store: Store) -> None:
    await store.vitals.beat("worker", after())

    found = await a_checkup(store).for_person("T1", [])

    assert [(one.about, one.state) for one in found] == [("alerts", OK), ("Twotick itself", OK)]


async def test_an_admin_is_told_of_our_insides_too_and_of_their_own_mailboxes_alone(store: Store) -> None:
    mine, theirs = await given_account(store), await given_account(store)

    found = await a_checkup(store).for_operator("T1", [mine])

    about = {finding.about for finding in found}
    assert {"disk", "recording", "worker", "address", "alerts", mine.email} <= about
    assert theirs.email not in str(found)


async def test_only_ones_own_dead_letters_are_told(store: Store) -> None:
    mine, theirs = await given_message(store), await given_message(store)
    await given_alert(store, theirs)
    [leased] = await store.alerts.lease(after(), after(60), 10)
    await store.alerts.bury(leased, after(), "user_not_found")

    told = [await a_checkup(store).for_person("T1", [one.account]) for one in (mine, theirs)]

    lost = [[one.says for one in found if one.about == "alerts never said"] for found in told]
    assert lost == [[], ["1 × user_not_found"]]


TOPIC = "projects/p/topics/t"


@pytest.mark.parametrize(
    ("watch", "state"),
    [
        ((TOPIC, after(days=3)), OK),
        ((TOPIC, after(-60)), LOOK),
        (("projects/p/topics/old", after(60)), LOOK),
        (None, LOOK),
    ],
)
def test_whether_gmail_tells_of_news_is_told_where_it_was_asked_to(watch: tuple[str, datetime], state: State) -> None:
    account = an_account()
    kept = Watch(account, *watch) if watch else None

    found = news_finding(account, kept, TOPIC, after())

    assert found
    assert found.state is state
    assert news_finding(account, kept, "", after()) is None
    assert news_finding(replace(account, profile=Profile.SEND), kept, TOPIC, after()) is None


@pytest.mark.parametrize(
    ("facts", "labels", "wanted", "state", "says"),
    [
        ({}, {"ids": {Tick.SENT: "L1", Tick.OPENED: "L2"}}, True, OK, "they move"),
        ({}, {}, True, OK, "with the first mail"),
        ({}, {}, False, OK, "switched off"),
        ({"profile": Profile.STANDARD}, {}, True, OK, "/opens connect full"),
        ({}, {"refused": True}, True, LOOK, "does not let"),
        ({}, {"deleted": frozenset({Tick.OPENED})}, True, LOOK, "✓✓ Opened was deleted"),
        ({}, {"failures": 3}, True, LOOK, "3 times in a row"),
    ],
)
def test_whether_ticks_move_is_told_in_words(
    facts: dict[str, Any], labels: dict[str, Any], wanted: bool, state: State, says: str
) -> None:
    account = an_account(**facts)

    found = ticks_finding(account, TickLabels(account.id, **labels), wanted=wanted)

    assert found
    assert (found.state, bool(found.what_to_do)) == (state, state is not OK)
    assert says in found.says


def test_what_is_broken_comes_first() -> None:
    found = [Finding("a", OK, ""), Finding("b", LOOK, ""), Finding("c", BROKEN, ""), Finding("d", OK, "")]

    assert [one.about for one in worst_first(found)] == ["c", "b", "a", "d"]
