"""Figures: what a person's mail adds up to, and for admins how much each person tracks."""

from collections.abc import Callable, Sequence
from datetime import timedelta, tzinfo

from bot.blocks import Card
from bot.cards import not_connected_card
from bot.cards.stats import stats_card
from bot.cards.team import not_for_you_card, team_card
from bot.grammar_of_account import ShowStats, ShowTeam
from bot.lists import zone_of
from bot.ports import Zones
from tracker.clock import Clock, utc_now
from tracker.ports import AccountBook
from tracker.reporting import Reporting
from tracker.vitals import VitalSigns

_DAYS = 30

NotConnected = Callable[[str], Card]


class Figures:
    """Speaks to one person about their own messages only; an admin is told numbers of the others."""

    def __init__(
        self,
        accounts: AccountBook,
        reporting: Reporting,
        vitals: VitalSigns,
        zones: Zones | None,
        admins: Sequence[str] = (),
        clock: Clock = utc_now,
        *,
        connect_by_command: bool = False,
    ) -> None:
        self._accounts = accounts
        self._reporting = reporting
        self._vitals = vitals
        self._zones = zones
        self._admins = frozenset(admins)
        self._clock = clock
        self._connect_by_command = connect_by_command

    async def answer(self, team: str, user: str, asked: ShowStats | ShowTeam) -> Card:
        """The answer to such a command."""
        return await (self._team(team, user) if isinstance(asked, ShowTeam) else self._stats(team, user, asked))

    async def _stats(self, team: str, user: str, asked: ShowStats) -> Card:
        accounts = await self._accounts.of_slack_user(team, user)
        if not accounts:
            return not_connected_card(user, by_command=self._connect_by_command)
        now, zone = self._clock(), await zone_of(self._zones, user, team)
        return stats_card(await self._reporting.stats(accounts, asked.days, now, zone), _named(zone))

    async def _team(self, team: str, user: str) -> Card:
        if user not in self._admins:
            return not_for_you_card()
        since = self._clock() - timedelta(days=_DAYS)
        return team_card(await self._vitals.tallies(team, since), _DAYS)


def _named(zone: tzinfo) -> str:
    return str(zone).replace("_", " ")
