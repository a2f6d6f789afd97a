"""Small books and an outbox in memory, with the promises of tracker.ports that the bot leans on."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests.makers import NOON, a_message, a_sent_copy, a_sent_message, after, an_account, an_alert
from tracker.clock import new_id
from tracker.following import Answer
from tracker.model import Account, Alert, AlertKind, Copy, Judged, LeasedAlerts, Message, Post, Summary
from tracker.noise import Mute, Noise
from tracker.paging import Turn
from tracker.ports import Located, Report, Store
from tracker.questions import Wanted
from tracker.reporting import TimelineLine
from tracker.vitals import Tally
from tracker.wishes import SendOrder
from tracker.workspaces import Installation


class HandClock:
    """Stands still until it is moved; sleeping moves it. `runs` lets it go on by itself."""

    def __init__(self) -> None:
        self.now = NOON
        self.runs = False

    def __call__(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic()) if self.runs else self.now

    def forward(self, **parts: float) -> None:
        self.now += timedelta(**parts)

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def a_report(*copies, account: Account | None = None, summaries=None, **facts) -> Report:
    """A sent message with its copies, one recipient each unless given."""
    owner = account or an_account(email="mara@studio.example", slack_user="U0SENDER")
    message: Message = a_sent_message(account_id=owner.id, **facts)
    all_copies = copies or (a_sent_copy(message_id=message.id),)
    return Report(owner, message, tuple(all_copies), tuple(summaries or [Summary()] * len(all_copies)))


def a_line(copy: Copy | None = None, **facts) -> TimelineLine:
    """An open by Ada in Outlook, two hours after sending."""
    made = TimelineLine(
        hit_id=new_id(),
        copy_id=copy.id if copy else new_id(),
        at=after(hours=2),
        who="Ada Lovelace",
        what="Opened",
        client="Outlook on Windows",
        place="",
        reason="a mail program loaded it",
        counts=True,
    )
    return replace(made, **facts)


def a_check(copy: Copy | None = None, **facts) -> TimelineLine:
    """A security check's look, which does not count."""
    check = {"what": "Checked by a machine", "client": "", "reason": "it looks like a security check"}
    return a_line(copy, **{**check, "counts": False, **facts})


@dataclass
class SmallBooks:
    """Accounts, messages and hits at once."""

    accounts: list[Account] = field(default_factory=list)
    told: list[Report] = field(default_factory=list)
    hits: dict[str, list[Judged]] = field(default_factory=dict)

    async def by_id(self, account_id: str) -> Account | None:
        return next((account for account in self.accounts if account.id == account_id), None)

    async def all(self) -> Sequence[Account]:
        return list(self.accounts)

    async def link(self, account_id: str, team: str, user: str) -> bool:
        free = [account for account in self.accounts if account.id == account_id and not account.slack_user]
        linked = [replace(account, slack_team=team, slack_user=user) for account in free]
        self.accounts = [account for account in self.accounts if account not in free] + linked
        return bool(linked)

    async def of_slack_user(self, team: str, user: str) -> Sequence[Account]:
        return [a for a in self.accounts if a.slack_user == user and a.slack_team in ("", team)]

    async def report(self, message_id: str) -> Report | None:
        return next((report for report in self.told if report.message.id == message_id), None)

    async def reports(self, account_ids: Sequence[str], since: datetime | None, limit: int) -> Sequence[Report]:
        return [report for report in self.told if report.account.id in account_ids][:limit]

    async def search(self, account_ids: Sequence[str], words: Sequence[str], limit: int) -> Sequence[Report]:
        found = await self.reports(account_ids, None, 1000)
        return [r for r in found if all(word.lower() in _searched(r) for word in words)][:limit]

    async def page(
        self, ids: Sequence[str], wanted: Wanted | Turn | None, *more
    ) -> Sequence[Report] | Sequence[Judged]:
        """Of messages those wanted, of hits all: as one object is both books, what is wanted tells them apart."""
        if isinstance(wanted, Wanted):
            found = await self.search(ids, wanted.words, 1000)
            return _beyond(found, more[0], lambda one: (one.message.created_at, one.message.id), more[1])
        hits = [replace(one, hit=replace(one.hit, copy_id=id)) for id in ids for one in self.hits.get(id, [])]
        return _beyond(hits, wanted, lambda one: (one.hit.at, one.hit.id), more[0])

    async def timeline(self, copy_id: str, latest: int | None = None) -> Sequence[Judged]:
        return self.hits.get(copy_id, [])

    async def hit(self, hit_id: str) -> Located | None:
        """None is known by its name here: what a correction does to hits is told elsewhere."""
        return None


