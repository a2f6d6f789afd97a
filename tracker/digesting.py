"""Digesting: who wants a digest gets one, at their own time and once, however many look and whatever dies."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

import structlog

from tracker.clock import Clock, new_id
from tracker.model import Account, Alert, AlertKind, Message
from tracker.noise import DigestEvery, Noise, NoiseBook, person_of
from tracker.ports import AccountBook, MessageBook, Report

log = structlog.get_logger()

ZoneOf = Callable[[Account], Awaitable[tzinfo]]

_A_DAY = timedelta(days=1)
_MONDAY, _SATURDAY = 0, 5
_LATE = timedelta(days=7)  # what was due longer ago is not caught up with
_SENT_WITHIN = timedelta(days=60)
_WAITED_WITHIN = timedelta(days=14)  # what nobody opened for longer is no news
_LOOKED_THROUGH = 500


def digest_due(noise: Noise, now: datetime, zone: tzinfo) -> date | None:
    """The day of the latest digest that is due by now; None when none is since it was asked for."""
    for day in _days_back(now, zone):
        due_at = datetime.combine(day, noise.digest_at, zone).astimezone(UTC)
        if _has_digest(noise.digest, day) and due_at <= now:
            wanted = noise.digest_set_at is not None and noise.digest_set_at < due_at
            return day if wanted and now - due_at < _LATE else None
    return None


def digest_begin(noise: Noise, at: datetime, zone: tzinfo) -> datetime:
    """From when on a digest said at this moment tells: from the one before."""
    day = digest_due(noise, at, zone) or at.astimezone(zone).date()
    before = next(one for one in _earlier(day) if _has_digest(noise.digest, one) or noise.digest is DigestEvery.NEVER)
    return datetime.combine(before, noise.digest_at, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Digest:
    """What happened to somebody's mail since `begin`, each list the latest first. `by_day` are first openings.

    `unopened` went out in the last two weeks; of `unsure` nobody can tell.
    """

    every: DigestEvery
    begin: datetime
    opened: tuple[Report, ...]
    clicked: tuple[Report, ...]
    replied: tuple[Report, ...]
    unopened: tuple[Report, ...]
    unsure: tuple[Report, ...]
    by_day: tuple[tuple[date, int], ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.opened or self.clicked or self.replied or self.unopened or self.unsure)


def digest_of(reports: Sequence[Report], noise: Noise, now: datetime, zone: tzinfo) -> Digest:
    """What these messages add up to, with days in this zone."""
    begin, tracked = digest_begin(noise, now, zone), [one for one in reports if not _closed(one.message)]
    unread = [one for one in tracked if _went_out_since(one, now - _WAITED_WITHIN) and not _read_or_over(one)]
    return Digest(
        every=noise.digest,
        begin=begin,
        opened=_since(begin, tracked, lambda report: report.total.last_open_at),
        clicked=_since(begin, tracked, lambda report: report.total.last_click_at),
        replied=_since(begin, tracked, _last_reply_at),
        unopened=tuple(report for report in unread if not report.total.unsure),
        unsure=tuple(report for report in unread if report.total.unsure),
        by_day=tuple(_openings(tracked, now.astimezone(zone).date(), zone)),
    )


class Digesting:
    def __init__(
        self, book: NoiseBook, accounts: AccountBook, messages: MessageBook, zone_of: ZoneOf, clock: Clock
    ) -> None:
        self._book = book
        self._accounts = accounts
        self._messages = messages
        self._zone_of = zone_of
        self._clock = clock
        self._put: dict[str, date] = {}

    async def run_once(self) -> int:
        """Put what is due into the outbox; how many digests were put that this process had not put before."""
        put = 0
        for noise in await self._book.with_digest():
            account = await self._accounts.by_id(noise.account_id)
            put += bool(account and await self._decide(account, noise))
        return put

    async def digest(self, account: Account) -> Digest:
        """What there is to say to this account's owner now, about all of their mailboxes."""
        now, zone = self._clock(), await self._zone_of(account)
        mailboxes = await self._accounts.of_slack_user(account.slack_team, account.slack_user)
        ids = [one.id for one in mailboxes]
        reports = await self._messages.reports(ids, now - _SENT_WITHIN, _LOOKED_THROUGH)
        return digest_of(reports, await self._book.of(account.id), now, zone)

    async def _decide(self, account: Account, noise: Noise) -> bool:
        now, person = self._clock(), person_of(account)
        day = digest_due(noise, now, await self._zone_of(account))
        if day is None or self._put.get(person) == day:
            return False
        # Named for the person and the day: whoever looks, and however often, it is one alert.
        key = f"digest:{person}:{day.isoformat()}"
        await self._book.put(Alert(new_id(), key, AlertKind.DIGEST, account.id, now))
        self._put[person] = day
        return True


def _days_back(now: datetime, zone: tzinfo) -> Iterator[date]:
    today = now.astimezone(zone).date()
    return (today - number * _A_DAY for number in range(9))


def _earlier(day: date) -> Iterator[date]:
    return (day - number * _A_DAY for number in range(1, 9))


def _has_digest(every: DigestEvery, day: date) -> bool:
    if every is DigestEvery.WEEKLY:
        return day.weekday() == _MONDAY
    return every is DigestEvery.DAILY and day.weekday() < _SATURDAY


def _closed(message: Message) -> bool:
    return bool(message.untracked or message.stopped_at)


def _went_out_since(report: Report, begin: datetime) -> bool:
    return report.message.sent_at is not None and report.message.sent_at >= begin


def _read_or_over(report: Report) -> bool:
    total = report.total
    return bool(total.opens or total.clicks or total.replied_at or total.bounced_at)


def _last_reply_at(report: Report) -> datetime | None:
    return max((one.replied_at for one in report.summaries if one.replied_at), default=None)


def _since(
    begin: datetime, reports: Sequence[Report], moment_of: Callable[[Report], datetime | None]
) -> tuple[Report, ...]:
    found = [(at, report) for report in reports if (at := moment_of(report)) and at >= begin]
    return tuple(report for _, report in sorted(found, key=lambda pair: pair[0], reverse=True))


def _openings(reports: Sequence[Report], today: date, zone: tzinfo) -> Iterator[tuple[date, int]]:
    """First openings of each of the last seven days."""
    firsts = [
        one.first_open_at.astimezone(zone).date() for report in reports for one in report.summaries if one.first_open_at
    ]
    for number in range(6, -1, -1):
        day = today - number * _A_DAY
        yield day, firsts.count(day)
