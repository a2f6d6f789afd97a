"""Answers to commands: a card for whatever people type."""

from collections.abc import Sequence

from bot.blocks import Card
from bot.cards import (
    empty_card,
    help_card,
    list_card,
    not_connected_card,
    not_yet_card,
    refusal_card,
    timeline_card,
)
from bot.grammar import Ask, Help, NotYet, Unknown, read_command
from tracker.clock import Clock, utc_now
from tracker.model import Account
from tracker.ports import AccountBook
from tracker.reporting import Reporting


class Commands:
    """Speaks to one person about their own messages only."""

    def __init__(self, accounts: AccountBook, reporting: Reporting, clock: Clock = utc_now) -> None:
        self._accounts = accounts
        self._reporting = reporting
        self._clock = clock

    async def answer(self, team: str, user: str, text: str) -> Card:
        """The answer to /opens with this text."""
        match read_command(text):
            case Help():
                return help_card()
            case NotYet(command, search):
                return not_yet_card(command, search)
            case Unknown(said, example):
                return refusal_card(said, example)
            case Ask() as ask:
                accounts = await self._accounts.of_slack_user(team, user)
                return await self._told(accounts, ask) if accounts else not_connected_card(user)

    async def _told(self, accounts: Sequence[Account], ask: Ask) -> Card:
        answer = await self._reporting.answer(accounts, ask.question, self._clock())
        if answer.story is not None:
            return timeline_card(answer.story)
        if answer.reports:
            return list_card(answer)
        if ask.nearest:
            return refusal_card(" ".join(ask.question.words), ask.nearest)
        return empty_card(ask.question, accounts[0].email)