def _beyond(found: Sequence, turn: Turn | None, place_of: Callable, limit: int) -> Sequence:
    """Those next to a turn's edge, latest first."""
    edge = (turn.edge.at, turn.edge.name) if turn else None
    if turn and turn.newer:
        return sorted([one for one in found if place_of(one) > edge], key=place_of)[:limit][::-1]
    return sorted([one for one in found if edge is None or place_of(one) < edge], key=place_of, reverse=True)[:limit]


@dataclass
class SmallWishes:
    """Orders by name; preferences nobody has."""

    ordered: dict[str, SendOrder] = field(default_factory=dict)

    async def get(self, order_id: str) -> SendOrder | None:
        return self.ordered.get(order_id)


@dataclass
class SmallFollowing:
    """What came back about mails, of whichever copy."""

    came_back: list[Answer] = field(default_factory=list)

    async def answers(self, copy_id: str) -> Sequence[Answer]:
        return [answer for answer in self.came_back if answer.copy_id == copy_id]


class SmallShelf:
    """No documents."""

    async def tidy(self, now: datetime, orphaned_before: datetime) -> int:
        return 0


@dataclass
class SmallInstallations:
    """Installations by the workspace's id."""

    kept: dict[str, Installation] = field(default_factory=dict)

    async def of(self, team_id: str) -> Installation | None:
        return self.kept.get(team_id)

    async def seen(self, team_id: str, enterprise_id: str) -> None:
        if enterprise_id in self.kept:
            self.kept[team_id] = self.kept[enterprise_id]


@dataclass
class SmallHeard:
    """What was heard, for as long as the test runs."""

    names: set[str] = field(default_factory=set)

    async def first(self, name: str, now: datetime) -> bool:
        is_new = name not in self.names
        self.names.add(name)
        return is_new

    async def forget(self, before: datetime) -> int:
        return 0


class NoTicks:
    """Slack neither shows nor moves ticks in Gmail."""


class SmallVitals:
    """Nothing waits, and everybody is alive."""

    async def tallies(self, team: str, since: datetime) -> Sequence[Tally]:
        return []


class NoNoise:
    """Nobody said anything about noise."""

    async def of(self, account_id: str) -> Noise:
        return Noise(account_id)

    async def mutes(self, account_ids: Sequence[str], now: datetime) -> Sequence[Mute]:
        return []

    async def with_digest(self) -> Sequence[Noise]:
        return []


def a_store(books: SmallBooks, outbox: "SmallOutbox") -> Store:
    wishes, following = SmallWishes(), SmallFollowing()
    installations, heard = SmallInstallations(), SmallHeard()
    sent = (wishes, wishes, following, SmallShelf())
    nowhere: Any = None  # nothing here follows a mailbox
    kept = (installations, heard, NoTicks(), nowhere, nowhere, SmallVitals(), books, NoNoise(), books, nowhere, nowhere)
    return Store(books, books, books, outbox, books, books, *sent, books, books, *kept)


def _searched(report: Report) -> str:
    people = [f"{person.name} {person.address}" for copy in report.copies for person in copy.recipients]
    return " ".join([report.message.subject, *people]).lower()


@dataclass
class _Entry:
    alert: Alert
    lease: str = ""
    held_until: datetime | None = None
    tries: int = 0
    refusals: int = 0
    done: str = ""
    crowd: str | None = None


