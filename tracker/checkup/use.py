"""The checkup as a whole: what everybody may know, and each mailbox for its owner."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.checkup.findings import Finding, State, broken, look, ok
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
from tracker.clock import Clock, utc_now
from tracker.fetching import Fetch
from tracker.mailbox import Mailboxes
from tracker.model import Account
from tracker.ports import Store, TryLater
from tracker.workspaces import Installation

_AT_ONCE = 8
_ASK = "ask whoever runs Twotick"
# What people may know of our insides: what does not work for them, without our reasons.
_PLAIN = {
    "recording": "opens are not recorded now",
    "database": "what is kept cannot be read now",
    "worker": "alerts are not sent now",
    "address": "mail programs may not reach it",
    "Slack to us": "Slack is not heard",
}
_BURIED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SlackKeys:
    """What we have of Slack: whether it can reach us, and what a token of ours must be allowed."""

    bot_token: str
    api_url: str
    needed: frozenset[str]
    signing_secret: bool = False
    socket: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What we stand on, each asked anew: room on the disk, the intake's health, when the places were made.

    Gmail is to tell `topic` of news, if it is any.
    """

    public_url: str
    free_bytes: Callable[[], int]
    intake: Callable[[], Awaitable[str | None]]
    places: Callable[[], datetime | None] | None = None
    topic: str = ""


class Checkup:
    def __init__(
        self,
        store: Store,
        slack: SlackKeys,
        surroundings: Surroundings,
        fetch: Fetch,
        mailboxes: Mailboxes | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._store = store
        self._slack = slack
        self._surroundings = surroundings
        self._fetch = fetch
        self._mailboxes = mailboxes
        self._clock = clock

    async def general(self) -> list[Finding]:
        """Everything that is nobody's alone, for whoever runs it."""
        ours, alerts = await asyncio.gather(self._ours(None), self._alerts(None))
        return [*ours, *alerts]

    async def for_person(self, team: str, accounts: Sequence[Account]) -> list[Finding]:
        """What one person may know: their own mailboxes and alerts, and whether we work, without our reasons."""
        own, alerts, general = await asyncio.gather(
            self.of_mailboxes(accounts), self._alerts([account.id for account in accounts]), self._ours(team)
        )
        return [*own, *map(_without_orders, alerts), _plainly(general)]

    async def for_operator(self, team: str, accounts: Sequence[Account]) -> list[Finding]:
        """What an admin may know: our insides in full beside their own mailboxes, and nothing of other workspaces."""
        own, alerts, general = await asyncio.gather(self.of_mailboxes(accounts), self._alerts(None), self._ours(team))
        return [*own, *alerts, *general]

    async def of_mailboxes(self, accounts: Sequence[Account]) -> list[Finding]:
        few = asyncio.Semaphore(_AT_ONCE)

        async def checked(account: Account) -> list[Finding]:
            async with few:
                return await self._of_mailbox(account)

        return [one for found in await asyncio.gather(*map(checked, accounts)) for one in found]

    async def _of_mailbox(self, account: Account) -> list[Finding]:
        store, now = self._store, self._clock()
        followed = await store.following.where(account.id)
        found = await mailbox_finding(account, followed, self._mailboxes, now)
        if self._mailboxes is None:
            return [found]
        wanted = (await store.preferences.of(account.id)).ticks
        news = news_finding(account, await store.watches.of(account.id), self._surroundings.topic, now)
        ticks = ticks_finding(account, await store.ticks.labels(account.id), wanted=wanted)
        return [found, *filter(None, (news, ticks))]

    async def _ours(self, team: str | None) -> list[Finding]:
        found = await asyncio.gather(self._inside(), self._slack_findings(team), self._address())
        return [finding for findings in found for finding in findings]

    async def _inside(self) -> list[Finding]:
        now, around = self._clock(), self._surroundings
        found = [disk_finding(around.free_bytes()), intake_finding(await around.intake())]
        try:
            found.append(worker_finding(await self._store.vitals.beats(), now))
        except TryLater as away:
            found.append(broken("database", str(away)[:200], "see that the database runs, and look at DATABASE_URL"))
        if around.places:
            found.append(places_finding(around.places(), now))
        return found

    async def _alerts(self, account_ids: Sequence[str] | None) -> list[Finding]:
        """What waits to be said, and what never could be, to these accounts' owners or to all."""
        now = self._clock()
        try:
            backlog = await self._store.vitals.backlog(now, now - _BURIED_WITHIN, account_ids)
        except TryLater:
            return []  # said where the database itself is looked at
        return [outbox_finding(backlog, now), *filter(None, [buried_finding(backlog)])]

    async def _slack_findings(self, team: str | None) -> list[Finding]:
        slack = self._slack
        heard = hearing_finding(signing_secret=slack.signing_secret, socket=slack.socket)
        if slack.many:
            installed = [(f"Slack, {one.name}", one.bot_token) for one in await self._installations(team)]
        else:
            installed = [("Slack", slack.bot_token)] if slack.bot_token else []
        if not installed:
            how = "install it at PUBLIC_URL/slack/install" if slack.many else "set SLACK_BOT_TOKEN"
            return [look("Slack", "no workspace is connected: alerts wait", how), heard]
        asked, now = (slack.api_url, slack.needed, self._fetch), self._clock()
        tested = [slack_finding(name, token, *asked, now) for name, token in installed]
        return [*await asyncio.gather(*tested), heard]

    async def _address(self) -> list[Finding]:
        google = google_finding(ready=self._mailboxes is not None)
        return [await address_finding(self._surroundings.public_url, self._fetch), google]

    async def _installations(self, team: str | None) -> Sequence[Installation]:
        """Those that our keys open: a workspace's own, or all."""
        if team is None:
            return await self._store.installations.all()
        own = await self._store.installations.of(team)
        return [own] if own else []


def _without_orders(finding: Finding) -> Finding:
    """Without what only whoever runs us can do."""
    return replace(finding, what_to_do=_ASK) if finding.state is not State.OK else finding


def _plainly(general: Sequence[Finding]) -> Finding:
    """Whether we work, in one line for people who cannot mend it: no machine, no address, no database is named."""
    down = [one for one in general if one.state is State.BROKEN]
    if down:
        says = dict.fromkeys(_PLAIN.get(one.about, "something that it needs does not work") for one in down)
        return broken("Twotick itself", "; ".join(says), _ASK)
    if any(one.state is State.LOOK for one in general):
        return ok("Twotick itself", "works; whoever runs it has something to look at")
    return ok("Twotick itself", "works")
