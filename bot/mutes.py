"""Muting: what people are answered who do not want to be told of something, or want to again."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.blocks import Card
from bot.cards import empty_card, gone_card, not_connected_card
from bot.cards.mutes import (
    Muted,
    domains_of,
    mute_choices_card,
    muted_card,
    mutes_card,
    no_mute_time_card,
    people_of,
    unmuted_card,
)
from bot.cards.reasons import NOT_MUTED, WHICH_MUTE
from bot.cards.reminders import which_card
from bot.grammar_of_noise import MuteWish, Target, UnmuteWish
from bot.times import NoTime, moment_of
from bot.zones import Known
from tracker.clock import Clock, new_id
from tracker.model import Account
from tracker.noise import Mute, MuteKind, NoiseBook
from tracker.ports import AccountBook, MessageBook, Report
from tracker.questions import Question, QuestionKind

Pressed = Callable[[str, str, str], Awaitable[Card]]

_SHOWN = 10
_A_DAY = timedelta(days=1)


class Mutes:
    """Speaks to one person about their own mailboxes only; a mute of people or of everything is for all of them."""

    def __init__(
        self,
        book: NoiseBook,
        accounts: AccountBook,
        messages: MessageBook,
        clock: Clock,
        *,
        connect_by_command: bool = False,
    ) -> None:
        self._connect_by_command = connect_by_command
        self._book = book
        self._accounts = accounts
        self._messages = messages
        self._clock = clock

    @property
    def presses(self) -> Mapping[str, Pressed]:
        return {"mute": self.choices, "mute_it": _in_its_place(self.choose), "unmute": _in_its_place(self.take_back)}

    async def answer(self, accounts: Sequence[Account], known: Known, wish: MuteWish | UnmuteWish) -> Card:
        if wish.target is None:
            return mutes_card(await self._all(accounts))
        if isinstance(wish, UnmuteWish):
            return await self._unmute(accounts, wish.target)
        return await self._mute(accounts, known, wish.target, wish)

    async def choices(self, team: str, user: str, value: str) -> Card:
        """What can be muted about the message of a card."""
        report = await self._own(team, user, value)
        return report if isinstance(report, Card) else mute_choices_card(report)

    async def choose(self, team: str, user: str, value: str) -> Card:
        """Mute what was chosen: its kind, a number, and the message that it is about."""
        kind, _, rest = value.partition(":")
        number, _, message_id = rest.partition(":")
        report = await self._own(team, user, message_id)
        if isinstance(report, Card):
            return report
        what = _chosen(report, kind, number)
        if what is None:
            return gone_card()
        accounts = await self._accounts.of_slack_user(team, user)
        chosen = [report.account] if what[0] is MuteKind.MESSAGE else accounts
        return await self._kept(chosen, *what, _A_DAY if what[0] is MuteKind.ALL else None)

    async def take_back(self, team: str, user: str, value: str) -> Card:
        """Tell again of what was muted, in all mailboxes of the person."""
        accounts = await self._accounts.of_slack_user(team, user)
        if not accounts:
            return not_connected_card(user, by_command=self._connect_by_command)
        mutes = await self._book.mutes([account.id for account in accounts], self._clock())
        found = next((mute for mute in mutes if mute.id == value), None)
        if found is None:
            return mutes_card(await self._all(accounts))
        return await self._taken_back(accounts, await self._named(found))

    async def _own(self, team: str, user: str, message_id: str) -> Report | Card:
        """A message of the person who asks; of somebody else's the same is said as of none."""
        accounts = await self._accounts.of_slack_user(team, user)
        if not accounts:
            return not_connected_card(user, by_command=self._connect_by_command)
        report = await self._messages.report(message_id)
        return report if report and report.account.id in {one.id for one in accounts} else gone_card()

    async def _mute(self, accounts: Sequence[Account], known: Known, target: Target, wish: MuteWish) -> Card:
        span = wish.span
        if wish.until:
            now = self._clock()
            moment = moment_of(wish.until, now, known.zone)
            if isinstance(moment, NoTime):
                return no_mute_time_card(moment.why)
            span = moment - now
        if target.kind is not MuteKind.MESSAGE:
            return await self._kept(accounts, target.kind, target.what, span)
        found = await self._messages.search([one.id for one in accounts], target.words, _SHOWN + 1)
        if not found:
            return empty_card(Question(QuestionKind.MATCHING, target.words), accounts[0].email)
        if len(found) > 1:
            return which_card(" ".join(target.words), found, "Mute", "mute_it", "message:0:")
        return await self._kept([found[0].account], MuteKind.MESSAGE, found[0].message.id, span)

    async def _kept(self, accounts: Sequence[Account], kind: MuteKind, what: str, span: timedelta | None) -> Card:
        now = self._clock()
        mutes = [Mute(new_id(), one.id, kind, what, now, now + span if span else None) for one in accounts]
        kept = [mute for mute in mutes if await self._book.mute(mute)]
        return muted_card(await self._named(kept[0])) if kept else gone_card()

    async def _unmute(self, accounts: Sequence[Account], target: Target) -> Card:
        mutes = await self._all(accounts)
        found = [one for one in mutes if _means(target, one)]
        if len(found) != 1:
            title = WHICH_MUTE if found else NOT_MUTED
            return mutes_card(found or mutes, title if found or not mutes else f"{title} What is")
        return await self._taken_back(accounts, found[0])

    async def _taken_back(self, accounts: Sequence[Account], muted: Muted) -> Card:
        ids = [account.id for account in accounts]
        for mute in await self._book.mutes(ids, self._clock()):
            if (mute.kind, mute.what) == (muted.mute.kind, muted.mute.what):
                await self._book.unmute(ids, mute.id)
        return unmuted_card(muted, len(await self._all(accounts)))

    async def _all(self, accounts: Sequence[Account]) -> list[Muted]:
        """What a person has muted, each once however many mailboxes it is muted in."""
        mutes = await self._book.mutes([account.id for account in accounts], self._clock())
        once = {(mute.kind, mute.what): mute for mute in reversed(mutes)}
        return [await self._named(mute) for mute in reversed(once.values())]

    async def _named(self, mute: Mute) -> Muted:
        is_message = mute.kind is MuteKind.MESSAGE
        return Muted(mute, await self._messages.report(mute.what) if is_message else None)


def _in_its_place(press: Pressed) -> Pressed:
    """What is answered takes the place of the card that was pressed, which only one person saw."""

    async def pressed(team: str, user: str, value: str) -> Card:
        return replace(await press(team, user, value), replaces=True)

    return pressed


def _chosen(report: Report, kind: str, number: str) -> tuple[MuteKind, str] | None:
    """What a button under a message means; None for one that is not ours, or of an older message."""
    people = [one.address.lower() for one in people_of(report)]
    offered = {"recipient": people, "domain": domains_of(report), "message": [report.message.id], "all": ["", ""]}
    names = offered.get(kind, [])
    return (MuteKind(kind), names[int(number)]) if number.isdecimal() and int(number) < len(names) else None


def _means(target: Target, muted: Muted) -> bool:
    if target.kind is not MuteKind.MESSAGE:
        return (target.kind, target.what) == (muted.mute.kind, muted.mute.what)
    about = f"{muted.report.message.subject if muted.report else ''} {muted.mute.what}".lower()
    return all(word.lower() in about for word in target.words)
