"""What accounts' owners want by default, changed in Home."""

from collections.abc import Mapping, Sequence
from functools import partial

from bot.blocks import Block
from bot.cards.preferences import CHOICES, PREFER, SWITCHES, preference_blocks
from bot.home import Change
from tracker.model import Account
from tracker.wishes import PreferenceBook


class Preferring:
    """A family of `bot.home.Settings`."""

    def __init__(self, preferences: PreferenceBook) -> None:
        self._preferences = preferences

    async def blocks(self, accounts: Sequence[Account]) -> Sequence[Block]:
        return list(preference_blocks([await self._preferences.of(account.id) for account in accounts]))

    @property
    def changes(self) -> Mapping[str, Change]:
        switched = {PREFER + name: partial(self._switch, name) for name in SWITCHES}
        return {**switched, **{PREFER + name: partial(self._choose, name) for name in CHOICES}}

    async def _switch(self, name: str, accounts: Sequence[Account], value: str) -> None:
        for account in accounts:
            await self._preferences.change(account.id, name, value == "on")

    async def _choose(self, name: str, accounts: Sequence[Account], value: str) -> None:
        """A value that no menu of ours has is somebody's invention."""
        if value in map(str, CHOICES[name]):
            for account in accounts:
                await self._preferences.change(account.id, name, int(value))
