"""The checkup: each thing that has to work, and what to do when it does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from tests.makers import after, an_account
from tests.ports.givens import given_account
from tracker.checkup import Checkup, Finding, SlackKeys, State, worst_first
from tracker.checkup.inside import (
    buried_finding,
    disk_finding,
    intake_finding,
    outbox_finding,
    places_finding,
    worker_finding,
)
from tracker.checkup.mailboxes import mailbox_finding
from tracker.checkup.outside import address_finding, google_finding, hearing_finding, slack_finding
from tracker.checkup.use import Surroundings
from tracker.fetching import Fetched
from tracker.following import Followed
from tracker.mailbox import NotGranted
from tracker.model import AccountState
from tracker.ports import NotAuthorized, Refused, Store, TryLater
from tracker.vitals import Backlog

OK, LOOK, BROKEN = State.OK, State.LOOK, State.BROKEN
NEEDED = frozenset({"chat:write", "im:write"})


@dataclass
class Web:
    """Answers every address alike; remembers what it was shown."""

    answer: Fetched | Exception = field(default_factory=lambda: Fetched(200, {}, "alive\n"))
    shown: list[Mapping[str, str]] = field(default_factory=list)

    async def __call__(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        self.shown.append(headers or {})
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
    found = await slack_finding("Slack", "xoxb-secret", "https://slack.example/api/", NEEDED, Web(answer))

    assert found.state is state
    assert says in found.says
    assert "xoxb" not in str(found)


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
    return Checkup(store, slack, around, Web(GOOD), Gmail(), after)


async def test_everything_is_looked_at(store: Store) -> None:
    about = {finding.about for finding in await a_checkup(store).general()}

    assert about == {"disk", "recording", "worker", "alerts", "Slack", "Slack to us", "address", "Google client"}


async def test_a_person_is_told_of_their_own_mailboxes_and_nothing_of_our_insides(store: Store) -> None:
    mine, theirs = await given_account(store), await given_account(store)

    found = await a_checkup(store, "postgres://user@db.internal is away").for_person("T1", [mine])

    assert mine.email in {finding.about for finding in found}
    assert theirs.email not in str(found)
    assert "db.internal" not in str(found)
    [recording] = [finding for finding in found if finding.about == "recording"]
    assert recording.state is BROKEN


def test_what_is_broken_comes_first() -> None:
    found = [Finding("a", OK, ""), Finding("b", LOOK, ""), Finding("c", BROKEN, ""), Finding("d", OK, "")]

    assert [one.about for one in worst_first(found)] == ["c", "b", "a", "d"]
