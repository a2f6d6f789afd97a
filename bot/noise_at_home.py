"""How somebody wants to be told, changed in Home."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.blocks import Block
from bot.cards.noise_at_home import HUSH, OFF, noise_blocks
from bot.grammar_of_noise import QuietWish, read_noise
from bot.home import Change
from tracker.clock import Clock
from tracker.model import Account
from tracker.noise import DigestEvery, Noise, NoiseBook, person_of


class NoiseAtHome:
    """A family of `bot.home.Settings`."""

    def __init__(self, book: NoiseBook, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    async def blocks(self, accounts: Sequence[Account]) -> Sequence[Block]:
        mutes = await self._book.mutes([account.id for account in accounts], self._clock())
        once = {(mute.kind, mute.what) for mute in mutes}
        return list(noise_blocks([await self._book.of(account.id) for account in accounts], len(once)))

    @property
    def changes(self) -> Mapping[str, Change]:
        every = {"quiet": self._quiet, "weekends": self._weekends, "repeats": self._repeats, "digest": self._digest}
        return {HUSH + name: change for name, change in every.items()}

    async def _quiet(self, accounts: Sequence[Account], value: str) -> None:
        """Hours as they could be typed; anything else is somebody's invention."""
        wish = read_noise("quiet", value)
        if value == OFF:
            await self._hushed(accounts, lambda noise: replace(noise, quiet=None))
        elif isinstance(wish, QuietWish) and wish.hours:
            hours = wish.hours
            await self._hushed(accounts, lambda noise: replace(noise, quiet=hours))

    async def _weekends(self, accounts: Sequence[Account], value: str) -> None:
        await self._hushed(accounts, lambda noise: replace(noise, quiet_weekends=value == "on"))

    async def _repeats(self, accounts: Sequence[Account], value: str) -> None:
        await self._changed(accounts, lambda noise: replace(noise, repeats=value == "on"))

    async def _digest(self, accounts: Sequence[Account], value: str) -> None:
        if value in list(DigestEvery):
            every, now = DigestEvery(value), self._clock()
            await self._changed(accounts, lambda noise: replace(noise, digest=every, digest_set_at=now))

    async def _hushed(self, accounts: Sequence[Account], change: Callable[[Noise], Noise]) -> None:
        await self._changed(accounts, change)
        for person in {person_of(account) for account in accounts}:
            await self._book.release(person)  # whoever looks at it next decides by the new hours

    async def _changed(self, accounts: Sequence[Account], change: Callable[[Noise], Noise]) -> None:
        for account in accounts:
            await self._book.keep(change(await self._book.of(account.id)))
