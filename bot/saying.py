"""Saying: what a topic's card shows now, for whom, and whether it is worth a new message."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import Card
from bot.cards import (
    bounced_card,
    not_sent_card,
    open_card,
    passed_on_card,
    reconnect_card,
    reconnected_card,
    replied_card,
    worth_saying,
)
from bot.cards.crowd import crowd_card, importance
from bot.cards.reminders import reminder_card
from tracker.clock import Clock, utc_now
from tracker.following import Answer
from tracker.model import Account, AccountState, Alert, AlertKind, LeasedAlerts
from tracker.ports import AccountBook
from tracker.reminders import ReminderKind
from tracker.reporting import Story
from tracker.ringing import RINGING
from tracker.wishes import OrderState, SendOrder

Tell = Callable[[str], Awaitable[Story | None]]
OrderOf = Callable[[str], Awaitable[SendOrder | None]]
AnswersOf = Callable[[str], Awaitable[Sequence[Answer]]]
CrowdOf = Callable[[str], Awaitable[Sequence[Alert]]]


_REMINDERS = {AlertKind.NOT_OPENED: ReminderKind.UNOPENED, AlertKind.NOT_ANSWERED: ReminderKind.UNANSWERED}
_QUIET = (AlertKind.CORRECTED, AlertKind.AFTER_REPLY, AlertKind.LINE)
_BY_WEIGHT = (AlertKind.REPLIED, AlertKind.BOUNCED, *RINGING, AlertKind.FIRST_OPEN, AlertKind.OPEN_AGAIN)
_LOOKED_AT = 30  # mails of a crowd among which the ones to name are chosen


async def no_order(order_id: str) -> SendOrder | None:
    """For a relay beside which nothing is ordered."""
    return None


async def no_answers(copy_id: str) -> Sequence[Answer]:
    """For a relay beside which no mailbox is followed."""
    return ()


async def no_crowd(crowd_id: str) -> Sequence[Alert]:
    """For a relay beside which nothing is condensed."""
    return ()


@dataclass(frozen=True, slots=True)
class ToSay:
    """What a topic's card shows now, for whom, and whether it is worth a new message.

    `mark` names the message in Slack's metadata; `living` cards are edited,
    others are said anew each time. It is said in `channel`, or else to the user.
    With a `story`, the card has a thread that goes on telling it, and news of
    its own beside it. Under these, `mute` says whether there is a way to mute it.
    Where subjects are hidden the story is `behind`: it says what rings, and is told to nobody.
    In a channel where its card says less, `own` is how it looks to its owner alone; where only the card
    itself can say less, `discreet` is how.
    Of the alerts it is about only those `heard` may ring; None where nobody mutes.
    """

    user: str
    card: Card
    mark: str
    news: bool
    living: bool
    channel: str = ""
    story: Story | None = None
    mute: bool = False
    heard: tuple[Alert, ...] | None = None
    behind: Story | None = None
    own: Card | None = None
    discreet: Card | None = None


class Saying:
    """Draws a topic from what is known when it is said, not when it happened."""

    def __init__(
        self,
        accounts: AccountBook,
        tell: Tell,
        order_of: OrderOf = no_order,
        answers_of: AnswersOf = no_answers,
        *,
        connect_by_command: bool = False,
        clock: Clock = utc_now,
        crowd_of: CrowdOf = no_crowd,
        mute: bool = False,
    ) -> None:
        self._accounts = accounts
        self._tell = tell
        self._order_of = order_of
        self._answers_of = answers_of
        self._connect_by_command = connect_by_command
        self._clock = clock
        self._crowd_of = crowd_of
        self._mute = mute

    async def about(self, leased: LeasedAlerts) -> ToSay | None:
        """The topic's card as things stand now; None when there is nothing to show any more."""
        first = leased.alerts[0]
        if first.order_id:
            return await self._about_order(first.account_id, first.order_id, leased)
        if first.kind is AlertKind.CROWD:
            return await self._about_crowd(first, leased)
        if first.message_id is None:
            account = await self._accounts.by_id(first.account_id)
            return _about_account(account, leased, self._connect_by_command) if account else None
        story = await self._tell(first.message_id)
        if story is None:
            return None
        if first.kind in (AlertKind.REPLIED, AlertKind.BOUNCED):
            return _about_answers(story, await self._answers_of(first.copy_id or ""), leased)
        if first.kind in _REMINDERS:
            return _about_reminder(story, leased, self._clock())
        if first.kind is AlertKind.PASSED_ON:
            return _about_passing_on(story, leased)
        return _about_message(story, leased, mute=self._mute)

    async def _about_crowd(self, first: Alert, leased: LeasedAlerts) -> ToSay | None:
        account = await self._accounts.by_id(first.account_id)
        message_ids = _most_important(await self._crowd_of(first.crowd_id or ""))
        stories = [await self._tell(message_id) for message_id in message_ids[:_LOOKED_AT]]
        reports = sorted((story.report for story in stories if story), key=importance)
        others = max(0, len(message_ids) - _LOOKED_AT)
        card, discreet = crowd_card(reports, others), crowd_card(reports, others, hide=True)
        if account is None or card is None:
            return None
        return ToSay(account.slack_user, card, leased.topic, news=True, living=True, discreet=discreet)

    async def _about_order(self, account_id: str, order_id: str, leased: LeasedAlerts) -> ToSay | None:
        account, order = await self._accounts.by_id(account_id), await self._order_of(order_id)
        if account is None or order is None or order.state is not OrderState.FAILED:
            return None
        return ToSay(account.slack_user, not_sent_card(account, order), leased.topic, news=True, living=False)


