"""The checkup as a whole: what everybody may know, and each mailbox for its owner."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.checkup.findings import Finding, State, broken, look
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
from tracker.clock import Clock, utc_now
from tracker.fetching import Fetch
from tracker.mailbox import Mailboxes
from tracker.model import Account
from tracker.ports import Store, TryLater
from tracker.workspaces import Installation

_AT_ONCE = 8
_ALERTS_LOST = "alerts never said"
_SHORT = {"recording": "a hit would be lost now", "database": "it does not answer"}
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
    """What we stand on, each asked anew: room on the disk, the intake's health, when the places were made."""

    public_url: str
    free_bytes: Callable[[], int]
    intake: Callable[[], Awaitable[str | None]]
    places: Callable[[], datetime | None] | None = None


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
        found = await asyncio.gather(self._inside(None), self._slack_findings(None), self._address())
        return [finding for findings in found for finding in findings]

    async def for_person(self, team: str, accounts: Sequence[Account]) -> list[Finding]:
        """What one person may know: their own mailboxes, alerts and workspace, and how we are, without our reasons."""
        own, general, slack, address = await asyncio.gather(
            self.of_mailboxes(accounts),
            self._inside([account.id for account in accounts]),
            self._slack_findings(team),
            self._address(),
        )
        return [*own, *map(_discreet, general), *map(_discreet, slack), *address]

    async def of_mailboxes(self, accounts: Sequence[Account]) -> list[Finding]:
        few = asyncio.Semaphore(_AT_ONCE)

        async def checked(account: Account) -> Finding:
            async with few:
                followed = await self._store.following.where(account.id)
                return await mailbox_finding(account, followed, self._mailboxes, self._clock())

        return list(await asyncio.gather(*map(checked, accounts)))

    async def _inside(self, account_ids: Sequence[str] | None) -> list[Finding]:
        now, around = self._clock(), self._surroundings
        found = [disk_finding(around.free_bytes()), intake_finding(await around.intake())]
        try:
            backlog = await self._store.vitals.backlog(now, now - _BURIED_WITHIN, account_ids)
            found += [worker_finding(await self._store.vitals.beats(), now), outbox_finding(backlog, now)]
            found += filter(None, [buried_finding(backlog)])
        except TryLater as away:
            found.append(broken("database", str(away)[:200], "see that the database runs, and look at DATABASE_URL"))
        if around.places:
            found.append(places_finding(around.places(), now))
        return found

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
        tested = [slack_finding(name, token, slack.api_url, slack.needed, self._fetch) for name, token in installed]
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


def _discreet(finding: Finding) -> Finding:
    """Without the database's own words, which may name its server, and without what only its operator can do."""
    if finding.state is State.OK or finding.about == _ALERTS_LOST:
        return finding
    return replace(finding, says=_SHORT.get(finding.about, finding.says), what_to_do="whoever runs Twotick can mend it")
