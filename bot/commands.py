"""Answers to commands: a card for whatever people type."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.blocks import Card
from bot.cards import (
    cannot_connect_card,
    connect_card,
    disconnect_card,
    not_connected_card,
    refusal_card,
    trouble_card,
)
from bot.cards.drafts import cannot_send_card
from bot.cards.help import HELP, help_card
from bot.drafts import Drafts
from bot.follow_up import FollowUp
from bot.grammar import HELP_TOPICS, Ask, Connect, Disconnect, Help, Unknown, read_command
from bot.grammar_of_reminders import NoReminder, Remind, Stop
from bot.grammar_of_sending import SendDraft, ShowDrafts, ShowWaiting, Track
from bot.lists import Lists
from tracker.clock import Clock, utc_now
from tracker.model import Profile
from tracker.ports import AccountBook
from tracker.reporting import Reporting


class Invitations(Protocol):
    """Where mailboxes are connected; `Connecting` is it."""

    def invitation(self, team: str, user: str, profile: Profile) -> str:
        """The address at which this person can connect one, for a short while."""


Answers = Callable[[str, str, Any], Awaitable[Card]]  # team, user and what was read


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
        lists: Lists | None = None,
        others: Mapping[type, Answers] | None = None,
    ) -> None:
        self._accounts = accounts
        self._invitations = invitations
        self._drafts = drafts
        self._follow_up = follow_up
        self._lists = lists or Lists(accounts, reporting, clock)
        self._others = others or {}

    @property
    def presses(self) -> Mapping[str, Callable[[str, str, str], Awaitable[Card]]]:
        """What answers the buttons under help, by their `action_id`."""
        return dict.fromkeys((HELP + topic for topic in ("first", *HELP_TOPICS)), self._help)

    async def _help(self, team: str, user: str, topic: str) -> Card:
        return replace(help_card(topic), replaces=True)

    async def answer(self, team: str, user: str, text: str) -> Card:
        """The answer to /opens with this text."""
        match read_command(text):
            case Help(topic):
                return help_card(topic)
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
                return await self._lists.told(accounts, team, user, ask) if accounts else self._not_connected(user)
            case asked:
                other = self._others.get(type(asked))
                return await other(team, user, asked) if other else trouble_card()

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
