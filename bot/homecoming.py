"""Presses in Home about mailboxes, and those behind three dots."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta

from bot.actions import Pressed
from bot.blocks import Card
from bot.cards.connecting import cannot_connect_card, connect_card, disconnect_card, unknown_mailbox_card
from bot.cards.guidance import gone_card, not_connected_card
from bot.cards.mailboxes import ASK_DISCONNECT, INVITE, connected_card
from bot.commands import Invitations
from bot.ordered import Story
from bot.surfaces import MORE
from tracker.access import Profile
from tracker.clock import Clock
from tracker.model import Account, AccountState
from tracker.ports import AccountBook

_LOOK_AGAIN_SECONDS = 2.0
_FOLLOWED_FOR = timedelta(minutes=11)  # the link is good for ten


class Homecoming:
    """Speaks to one person about their own mailboxes only."""

    def __init__(
        self,
        accounts: AccountBook,
        presses: Mapping[str, Pressed],
        clock: Clock,
        invitations: Invitations | None = None,
        look_again_seconds: float = _LOOK_AGAIN_SECONDS,
    ) -> None:
        self._accounts = accounts
        self._presses = presses
        self._clock = clock
        self._invitations = invitations
        self._pause = look_again_seconds

    @property
    def stories(self) -> Mapping[str, Story]:
        """What answers which button by several cards, by its `action_id`."""
        return {INVITE: self.invite, ASK_DISCONNECT: self.ask_disconnect, MORE: self.more}

    async def more(self, team: str, user: str, value: str) -> AsyncIterator[Card]:
        """A choice behind three dots: its value names the press that it is, and what that is about."""
        name, _, about = value.partition(":")
        if name == INVITE:
            async for card in self.invite(team, user, about):
                yield card
        elif name == ASK_DISCONNECT:
            async for card in self.ask_disconnect(team, user, about):
                yield card
        elif press := self._presses.get(name):
            yield await press(team, user, about)
        else:
            yield gone_card()

    async def invite(self, team: str, user: str, value: str) -> AsyncIterator[Card]:
        """A link that is fresh when it is seen; then, whether it was followed."""
        if self._invitations is None:
            yield cannot_connect_card()
            return
        before = await self._accounts.of_slack_user(team, user)
        yield connect_card(self._invitations.invitation(team, user, Profile.STANDARD), Profile.STANDARD)
        until = self._clock() + _FOLLOWED_FOR
        while self._clock() < until:
            await asyncio.sleep(self._pause)
            if new := _newly_connected(before, await self._accounts.of_slack_user(team, user)):
                yield connected_card(new)
                return

    async def ask_disconnect(self, team: str, user: str, value: str) -> AsyncIterator[Card]:
        """What would be forgotten, before it is."""
        accounts = await self._accounts.of_slack_user(team, user)
        account = next((one for one in accounts if one.id == value), None)
        if not accounts:
            yield not_connected_card(user, by_command=self._invitations is not None)
        elif account is None:
            yield unknown_mailbox_card()
        else:
            yield disconnect_card([account], "")


def _newly_connected(before: Sequence[Account], now: Sequence[Account]) -> list[Account]:
    """Mailboxes that work now and did not then."""
    worked = {account.id for account in before if account.state is AccountState.CONNECTED}
    return [one for one in now if one.id not in worked and one.state is AccountState.CONNECTED]
