"""What is kept about people's mail: all of it for them, and its end for a recipient."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.actions import Pressed
from bot.blocks import MAX_VALUE, Card
from bot.cards import not_connected_card
from bot.cards.rights import export_card, forget_card, forgotten_recipient_card, nothing_about_card
from bot.grammar_of_account import Export, Forget
from tracker.ports import AccountBook
from tracker.rights import Erased


class Exports(Protocol):
    """Where exports are fetched; `Exporting` gives them."""

    async def invitation(self, account_ids: Sequence[str]) -> str:
        """The address at which everything about these accounts can be fetched once, for a short while."""


class Erasures(Protocol):
    """Where recipients are erased; `Erasing` does it."""

    async def about(self, address: str, account_ids: Sequence[str] | None) -> Erased: ...

    async def erase(self, address: str, account_ids: Sequence[str] | None, by: str) -> Erased: ...


class Rights:
    """Speaks to one person about their own messages only, and erases in these only."""

    def __init__(
        self, accounts: AccountBook, exports: Exports, erasures: Erasures, *, connect_by_command: bool = False
    ) -> None:
        self._accounts = accounts
        self._exports = exports
        self._erasures = erasures
        self._connect_by_command = connect_by_command

    @property
    def presses(self) -> Mapping[str, Pressed]:
        """What answers which button, by its `action_id`."""
        return {"forget": self.forget}

    async def answer(self, team: str, user: str, asked: Export | Forget) -> Card:
        """The answer to such a command; nothing is erased before the press."""
        ids = await self._ids(team, user)
        if not ids:
            return self._not_connected(user)
        if isinstance(asked, Export):
            return export_card(await self._exports.invitation(ids), len(ids))
        there = await self._erasures.about(asked.address, ids)
        return nothing_about_card(asked.address) if there.nothing else forget_card(asked.address, there, asked.address)

    async def forget(self, team: str, user: str, value: str) -> Card:
        """Erase the recipient whose erasure was confirmed."""
        ids = await self._ids(team, user)
        if not ids:
            return self._not_connected(user)
        address = value[:MAX_VALUE]
        erased = await self._erasures.erase(address, ids, by=f"slack:{user}")
        return nothing_about_card(address) if erased.nothing else forgotten_recipient_card(address, erased)

    async def _ids(self, team: str, user: str) -> list[str]:
        return [account.id for account in await self._accounts.of_slack_user(team, user)]

    def _not_connected(self, user: str) -> Card:
        return not_connected_card(user, by_command=self._connect_by_command)
