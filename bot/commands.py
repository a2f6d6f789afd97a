"""Answers to commands: a card for whatever people type."""

from collections.abc import Sequence
from typing import Protocol

from bot.blocks import Card
from bot.cards import (
    cannot_connect_card,
    connect_card,
    disconnect_card,
    empty_card,
    help_card,
    list_card,
    not_connected_card,
    not_yet_card,
    refusal_card,
    timeline_card,
    trouble_card,
)
from bot.cards.drafts import cannot_send_card
from bot.drafts import Drafts
from bot.follow_up import FollowUp
from bot.grammar import Ask, Connect, Disconnect, Help, NotYet, Unknown, read_command
from bot.grammar_of_reminders import NoReminder, Remind, Stop
from bot.grammar_of_sending import SendDraft, ShowDrafts, ShowWaiting, Track
from tracker.clock import Clock, utc_now
from tracker.model import Account, Profile
from tracker.ports import AccountBook
from tracker.reporting import Reporting


class Invitations(Protocol):
    """Where mailboxes are connected; `Connecting` is it."""

    def invitation(self, team: str, user: str, profile: Profile) -> str:
        """The address at which this person can connect one, for a short while."""


class Commands:
    """Speaks to one person about their own messages only."""

    def __init__(
        self,
        accounts: AccountBook,
        reporting: Reporting,
        clock: Clock = utc_now,
        invitations: Invitations | None = None,
        drafts: Drafts | None = None,
        follow_up: FollowUp | None = None,
    ) -> None:
        self._accounts = accounts
        self._reporting = reporting
        self._clock = clock
        self._invitations = invitations
        self._drafts = drafts
        self._follow_up = follow_up

    async def answer(self, team: str, user: str, text: str) -> Card:
        """The answer to /opens with this text."""
        match read_command(text):
            case Help():
                return help_card()
            case NotYet(command, search):
                return not_yet_card(command, search)
            case Unknown(said, example):
                return refusal_card(said, example)
            case Connect(profile):
                return self._invited(team, user, Profile(profile))
            case ShowDrafts() | ShowWaiting() | SendDraft() | Track() as sending:
                return await self._drafts.answer(team, user, sending) if self._drafts else cannot_send_card()
            case Disconnect(email):
                return await self._disconnecting(team, user, email)
            case Remind() | NoReminder() | Stop() as wish:
                return await self._follow_up.answer(team, user, wish) if self._follow_up else trouble_card()
            case Ask() as ask:
                accounts = await self._accounts.of_slack_user(team, user)
                return await self._told(accounts, ask) if accounts else self._not_connected(user)

    def _invited(self, team: str, user: str, profile: Profile) -> Card:
        if self._invitations is None:
            return cannot_connect_card()
        return connect_card(self._invitations.invitation(team, user, profile), profile)

    async def _disconnecting(self, team: str, user: str, email: str) -> Card:
        if self._invitations is None:
            return cannot_connect_card()
        accounts = await self._accounts.of_slack_user(team, user)
        return disconnect_card(accounts, email) if accounts else self._not_connected(user)

    def _not_connected(self, user: str) -> Card:
        return not_connected_card(user, by_command=self._invitations is not None)

    async def _told(self, accounts: Sequence[Account], ask: Ask) -> Card:
        answer = await self._reporting.answer(accounts, ask.question, self._clock())
        if answer.story is not None:
            return timeline_card(answer.story)
        if answer.reports:
            return list_card(answer)
        if ask.nearest:
            return refusal_card(" ".join(ask.question.words), ask.nearest)
        return empty_card(ask.question, accounts[0].email, drafts=self._drafts is not None)
