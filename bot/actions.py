"""Answers to presses: a card for whatever people press or choose under a card."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.blocks import Card
from bot.cards import (
    cannot_connect_card,
    corrected_card,
    disconnected_card,
    gone_card,
    not_connected_card,
    read_choice,
    unknown_mailbox_card,
)
from tracker.clock import Clock, utc_now
from tracker.correcting import Corrected, NotYours
from tracker.model import Account, Cause
from tracker.ports import AccountBook
from tracker.reporting import Reporting

Pressed = Callable[[str, str, str], Awaitable[Card]]  # team, user and value


class Corrections(Protocol):
    """Where a correction goes; `Correcting` keeps it."""

    async def correct(self, accounts: Sequence[Account], hit_id: str, cause: Cause, now: datetime) -> Corrected:
        """Believe it, judge again what it concerns. Raises NotYours."""


class Disconnections(Protocol):
    """Where mailboxes are forgotten; `Connecting` does it."""

    async def disconnect(self, account: Account) -> bool:
        """Forget it; False when Google could not be told."""


class Actions:
    """Speaks to one person about their own messages only; of somebody else's it says the same as of none."""

    def __init__(
        self,
        accounts: AccountBook,
        reporting: Reporting,
        corrections: Corrections,
        clock: Clock = utc_now,
        disconnections: Disconnections | None = None,
    ) -> None:
        self._accounts = accounts
        self._reporting = reporting
        self._corrections = corrections
        self._clock = clock
        self._disconnections = disconnections

    @property
    def presses(self) -> Mapping[str, Pressed]:
        """What answers which button or menu, by its `action_id`."""
        return {"correct": self.correct, "disconnect": self.disconnect}

    async def correct(self, team: str, user: str, value: str) -> Card:
        """What a correction changed, and how the message stands now."""
        accounts = await self._accounts.of_slack_user(team, user)
        choice = read_choice(value)
        if not accounts or choice is None:
            return gone_card() if accounts else self._not_connected(user)
        cause, hit_id = choice
        try:
            corrected = await self._corrections.correct(accounts, hit_id, cause, self._clock())
        except NotYours:
            return gone_card()
        story = await self._reporting.story(corrected.message_id)
        return corrected_card(story.report, corrected, cause) if story else gone_card()

    async def disconnect(self, team: str, user: str, value: str) -> Card:
        """Forget the mailbox that was confirmed, and say how far that went."""
        if self._disconnections is None:
            return cannot_connect_card()
        accounts = await self._accounts.of_slack_user(team, user)
        account = next((account for account in accounts if account.id == value), None)
        if account is None:
            return unknown_mailbox_card()
        return disconnected_card(account, await self._disconnections.disconnect(account))

    def _not_connected(self, user: str) -> Card:
        return not_connected_card(user, by_command=self._disconnections is not None)
