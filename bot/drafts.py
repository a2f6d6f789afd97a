"""Answers about drafts, waiting mails and tracking by default. Nothing goes out but by a press."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions import Pressed
from bot.blocks import Card
from bot.cards.drafts import SHOW, drafts_card, no_time_card, no_zone_card, offer_card, wanted_for
from bot.cards.guidance import not_connected_card
from bot.cards.ordered import tracking_card, waiting_card
from bot.cards.reasons import NO_NUMBERS, no_such_draft, no_such_number, several_drafts
from bot.grammar_of_sending import At, SendDraft, SendingCommand, ShowDrafts, ShowWaiting, Track
from bot.offers import Offered
from bot.ports import NoAnswer, NobodyThere, NotAllowed, NotReached, TooFast, Zones
from bot.times import NoTime, moment_of
from tracker.clock import Clock
from tracker.model import Account
from tracker.picking import Offer, Picking, Shelf
from tracker.ports import AccountBook, DraftLine
from tracker.wishes import PreferenceBook, Preferences, SendOrder

_SHOWN, _SHOWN_OF_SEVERAL = 10, 5
_MOST_MAILBOXES = 8
_LOOKED_THROUGH = 50  # drafts, latest first, among which words are looked for


class Drafts:
    """Speaks to one person about their own drafts only."""

    def __init__(
        self,
        accounts: AccountBook,
        picking: Picking,
        preferences: PreferenceBook,
        zones: Zones,
        clock: Clock,
        *,
        addon: bool,
    ) -> None:
        self._accounts = accounts
        self._picking = picking
        self._preferences = preferences
        self._zones = zones
        self._clock = clock
        self._addon = addon

    @property
    def presses(self) -> Mapping[str, Pressed]:
        """What answers which button, by its `action_id`."""
        return {SHOW: self.show}

    async def answer(self, team: str, user: str, command: SendingCommand) -> Card:
        """The answer to a command about drafts."""
        accounts = await self._accounts.of_slack_user(team, user)
        if not accounts:
            return not_connected_card(user, by_command=True)
        match command:
            case ShowDrafts():
                card = await self._list(accounts)
            case ShowWaiting():
                card = await self._waiting(accounts)
            case Track(on):
                card = await self._track(accounts, on)
            case SendDraft():
                card = await self._offer(team, user, accounts, command)
        return replace(card, replaces=False)  # a command has no card to be replaced

    async def show(self, team: str, user: str, value: str) -> Card:
        """The list, in place of the card under which it was asked for."""
        accounts = await self._accounts.of_slack_user(team, user)
        return await self._list(accounts) if accounts else not_connected_card(user, by_command=True)

    async def _list(self, accounts: Sequence[Account], note: str = "") -> Card:
        shelves = await self._shelves(accounts)
        return drafts_card(shelves, await self._wanted(shelves), note)

    async def _shelves(self, accounts: Sequence[Account]) -> Sequence[Shelf]:
        limit = _SHOWN if len(accounts) == 1 else _SHOWN_OF_SEVERAL
        return await self._picking.shelves(accounts[:_MOST_MAILBOXES], limit)

    async def _wanted(self, shelves: Sequence[Shelf]) -> Sequence[Preferences]:
        return [await self._preferences.of(shelf.account.id) for shelf in shelves]

    async def _offer(self, team: str, user: str, accounts: Sequence[Account], command: SendDraft) -> Card:
        at = await self._moment(team, user, command.at) if command.at else None
        if isinstance(at, Card):
            return at
        if command.number:
            return await self._numbered(accounts, command, at)
        return await self._named(accounts, command, at)

    async def _numbered(self, accounts: Sequence[Account], command: SendDraft, at: datetime | None) -> Card:
        shelves = await self._shelves(accounts)
        if any(shelf.trouble for shelf in shelves):
            # Counting through what is left would call another draft by this number.
            return drafts_card(shelves, await self._wanted(shelves), NO_NUMBERS)
        found = [(shelf, offer) for shelf in shelves for offer in shelf.offers][command.number - 1 : command.number]
        if not found:
            return await self._list(accounts, no_such_number(command.number))
        return await self._offered(*found[0], command, at, len(accounts) > 1)

    async def _named(self, accounts: Sequence[Account], command: SendDraft, at: datetime | None) -> Card:
        """The only draft with these words; the list of those that may be meant otherwise."""
        shelves = await self._picking.shelves(accounts[:_MOST_MAILBOXES], _LOOKED_THROUGH)
        meant = [replace(shelf, offers=_with_words(shelf.offers, command.words)) for shelf in shelves]
        found = [(shelf, offer) for shelf in meant for offer in shelf.offers]
        if not found:
            return await self._list(accounts, no_such_draft(command.words))
        if len(found) == 1:
            return await self._offered(*found[0], command, at, len(accounts) > 1)
        note = several_drafts(len(found), command.words)
        return drafts_card(meant, await self._wanted(meant), note, numbered=False)

    async def _offered(
        self, shelf: Shelf, offer: Offer, command: SendDraft, at: datetime | None, several: bool
    ) -> Card:
        wanted = await self._preferences.of(shelf.account.id)
        made = wanted_for(Offered.of(shelf.account.id, offer), wanted)
        made = replace(made, links=made.links or command.links, each=made.each or command.each)
        under_way = offer.order if offer.order and not offer.order.over else None
        offered = replace(made, at=int(at.timestamp()) if at else 0)
        return offer_card(offered, shelf.account, several, under_way)

    async def _moment(self, team: str, user: str, at: At) -> datetime | Card:
        try:
            zone = await self._zones.zone_of(user, team)
        except NotAllowed as refusal:
            return no_zone_card(str(refusal))
        except (NotReached, NoAnswer, TooFast, NobodyThere):
            return no_zone_card("")
        moment = moment_of(at, self._clock(), zone)
        return no_time_card(moment.why) if isinstance(moment, NoTime) else moment

    async def _waiting(self, accounts: Sequence[Account]) -> Card:
        orders = await self._picking.waiting(accounts)
        owners = {account.id: account for account in accounts}
        # Names are Gmail's to tell; what waits can be seen, and taken back, without it.
        asked = [owners[one] for one in dict.fromkeys(order.account_id for order in orders)]
        shelves = await self._picking.shelves(asked, _LOOKED_THROUGH)
        drafts = {offer.draft.id: offer.draft for shelf in shelves for offer in shelf.offers}
        lines = [(_named(order, drafts.get(order.draft_id or "")), order) for order in orders]
        mailboxes = [owners[order.account_id].email for order in orders] if len(accounts) > 1 else []
        return waiting_card(lines, mailboxes)

    async def _track(self, accounts: Sequence[Account], on: bool) -> Card:
        before = [await self._preferences.of(account.id) for account in accounts]
        for one in before:
            await self._preferences.keep(replace(one, track=on))
        return tracking_card(accounts, before, on, self._addon)


def _named(order: SendOrder, draft: DraftLine | None) -> Offered:
    """An order by its draft's name; what was written here has none, and was named when it was ordered."""
    if draft:
        return Offered.ordered(order, draft.subject, draft.to)
    return Offered.ordered(order, order.subject or "", order.recipient or "")


def _with_words(offers: Sequence[Offer], words: str) -> tuple[Offer, ...]:
    """Those whose subject contains the words as they stand; else those that have each of them, or are to them."""
    phrase = " ".join(words.casefold().split())
    exact = [one for one in offers if phrase in " ".join(one.draft.subject.casefold().split())]
    loose = [
        one for one in offers if all(w in f"{one.draft.subject} {one.draft.to}".casefold() for w in phrase.split())
    ]
    return tuple(exact or loose)
