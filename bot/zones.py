"""Where people's clocks stand, as far as Slack tells."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import structlog

from bot.ports import NoAnswer, NobodyThere, NotAllowed, NotReached, TooFast, Zones
from tracker.clock import Clock, utc_now
from tracker.model import Account

_FRESH = timedelta(days=1)  # people travel; a day late is soon enough for that
_ASK_AGAIN = timedelta(minutes=10)  # after no answer

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody's timezone; UTC, and `sure` is False, where Slack does not tell."""

    zone: tzinfo = UTC
    sure: bool = False


class KnownZones:
    """Asks once a day for each person. While Slack does not tell, what it told last still holds."""

    def __init__(self, zones: Zones, clock: Clock = utc_now) -> None:
        self._zones = zones
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[Known, datetime]] = {}

    async def of(self, user: str, team: str) -> Known:
        known, until = self._known.get((team, user), (Known(), self._clock()))
        if self._clock() >= until:
            known, fresh = await self._asked(user, team, known)
            self._known[team, user] = known, self._clock() + fresh
        return known

    async def zone_of(self, account: Account) -> tzinfo:
        """Where the clock of an account's owner stands, or UTC."""
        return (await self.of(account.slack_user, account.slack_team)).zone

    async def _asked(self, user: str, team: str, before: Known) -> tuple[Known, timedelta]:
        try:
            return Known(await self._zones.zone_of(user, team), sure=True), _FRESH
        except (NotReached, NoAnswer, TooFast, NotAllowed, NobodyThere) as lost:
            log.warning("timezone_unknown", why=type(lost).__name__, detail=str(lost))
            return before, _ASK_AGAIN