class SmallOutbox:
    """Keeps ports.AlertFeed: leases end by themselves, and a try that ended so leaves a doubt."""

    def __init__(self) -> None:
        self.entries: list[_Entry] = []
        self.posts: dict[str, Post] = {}
        self.said_blindly = 0
        self._leases = 0

    def put(self, **facts) -> Alert:
        alert = an_alert(**facts)
        self.entries.append(_Entry(alert))
        return alert

    @property
    def fates(self) -> list[str]:
        return [entry.done for entry in self.entries]

    async def lease(
        self, now: datetime, until: datetime, limit: int, account_id: str | None = None
    ) -> Sequence[LeasedAlerts]:
        due = [e for e in self.entries if not e.done and e.alert.due_at <= now]
        due = [e for e in due if account_id in (None, e.alert.account_id)]
        held = {e.alert.topic for e in self.entries if not e.done and e.held_until and e.held_until > now}
        topics = [topic for topic in dict.fromkeys(e.alert.topic for e in due) if topic not in held][:limit]
        self._leases += 1
        return [self._take([e for e in due if e.alert.topic == topic], until) for topic in topics]

    def _take(self, entries: list[_Entry], until: datetime) -> LeasedAlerts:
        for entry in entries:
            entry.lease, entry.held_until, entry.tries = str(self._leases), until, entry.tries + 1
        in_doubt = any(entry.tries - 1 > entry.refusals for entry in entries)
        alerts = tuple(entry.alert for entry in entries)
        return LeasedAlerts(str(self._leases), alerts, until, max(entry.tries for entry in entries), in_doubt)

    async def settle(
        self,
        leased: LeasedAlerts,
        now: datetime,
        post: Post | None,
        *,
        beside: Post | None = None,
        then: Sequence[Alert] = (),
        blind: bool = False,
    ) -> None:
        for entry in self._of(leased):
            entry.done = "said"
            self.said_blindly += blind
        for place in filter(None, (post, beside)):
            self.posts[place.topic] = place
        self._put(then)

    async def condense(self, leases: Sequence[LeasedAlerts], now: datetime, crowd: Alert, then: Sequence[Alert]) -> int:
        entries = [entry for leased in leases for entry in self._of(leased)]
        for entry in entries:
            entry.done, entry.crowd = "said", crowd.crowd_id
        self._put([crowd, *then])
        return len(leases)

    async def crowd_since(self, account_id: str, since: datetime) -> str | None:
        mine = [entry for entry in reversed(self.entries) if entry.alert.account_id == account_id]
        crowds = [one for one in mine if one.alert.kind is AlertKind.CROWD]
        return next((one.alert.crowd_id for one in crowds if one.alert.due_at >= since or not one.done), None)

    async def crowd(self, crowd_id: str) -> Sequence[Alert]:
        return [entry.alert for entry in self.entries if entry.crowd == crowd_id]

    async def defer(self, leased: LeasedAlerts, until: datetime, *, reached: bool) -> None:
        for entry in self._of(leased):
            entry.held_until, entry.lease = until, ""
            entry.refusals += 0 if reached else 1

    async def bury(self, leased: LeasedAlerts, now: datetime, reason: str) -> None:
        for entry in self._of(leased):
            entry.done = f"buried: {reason}"

    async def wait(self, seconds: float) -> None:
        return None

    async def post_of(self, topic: str) -> Post | None:
        return self.posts.get(topic)

    async def posts_of(self, topics: Sequence[str]) -> Mapping[str, Post]:
        return {topic: self.posts[topic] for topic in topics if topic in self.posts}

    def _put(self, alerts: Sequence[Alert]) -> None:
        known = {entry.alert.key for entry in self.entries}
        self.entries += [_Entry(alert) for alert in alerts if alert.key not in known]

    def _of(self, leased: LeasedAlerts) -> list[_Entry]:
        return [e for e in self.entries if e.lease == leased.lease and e.alert.topic == leased.topic and not e.done]


__all__ = ["HandClock", "SmallBooks", "SmallOutbox", "a_check", "a_line", "a_message", "a_report", "a_store"]
