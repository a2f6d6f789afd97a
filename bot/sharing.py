"""Sharing: one message's state, shown where its sender says, and nowhere else."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from bot.blocks import Card, when
from bot.cards import gone_card, not_connected_card
from bot.cards.noise import slack_asleep_card
from bot.cards.sharing import (
    share_in_doubt_card,
    share_refused_card,
    share_where_card,
    shared_card,
    was_shared_card,
)
from bot.ports import CardRefused, NoAnswer, NobodyThere, NotAllowed, NotReached, TooFast
from tracker.clock import Clock, utc_now
from tracker.ports import AccountBook, MessageBook, Report


class Poster(Protocol):
    async def channel_in(self, channel: str, team: str = "") -> str:
        """A channel of a workspace, from now on to be spoken in. Raises NotInstalled, NotReached."""

    async def post(self, channel: str, card: Card, mark: str) -> str:
        """Say something there. Raises NobodyThere, CardRefused, NotReached, NoAnswer, TooFast and NotAllowed."""


class Sharing:
    """Shares for one person their own messages only; of somebody else's it says the same as of none."""

    def __init__(
        self,
        accounts: AccountBook,
        messages: MessageBook,
        poster: Poster,
        clock: Clock = utc_now,
        *,
        connect_by_command: bool = False,
    ) -> None:
        self._connect_by_command = connect_by_command
        self._accounts = accounts
        self._messages = messages
        self._poster = poster
        self._clock = clock

    @property
    def presses(self) -> Mapping[str, Callable[[str, str, str], Awaitable[Card]]]:
        return {"share": self.where, "share_to": self.share}

    async def where(self, team: str, user: str, value: str) -> Card:
        """Ask where a message is to be shown."""
        report = await self._own(team, user, value)
        return report if isinstance(report, Card) else share_where_card(report)

    async def share(self, team: str, user: str, value: str) -> Card:
        """Show it in the chosen channel; `value` is the channel and the name of the menu it was chosen from."""
        channel, _, menu = value.partition(" ")
        report = await self._own(team, user, menu.removeprefix("share:"))
        if isinstance(report, Card):
            return report
        try:
            await self._poster.channel_in(channel, team)
            await self._poster.post(
                channel, shared_card(report, user, when(self._clock())), f"share:{report.message.id}:{channel}"
            )
        except (NobodyThere, NotAllowed):
            return share_refused_card()
        except (NotReached, TooFast, CardRefused):
            return slack_asleep_card()
        except NoAnswer:
            return share_in_doubt_card(channel)
        return was_shared_card(channel)

    async def _own(self, team: str, user: str, message_id: str) -> Report | Card:
        accounts = await self._accounts.of_slack_user(team, user)
        if not accounts:
            return not_connected_card(user, by_command=self._connect_by_command)
        report = await self._messages.report(message_id)
        return report if report and report.account.id in {one.id for one in accounts} else gone_card()
