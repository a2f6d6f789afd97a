"""Shortcuts: a form to send a tracked mail from anywhere in Slack, from a Gmail draft or written there."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.blocks import Card
from bot.cards.drafts import cannot_send_card
from bot.cards.forms import Asked, pick_form, write_form
from bot.cards.guidance import not_connected_card
from bot.cards.reasons import FORM_ASLEEP, FORM_ONLY_SENDING, FORM_PAST, FORM_WITHDRAWN
from bot.offers import Offered
from bot.ordered import Ordered
from bot.ports import Names, NoAnswer, NobodyThere, NotAllowed, NotReached, TooFast
from bot.quoted import people_in, words_in
from bot.surfaces import Modal, card_modal
from tracker.clock import Clock
from tracker.letters import Letter, problems_of
from tracker.mailbox import NotGranted
from tracker.model import Account
from tracker.picking import Picking
from tracker.ports import AccountBook, NotAuthorized, Refused, TryLater
from tracker.wishes import PreferenceBook, SendOrder
from tracker.writing import Manner, Writing

_SHOWN = 50  # drafts to choose from
_MOST_MAILBOXES = 8
_MOST_NAMES = 5  # people in a message whom Slack is asked about
_NAMES_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks, and the name of the window in which they do: what is handed in from one window is one mail."""

    team: str
    user: str
    window: str = ""
    memory: str = ""


class Shortcuts:
    """Speaks to one person about their own mailboxes only."""

    def __init__(
        self,
        accounts: AccountBook,
        preferences: PreferenceBook,
        picking: Picking,
        writing: Writing,
        ordered: Ordered,
        names: Names,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._preferences = preferences
        self._picking = picking
        self._writing = writing
        self._ordered = ordered
        self._names = names
        self._clock = clock

    async def pick(self, sender: Sender) -> AsyncIterator[Modal]:
        """The form with Gmail's drafts."""
        accounts = await self._accounts.of_slack_user(sender.team, sender.user)
        if not accounts:
            yield _not_connected(sender)
            return
        shelves = await self._picking.shelves(accounts[:_MOST_MAILBOXES], _SHOWN)
        yield pick_form(shelves, await self._preferences.of(accounts[0].id), sender.memory)

    async def write(self, sender: Sender, asked: Asked) -> AsyncIterator[Modal]:
        """The form for a short mail."""
        accounts = await self._accounts.of_slack_user(sender.team, sender.user)
        if accounts:
            yield await self._form(accounts, asked, "", sender)
        else:
            yield _not_connected(sender)

    async def quote(self, sender: Sender, text: str) -> AsyncIterator[Modal]:
        """The form for a short mail, with a Slack message's words in it."""
        names = await self._names_in(sender.team, text)
        letter = Letter("", "", words_in(text, names))
        async for modal in self.write(sender, Asked(letter)):
            yield modal

    def problems(self, asked: Asked, *, written: bool) -> Mapping[str, str]:
        """What is to be put right before it can be handed in, by the name of its field."""
        found = dict(problems_of(asked.letter)) if written else {}
        if asked.at and asked.at <= self._clock().timestamp():
            found["at"] = FORM_PAST
        return found

    async def picked(self, sender: Sender, asked: Asked) -> AsyncIterator[Modal]:
        """The chosen draft is on its way; then what becomes of it."""
        offered = Offered(
            asked.account_id,
            asked.draft_id,
            asked.draft_subject,
            asked.draft_to,
            links="links" in asked.options,
            each="each" in asked.options,
            at=asked.at,
            documents="documents" in asked.options,
        )
        async for card in self._ordered.send(sender.team, sender.user, offered.value):
            yield card_modal(card, sender.memory)

    async def written(self, sender: Sender, asked: Asked) -> AsyncIterator[Modal]:
        """The letter is on its way, or the form again with why it is not; then what becomes of it."""
        accounts = await self._accounts.of_slack_user(sender.team, sender.user)
        account = next((one for one in accounts if asked.account_id in ("", one.id)), None)
        if account is None:
            yield _not_connected(sender)
            return
        order = await self._ordered_letter(account, asked, sender.window)
        if isinstance(order, str):
            yield await self._form(accounts, asked, order, sender)
            return
        letter = asked.letter
        to = ", ".join(one.address for one in letter.recipients)
        async for card in self._ordered.told(Offered.ordered(order, letter.subject, to), order):
            yield card_modal(card, sender.memory)

    async def _ordered_letter(self, account: Account, asked: Asked, window: str) -> SendOrder | str:
        """The order; or why there is none, in words."""
        at = datetime.fromtimestamp(asked.at, UTC) if asked.at else None
        manner = Manner(links="links" in asked.options, per_recipient="each" in asked.options, at=at)
        try:
            return await self._writing.send(account, asked.letter, manner, window)
        except NotGranted:
            return FORM_ONLY_SENDING
        except Refused as refusal:
            return str(refusal)
        except TryLater:
            return FORM_ASLEEP
        except NotAuthorized:
            return FORM_WITHDRAWN

    async def _form(self, accounts: Sequence[Account], asked: Asked, problem: str, sender: Sender) -> Modal:
        preferences = await self._preferences.of(asked.account_id or accounts[0].id)
        if problem:  # what they ticked, not what they tick as a rule
            chosen = asked.options
            preferences = replace(preferences, links="links" in chosen, per_recipient="each" in chosen)
        return write_form(accounts, preferences, asked, problem, sender.memory)

    async def _names_in(self, team: str, text: str) -> Mapping[str, str]:
        """The names of the first few people mentioned, as far as Slack tells them in time."""
        names: dict[str, str] = {}
        with suppress(NotReached, NoAnswer, TooFast, NotAllowed, NobodyThere, TimeoutError):
            async with asyncio.timeout(_NAMES_SECONDS):
                for user in people_in(text)[:_MOST_NAMES]:
                    names[user] = await self._names.name_of(team, user)
        return names


async def nothing_to_send_with() -> AsyncIterator[Modal]:
    """Where Google is not set up."""
    yield card_modal(cannot_send_card())


def _not_connected(sender: Sender) -> Modal:
    card: Card = not_connected_card(sender.user, by_command=True)
    return card_modal(card, sender.memory)
