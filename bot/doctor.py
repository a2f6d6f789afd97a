"""The doctor: whether everything works, as far as it concerns one person."""

from collections.abc import Sequence
from typing import Protocol

from bot.blocks import Card
from bot.cards.doctor import doctor_card, whom_to_ask
from bot.grammar_of_account import AskDoctor
from tracker.checkup import Finding
from tracker.model import Account
from tracker.ports import AccountBook


class Checks(Protocol):
    """Where the checks are made; `Checkup` makes them."""

    async def for_person(self, team: str, accounts: Sequence[Account]) -> list[Finding]:
        """What one person may know."""

    async def for_operator(self, team: str, accounts: Sequence[Account]) -> list[Finding]:
        """What an admin may know beside."""


class Doctor:
    """Speaks to one person about their own mailboxes, to an admin about the machine, too; without secrets."""

    def __init__(self, accounts: AccountBook, checks: Checks, admins: Sequence[str] = ()) -> None:
        self._accounts = accounts
        self._checks = checks
        self._admins = tuple(admins)

    async def answer(self, team: str, user: str, _: AskDoctor) -> Card:
        accounts = await self._accounts.of_slack_user(team, user)
        if user in self._admins:
            return doctor_card(await self._checks.for_operator(team, accounts))
        return doctor_card(await self._checks.for_person(team, accounts), whom_to_ask(self._admins))