def _most_important(alerts: Sequence[Alert]) -> list[str]:
    """The mails that these are about, those with the weightiest news first."""
    weight = {kind: place for place, kind in enumerate(_BY_WEIGHT)}
    ordered = sorted(alerts, key=lambda alert: weight.get(alert.kind, len(weight)))
    return list(dict.fromkeys(alert.message_id for alert in ordered if alert.message_id))


def _about_message(story: Story, leased: LeasedAlerts, *, mute: bool) -> ToSay:
    # Whoever corrects a verdict knows it: the card follows, a phone stays still.
    told = any(alert.kind not in _QUIET for alert in leased.alerts)
    news = told and worth_saying(story.report)
    card = open_card(story, mute=mute)
    return ToSay(story.report.account.slack_user, card, leased.topic, news, living=True, story=story, mute=mute)


def _about_passing_on(story: Story, leased: LeasedAlerts) -> ToSay | None:
    card = passed_on_card(story, leased.alerts[0].copy_id)
    user = story.report.account.slack_user
    return ToSay(user, card, leased.topic, news=True, living=False) if card else None


def _about_answers(story: Story, answers: Sequence[Answer], leased: LeasedAlerts) -> ToSay | None:
    first = leased.alerts[0]
    card = (replied_card if first.kind is AlertKind.REPLIED else bounced_card)(story, answers)
    # Marked by the alert: a recipient whose mail comes back later is news, not last week's card edited.
    mark = f"{leased.topic}/{first.id}"
    return ToSay(story.report.account.slack_user, card, mark, news=True, living=False) if card else None


def _about_reminder(story: Story, leased: LeasedAlerts, now: datetime) -> ToSay | None:
    last = leased.alerts[-1]
    card = reminder_card(story, _REMINDERS[last.kind], now)
    mark = f"{leased.topic}/{last.id}"  # each is a message of its own: what was snoozed must notify again
    return ToSay(story.report.account.slack_user, card, mark, news=True, living=False) if card else None


def _about_account(account: Account, leased: LeasedAlerts, by_command: bool) -> ToSay:
    lost = account.state is AccountState.RECONNECT
    card = reconnect_card(account, by_command=by_command) if lost else reconnected_card(account)
    # Marked by the alert: the call to reconnect must notify each time, not edit last month's.
    return ToSay(account.slack_user, card, f"{leased.topic}/{leased.alerts[0].id}", news=lost, living=False)
