"""Noise: what people are answered who say how they want to be told."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from bot.blocks import Card
from bot.cards import gone_card, not_connected_card
from bot.cards.noise import (
    channel_announced_card,
    channel_card,
    digest_set_card,
    no_channel_card,
    no_channels_card,
    not_invited_card,
    quiet_card,
    repeats_card,
    slack_asleep_card,
)
from bot.grammar_of_noise import (
    ChannelWish,
    DigestWish,
    MuteWish,
    NoiseWish,
    QuietWish,
    RepeatsWish,
    UnmuteWish,
    read_noise,
)
from bot.mutes import Mutes
from bot.ports import CardRefused, Channel, NoAnswer, NobodyThere, NotAllowed, NotReached, TooFast
from bot.zones import Known, KnownZones
from tracker.clock import Clock, utc_now
from tracker.model import Account
from tracker.noise import Noise, NoiseBook, person_of
from tracker.ports import AccountBook, MessageBook


class Channels(Protocol):
    """Where news may go instead. All may raise NotReached, NoAnswer, TooFast, NotAllowed and NotInstalled."""

    async def channels_of(self, user: str, team: str = "") -> Sequence[Channel]:
        """The channels that this person is in, as far as we see them."""

    async def channel_in(self, channel: str, team: str = "") -> str:
        """A channel of a workspace, from now on to be spoken in."""

    async def post(self, channel: str, card: Card, mark: str) -> str:
        """Say something there. Raises NobodyThere, CardRefused."""


class NoiseDesk:
    """Speaks to one person about their own mailboxes only; what they say holds for all of them."""

    def __init__(
        self,
        book: NoiseBook,
        accounts: AccountBook,
        messages: MessageBook,
        zones: KnownZones,
        channels: Channels,
        clock: Clock = utc_now,
        *,
        connect_by_command: bool = False,
    ) -> None:
        self._book = book
        self._accounts = accounts
        self._zones = zones
        self._channels = channels
        self._clock = clock
        self._connect_by_command = connect_by_command
        self._mutes = Mutes(book, accounts, messages, clock, connect_by_command=connect_by_command)

    @property
    def presses(self) -> Mapping[str, Callable[[str, str, str], Awaitable[Card]]]:
        """What answers which button, by its `action_id`."""
        return {**self._mutes.presses, "noise": self.press}

    async def press(self, team: str, user: str, value: str) -> Card:
        """A button whose value is what could be typed."""
        name, _, rest = value.partition(" ")
        wish = read_noise(name, rest)
        return gone_card() if wish is None or isinstance(wish, str) else await self.answer(team, user, wish)

    async def answer(self, team: str, user: str, wish: NoiseWish) -> Card:
        """The answer to a typed wish."""
        accounts = await self._accounts.of_slack_user(team, user)
        if not accounts:
            return not_connected_card(user, by_command=self._connect_by_command)
        match wish:
            case MuteWish() | UnmuteWish():
                return await self._mutes.answer(accounts, await self._zones.of(user, team), wish)
            case QuietWish():
                return await self._quiet(accounts, await self._zones.of(user, team), wish)
            case DigestWish():
                return await self._digest(accounts, await self._zones.of(user, team), wish)
            case RepeatsWish(on):
                changed = await self._changed(
                    accounts, lambda noise: replace(noise, repeats=noise.repeats if on is None else on)
                )
                return repeats_card(changed)
            case ChannelWish():
                return await self._channel(accounts, (team, user), wish)

    async def _quiet(self, accounts: Sequence[Account], known: Known, wish: QuietWish) -> Card:
        if wish == QuietWish():
            return quiet_card(await self._book.of(accounts[0].id), known)
        noise = await self._changed(accounts, lambda noise: _quietened(noise, wish))
        for person in {person_of(account) for account in accounts}:
            await self._book.release(person)  # whoever looks at it next decides by the new hours
        return quiet_card(noise, known)

    async def _digest(self, accounts: Sequence[Account], known: Known, wish: DigestWish) -> Card:
        if wish.every is None:
            return digest_set_card(await self._book.of(accounts[0].id), known)
        every, at, now = wish.every, wish.at, self._clock()
        noise = await self._changed(
            accounts, lambda one: replace(one, digest=every, digest_at=at or one.digest_at, digest_set_at=now)
        )
        return digest_set_card(noise, known)

    async def _channel(self, accounts: Sequence[Account], who: tuple[str, str], wish: ChannelWish) -> Card:
        if wish.off:
            return channel_card(await self._changed(accounts, _told_alone))
        if not wish.name:
            return channel_card(await self._book.of(accounts[0].id))
        try:
            return await self._routed(accounts, *who, wish)
        except NotAllowed as refused:
            return no_channels_card(str(refused))
        except NobodyThere:
            return not_invited_card(wish.name)
        except (NotReached, NoAnswer, TooFast, CardRefused):
            return slack_asleep_card()

    async def _routed(self, accounts: Sequence[Account], team: str, user: str, wish: ChannelWish) -> Card:
        """Only to a channel that the person is in; that we are in it shows by our saying so there."""
        there = {channel.name: channel.id for channel in await self._channels.channels_of(user, team)}
        if wish.name not in there:
            return no_channel_card(wish.name)
        where = Noise(accounts[0].id, channel=there[wish.name], channel_name=wish.name, hide=wish.hide)
        await self._channels.channel_in(where.channel, team)
        await self._channels.post(where.channel, channel_announced_card(user, where), f"channel:{where.channel}")
        return channel_card(
            await self._changed(
                accounts,
                lambda noise: replace(noise, channel=where.channel, channel_name=where.channel_name, hide=where.hide),
            )
        )

    async def _changed(self, accounts: Sequence[Account], change: Callable[[Noise], Noise]) -> Noise:
        """Change what is wanted in every mailbox; how it stands now."""
        changed = [change(await self._book.of(account.id)) for account in accounts]
        for noise in changed:
            await self._book.keep(noise)
        return changed[0]


def _quietened(noise: Noise, wish: QuietWish) -> Noise:
    if wish.weekends:
        return replace(noise, quiet_weekends=not wish.off)
    return replace(noise, quiet=wish.hours, quiet_weekends=noise.quiet_weekends and not wish.off)


def _told_alone(noise: Noise) -> Noise:
    return replace(noise, channel="", channel_name="", hide=False)
