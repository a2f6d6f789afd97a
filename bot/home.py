"""Home: what a person sees in the app's own tab, drawn from what is known now, and what they change there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import structlog

from bot.blocks import Block
from bot.cards.home import home_of, welcome_home
from bot.ports import Stale, Views
from bot.surfaces import View
from tracker.board import Boards
from tracker.clock import Clock
from tracker.model import Account
from tracker.ports import AccountBook

log = structlog.get_logger()

# Whoever draws looks again afterwards: this often at most, where everything keeps changing.
_MOST_DRAWINGS = 4

Change = Callable[[Sequence[Account], str], Awaitable[None]]  # of all of a person's mailboxes, to a value


class Settings(Protocol):
    """A family of settings in Home."""

    async def blocks(self, accounts: Sequence[Account]) -> Sequence[Block]:
        """How they stand; at most fifteen blocks."""

    @property
    def changes(self) -> Mapping[str, Change]:
        """What saves a press or a choice, by its `action_id`: at once, and alike however often it is done."""


class Home:
    """Draws one person's Home from their own mail only."""

    def __init__(
        self,
        accounts: AccountBook,
        boards: Boards,
        settings: Sequence[Settings],
        views: Views,
        clock: Clock,
        *,
        can_connect: bool,
        can_send: bool,
    ) -> None:
        self._accounts = accounts
        self._boards = boards
        self._settings = settings
        self._views = views
        self._clock = clock
        self._can_connect = can_connect
        self._can_send = can_send
        self._changes = {name: change for family in settings for name, change in family.changes.items()}

    @property
    def controls(self) -> frozenset[str]:
        """What saves something when it is pressed, by `action_id`."""
        return frozenset(self._changes)

    async def change(self, team: str, user: str, action: str, value: str) -> None:
        """Save what was pressed, for each of their mailboxes."""
        accounts = await self._accounts.of_slack_user(team, user)
        if accounts:
            await self._changes[action](accounts, value)

    async def show(self, team: str, user: str, expected: str = "") -> None:
        """Draw their Home; what a call of Slack raises.

        Whoever drew while something changed looks once more: the last to draw
        has then seen all that was saved before, whichever came first at Slack.
        """
        drawn = await self.drawn(team, user)
        for _ in range(_MOST_DRAWINGS):
            try:
                expected = await self._views.publish(team, user, drawn, expected)
            except Stale:
                expected = ""
                drawn = await self.drawn(team, user)
                continue
            now = await self.drawn(team, user)
            if now == drawn:
                return
            drawn = now
        log.info("home_keeps_changing", user=user)

    async def drawn(self, team: str, user: str) -> View:
        """Their Home as it is now."""
        accounts = await self._accounts.of_slack_user(team, user)
        if not accounts:
            return welcome_home(user, can_connect=self._can_connect).view
        now = self._clock()
        board = await self._boards.of(accounts, now)
        families = [await family.blocks(accounts) for family in self._settings]
        return home_of(accounts, board, families, now, can_connect=self._can_connect, can_send=self._can_send).view
