"""The board: which messages want something of their sender now, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.heat import hottest
from tracker.model import Account, Heat
from tracker.outstanding import cannot_tell, first_read_at, outstanding
from tracker.ports import MessageBook, Report
from tracker.reminders import ReminderBook, ReminderKind
from tracker.wishes import PreferenceBook, Preferences

DAYS = 3  # after which nothing having happened is worth a look, while their owner asked for no reminders
SENT_WITHIN = timedelta(days=60)  # whoever did not open it by then hardly will
_LOOKED_THROUGH = 500
_WARM = timedelta(days=3)  # over a weekend: older heat has gone cold
_MOST_SNOOZED = 500


class Want(StrEnum):
    """What a message wants; it is on the board once, under the first of these that it is."""

    WARM = "warm"  # read again and again, or again after a long pause
    UNANSWERED = "unanswered"
    UNOPENED = "unopened"
    UNSURE = "unsure"  # nobody can tell


@dataclass(frozen=True, slots=True)
class Entry:
    """A message on the board; `heat` says why it is warm."""

    report: Report
    heat: Heat | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """What wants action, the most recent first; the days after which something that did not happen is told."""

    groups: Mapping[Want, Sequence[Entry]]
    unopened_days: int = DAYS
    unanswered_days: int = DAYS
    any_sent: bool = True
    several: bool = False  # mailboxes

    @property
    def empty(self) -> bool:
        return not any(self.groups.values())


class Boards:
    def __init__(self, messages: MessageBook, reminders: ReminderBook, preferences: PreferenceBook) -> None:
        self._messages = messages
        self._reminders = reminders
        self._preferences = preferences

    async def of(self, accounts: Sequence[Account], now: datetime) -> Board:
        """The board of whoever owns these accounts."""
        ids = [account.id for account in accounts]
        wanted = {id: await self._preferences.of(id) for id in ids}
        sent = await self._messages.reports(ids, now - SENT_WITHIN, _LOOKED_THROUGH)
        snoozed = await self._snoozed(ids, now)
        watched = [report for report in sent if report.message.id not in snoozed]
        return board_of(watched, wanted, now, any_sent=bool(sent))

    async def _snoozed(self, account_ids: Sequence[str], now: datetime) -> set[str]:
        """Messages that somebody asked to be told of later: until then they want nothing."""
        waiting = await self._reminders.waiting(account_ids, _MOST_SNOOZED)
        return {one.message_id for one in waiting if one.by_hand and one.due_at > now}


def board_of(
    reports: Sequence[Report],
    wanted: Mapping[str, Preferences],
    now: datetime,
    *,
    any_sent: bool = True,
) -> Board:
    """Sort messages, latest first, by what they want; those that want nothing are left out."""
    groups: dict[Want, list[Entry]] = {want: [] for want in Want}
    for report in reports:
        heat = _heat(report, now)
        want = Want.WARM if heat else _want(report, wanted[report.account.id], now)
        if want:
            groups[want].append(Entry(report, heat))
    days = [(_days(one.remind_unopened_days), _days(one.remind_unanswered_days)) for one in wanted.values()]
    unopened, unanswered = (min(each) for each in zip(*days, strict=True)) if days else (DAYS, DAYS)
    return Board(groups, unopened, unanswered, any_sent, several=len(wanted) > 1)


def _want(report: Report, wanted: Preferences, now: datetime) -> Want | None:
    read = outstanding(report, ReminderKind.UNANSWERED)
    read_at = first_read_at(read)
    if read_at:
        return Want.UNANSWERED if read_at <= now - timedelta(days=_days(wanted.remind_unanswered_days)) else None
    unread, sent_at = outstanding(report, ReminderKind.UNOPENED), report.message.sent_at
    if not unread or sent_at is None or sent_at > now - timedelta(days=_days(wanted.remind_unopened_days)):
        return None
    return Want.UNSURE if cannot_tell(unread) else Want.UNOPENED


def _heat(report: Report, now: datetime) -> Heat | None:
    """The heat of the copies that wait for an answer."""
    return hottest((summary for _, summary in outstanding(report, ReminderKind.UNANSWERED)), now - _WARM)


def _days(chosen: int) -> int:
    return chosen or DAYS
