"""Sharing: one message's state, shown where its sender says, and nowhere else, until they say otherwise."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from bot.blocks import Card, when
from bot.cards import empty_card, gone_card, not_connected_card
from bot.cards.noise import no_channels_card, slack_asleep_card
from bot.cards.reminders import which_card
from bot.cards.sharing import (
    not_in_channel_card,
    share_in_doubt_card,
    share_over_card,
    share_refused_card,
    share_where_card,
    shared_card,
    shares_card,
    stopped_card,
    was_shared_card,
)
from bot.grammar_of_sharing import ShareWish
from bot.ports import CardRefused, Channel, NoAnswer, NobodyThere, NotAllowed, NotReached, TooFast
from tracker.clock import Clock, new_id, utc_now
from tracker.model import Account
from tracker.ports import AccountBook, MessageBook, Report
from tracker.questions import Question, QuestionKind
from tracker.shares import Share, ShareBook

_MOST_FOUND = 8


class Poster(Protocol):
    async def channels_of(self, user: str, team: str = "") -> Sequence[Channel]:
        """The channels that this person is in, as far as we see them. Raises as `post` does."""

    async def channel_in(self, channel: str, team: str = "") -> str:
        """A channel of a workspace, from now on to be spoken in. Raises NotInstalled, NotReached."""

    async def post(self, channel: str, card: Card, mark: str) -> str:
        """Say something there. Raises NobodyThere, CardRefused, NotReached, NoAnswer, TooFast and NotAllowed."""


class Sharing:
    """Shares for one person their own messages only; of somebody else's it says the same as of none."""

    def __init__(
        self,
        book: ShareBook,
        accounts: AccountBook,
        messages: MessageBook,
        poster: Poster,
        clock: Clock = utc_now,
        *,
        connect_by_command: bool = False,
    ) -> None:
        self._book = book
        self._connect_by_command = connect_by_command
        self._accounts = accounts
        self._messages = messages
        self._poster = poster
        self._clock = clock

    @property
    def presses(self) -> Mapping[str, Callable[[str, str, str], Awaitable[Card]]]:
        return {"share": self.where, "share_to": self.share, "unshare": self.stop}

    async def answer(self, team: str, user: str, wish: ShareWish) -> Card:
        """The answer to what was typed."""
        accounts = await self._accounts.of_slack_user(team, user)
        if not accounts:
            return not_connected_card(user, by_command=self._connect_by_command)
        if not wish.words:
            return await self._shares(accounts)
        found = await self._messages.search([one.id for one in accounts], wish.words, _MOST_FOUND)
        if not found:
            return empty_card(Question(QuestionKind.MATCHING, wish.words), accounts[0].email)
        if len(found) > 1:
            return which_card(" ".join(wish.words), found, "Share…", "share")
        return await self._typed(team, user, wish, found[0])

    async def where(self, team: str, user: str, value: str) -> Card:
        """Ask where a message is to be shown."""
        report = await self._own(team, user, value)
        return report if isinstance(report, Card) else share_where_card(report)

    async def share(self, team: str, user: str, value: str) -> Card:
        """Show it in the chosen channel; `value` is the channel and the name of the menu it was chosen from."""
        channel, _, menu = value.partition(" ")
        how, _, message_id = menu.partition(":")
        report = await self._own(team, user, message_id)
        return report if isinstance(report, Card) else await self._shared(report, team, user, channel, how == "hide")

    async def stop(self, team: str, user: str, value: str) -> Card:
        """Show it no more: the worker takes the card down, however long Slack is away."""
        accounts = await self._accounts.of_slack_user(team, user)
        share = await self._book.stop([one.id for one in accounts], value)
        return stopped_card(share) if share else share_over_card()

    async def _shares(self, accounts: Sequence[Account]) -> Card:
        shares = await self._book.of([one.id for one in accounts])
        told = [(share, await self._messages.report(share.message_id)) for share in shares]
        return shares_card([(share, report) for share, report in told if report])

    async def _typed(self, team: str, user: str, wish: ShareWish, report: Report) -> Card:
        """Only to a channel that the person is in: a name alone would show it in rooms that they cannot see."""
        try:
            there = {channel.name: channel.id for channel in await self._poster.channels_of(user, team)}
        except (NotReached, NoAnswer, TooFast):
            return slack_asleep_card()
        except NotAllowed as refused:
            return no_channels_card(str(refused))
        if wish.channel not in there:
            return not_in_channel_card(wish.channel)
        return await self._shared(report, team, user, there[wish.channel], wish.hide)

    async def _shared(self, report: Report, team: str, user: str, channel: str, hide: bool) -> Card:
        now, message = self._clock(), report.message
        wanted = Share(new_id(), message.account_id, message.id, team, user, channel, now, hide)
        share = await self._book.begin(wanted)
        if share.stopped:
            return slack_asleep_card()  # its card is about to be taken down
        if share.ts:
            return was_shared_card(share, before=True)
        try:
            await self._poster.channel_in(channel, team)
            card = shared_card(report, share, when(now))
            ts = await self._poster.post(channel, card, f"share:{message.id}:{channel}")
        except (NobodyThere, NotAllowed, NotReached, TooFast, CardRefused, NoAnswer) as failed:
            await self._book.end(share.id)
            return _not_shared(failed, channel)
        await self._book.posted(share.id, ts, now)
        return was_shared_card(share)

    async def _own(self, team: str, user: str, message_id: str) -> Report | Card:
        accounts = await self._accounts.of_slack_user(team, user)
        if not accounts:
            return not_connected_card(user, by_command=self._connect_by_command)
        report = await self._messages.report(message_id)
        return report if report and report.account.id in {one.id for one in accounts} else gone_card()


def _not_shared(failed: Exception, channel: str) -> Card:
    if isinstance(failed, NobodyThere | NotAllowed):
        return share_refused_card()
    return share_in_doubt_card(channel) if isinstance(failed, NoAnswer) else slack_asleep_card()
