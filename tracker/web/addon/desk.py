"""What each call of the add-on comes to. Everything here asks the database, and Gmail at most for a mail's name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from tracker.clock import Clock, new_id
from tracker.composing import Composing
from tracker.following import FollowBook
from tracker.model import Account
from tracker.noticing import Noticing
from tracker.ports import AccountBook, MessageBook, Refused, Report
from tracker.reminders import ReminderBook
from tracker.reminding import Reminding
from tracker.reporting import Reporting, Story
from tracker.tagging import pixel_html
from tracker.ticks import TickBook
from tracker.tokens import Tokens
from tracker.web.addon.answers import Answer, Json
from tracker.web.addon.callers import Deployment
from tracker.web.addon.cards.compose import compose_card, ordered_card
from tracker.web.addon.cards.home import UNDO_CHOICES, home_card
from tracker.web.addon.cards.message import message_card, unknown_card, unnamed_card
from tracker.web.addon.cards.reminders import DAYS, DEFAULT_DAYS, remind_word
from tracker.web.addon.cards.reply import reply_button
from tracker.web.addon.cards.trouble import gone_card
from tracker.web.addon.events import Event
from tracker.web.addon.naming import Naming
from tracker.wishes import OrderBook, OrderState, PreferenceBook, Preferences, SendOrder

_OPENED_AMONG = 200  # messages among which those opened today are looked for
_SENT_WITHIN = timedelta(days=60)
_LATEST = 5
_COPIES_ASKED = 20  # of which it is told what came back about them
_ORDERS_SHOWN = 5
_FAILURES_SHOWN_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Books:
    """What the desk reads and writes."""

    accounts: AccountBook
    messages: MessageBook
    preferences: PreferenceBook
    orders: OrderBook
    reporting: Reporting
    following: FollowBook
    reminders: ReminderBook
    reminding: Reminding
    ticks: TickBook


class Desk:
    """Serves one account's owner at a time; whatever a card sends back is looked up among their own things only."""

    def __init__(
        self,
        books: Books,
        composing: Composing,
        noticing: Noticing,
        tokens: Tokens,
        deployment: Deployment,
        clock: Clock,
        naming: Naming,
    ) -> None:
        self._books = books
        self._composing = composing
        self._noticing = noticing
        self._tokens = tokens
        self._deployment = deployment
        self._clock = clock
        self._naming = naming

    async def home(self, account: Account, event: Event) -> Answer:
        now = self._clock()
        preferences = await self._books.preferences.of(account.id)
        reports = await self._books.messages.reports([account.id], now - _SENT_WITHIN, _OPENED_AMONG)
        orders = await self._books.orders.latest(account.id, now - _FAILURES_SHOWN_FOR, _ORDERS_SHOWN)
        opened = _opened_since(reports, _midnight(now, event.zone))
        shown = [order for order in orders if order.state not in (OrderState.SENT, OrderState.TAKEN_BACK)]
        labels = await self._books.ticks.labels(account.id)
        return Answer(home_card(account, preferences, opened, shown, event.zone, self._deployment.address, labels))

    async def message(self, account: Account, event: Event) -> Answer:
        """The open mail's card; who sees it is looking at the mail."""
        message = await self._books.messages.by_gmail(account.id, event.gmail_id, event.thread_id)
        if message is None and event.local_name:
            event = await self._naming.named(event)
            message = await self._books.messages.by_gmail(account.id, event.gmail_id, event.thread_id)
        if message:
            await self._noticing.looking(message.id)
        story = await self._books.reporting.story(message.id) if message else None
        return Answer(await self._drawn(story, event) if story else await self._without_story(account, event))

    async def compose(self, account: Account, event: Event) -> Answer:
        preferences = await self._books.preferences.of(account.id)
        followed = (await self._books.following.where(account.id)).mark is not None
        return Answer(compose_card(account, preferences, new_id(), self._deployment.address, followed=followed))

    async def prefer(self, account: Account, event: Event) -> Answer:
        """Change the one setting that was touched: a press that is served twice changes nothing more."""
        preferences = _changed(await self._books.preferences.of(account.id), event)
        if preferences is None:
            return Answer(word="This setting is not known. Open the add-on anew.")
        await self._books.preferences.keep(preferences)
        return Answer(word="Saved.", changed=True)

    async def track(self, account: Account, event: Event) -> Answer:
        window = event.name("window")
        if not window:
            return Answer(word="Close this card and open it anew.")
        if not event.switched_on("track"):
            await self._composing.leave(account, window)
            return Answer(word="This mail is not tracked. The invisible picture may stay: nothing is kept about it.")
        copy = await self._composing.track(account, window, event.recipients)
        return Answer(word="Tracking is on for this mail.", insert=self._pixel(copy.id))

    async def send(self, account: Account, event: Event) -> Answer:
        """Mark the draft, and have it sent by whoever works for us as soon as the time to cancel is over."""
        window = event.name("window")
        if not window:
            return Answer(word="Close this card and open it anew.")
        wait = timedelta(seconds=(await self._books.preferences.of(account.id)).undo_seconds)
        order = await self._books.orders.put(self._order(account, event, window, wait))
        card = ordered_card(order, window, self._deployment.address)
        if order.state is not OrderState.WAITING or order.mark is None:
            return Answer(card, word="This was asked for already.")
        when = f"in {wait.seconds} seconds" if wait else "at once"
        word = f"Close the compose window now. It goes out tracked {when}."
        return Answer(card, word=word, insert=self._pixel(order.mark))

    async def take_back(self, account: Account, event: Event) -> Answer:
        order = await self._books.orders.take_back(account.id, event.name("order"))
        if order is None:
            return Answer(gone_card())
        taken = order.state is OrderState.TAKEN_BACK
        word = "Cancelled. The draft is still in Gmail." if taken else "Too late to cancel: it was being sent."
        return Answer(await self._after(account, event, order), word=word)

    async def stop(self, account: Account, event: Event) -> Answer:
        story = await self._own_story(account, event.name("message"))
        if story is None:
            return Answer(gone_card())
        stopping = event.parameters.get("stop") != "no"
        message = story.report.message
        if stopping != (message.stopped_at is not None):
            await self._books.messages.stop(message.id, self._clock() if stopping else None)
        word = "Stopped: nothing is kept about this mail from now on." if stopping else "Tracking goes on."
        return Answer(await self._shown(account, event, message.id), word=word, changed=True)

    async def remind(self, account: Account, event: Event) -> Answer:
        """Remind of the message after the days that were chosen, or not at all; served twice, it is one reminder."""
        story = await self._own_story(account, event.name("message"))
        days = event.inputs.get("remind", "")
        if story is None or days not in map(str, DAYS):
            return Answer(gone_card())
        if days == "0":
            await self._books.reminders.forget(story.report.message.id)
            return Answer(await self._drawn(story, event), word="You are not reminded of this mail.", changed=True)
        try:
            reminder = await self._books.reminding.remind(story.report, timedelta(days=int(days)))
        except Refused as refusal:
            return Answer(await self._drawn(story, event), word=str(refusal))
        return Answer(await self._drawn(story, event), word=remind_word(reminder, event.zone), changed=True)

    async def show(self, account: Account, event: Event) -> Answer:
        return Answer(await self._shown(account, event, event.name("message")))

    async def look_again(self, account: Account, event: Event) -> Answer:
        """Draw the card anew that the person looks at."""
        if order := await self._own_order(account, event):
            return Answer(await self._after(account, event, order))
        if event.gmail_id or event.thread_id or event.local_name:
            return await self.message(account, event)
        return await self.home(account, event)

    async def _own_order(self, account: Account, event: Event) -> SendOrder | None:
        order = await self._books.orders.get(event.name("order"))
        return order if order and order.account_id == account.id else None

    async def _after(self, account: Account, event: Event, order: SendOrder) -> Json | None:
        """Where the press came from: a compose window, which starts afresh after a cancel, or the homepage."""
        if not event.name("window"):
            return (await self.home(account, event)).card
        if order.state is OrderState.TAKEN_BACK:
            return (await self.compose(account, event)).card
        return ordered_card(order, event.name("window"), self._deployment.address)

    async def _shown(self, account: Account, event: Event, message_id: str) -> Json:
        story = await self._own_story(account, message_id)
        return await self._drawn(story, event) if story else gone_card()

    async def _drawn(self, story: Story, event: Event) -> Json:
        copies = story.report.copies[:_COPIES_ASKED]
        answers = [one for copy in copies for one in await self._books.following.answers(copy.id)]
        reply = reply_button(new_id(), story.report.message.id, self._deployment.address)
        reminders = await self._books.reminders.of(story.report.message.id)
        return message_card(story, event.zone, self._deployment.address, answers, reminders, reply)

    async def _without_story(self, account: Account, event: Event) -> Json:
        """Nothing is known of the open mail: not tracked, or not named yet."""
        latest = await self._books.messages.reports([account.id], None, _LATEST)
        if event.local_name and not event.gmail_id:
            return unnamed_card(latest, event.zone, self._deployment.address)
        reply = reply_button(new_id(), "", self._deployment.address) if event.gmail_id else None
        return unknown_card(latest, event.zone, self._deployment.address, reply)

    async def _own_story(self, account: Account, message_id: str) -> Story | None:
        story = await self._books.reporting.story(message_id) if message_id else None
        return story if story and story.report.account.id == account.id else None

    def _order(self, account: Account, event: Event, window: str, wait: timedelta) -> SendOrder:
        now = self._clock()
        return SendOrder(
            id=new_id(),
            account_id=account.id,
            key=f"compose:{window}",
            asked_at=now,
            not_before=now + wait,
            mark=new_id(),
            links=event.switched_on("links"),
            per_recipient=event.switched_on("per_recipient"),
            documents=event.switched_on("documents"),
        )

    def _pixel(self, copy_id: str) -> str:
        return pixel_of(self._tokens, self._deployment, copy_id)


def pixel_of(tokens: Tokens, deployment: Deployment, copy_id: str) -> str:
    """A copy's picture as HTML, for a mail that Gmail itself will send."""
    return pixel_html(f"{deployment.address('/o/')}{tokens.pixel(copy_id)}.gif")


def _changed(preferences: Preferences, event: Event) -> Preferences | None:
    setting = event.parameters.get("setting", "")
    if setting == "track":
        return replace(preferences, track=event.switched_on(setting))
    if setting == "links":
        return replace(preferences, links=event.switched_on(setting))
    if setting == "per_recipient":
        return replace(preferences, per_recipient=event.switched_on(setting))
    if setting == "documents":
        return replace(preferences, documents=event.switched_on(setting))
    if setting == "ticks":
        return replace(preferences, ticks=event.switched_on(setting))
    if setting == "undo_seconds" and event.inputs.get(setting, "") in map(str, UNDO_CHOICES):
        return replace(preferences, undo_seconds=int(event.inputs[setting]))
    if setting == "remind_unopened_days" and event.inputs.get(setting, "") in map(str, DEFAULT_DAYS):
        return replace(preferences, remind_unopened_days=int(event.inputs[setting]))
    if setting == "remind_unanswered_days" and event.inputs.get(setting, "") in map(str, DEFAULT_DAYS):
        return replace(preferences, remind_unanswered_days=int(event.inputs[setting]))
    return None


def _opened_since(reports: Sequence[Report], since: datetime) -> list[Report]:
    def last(report: Report) -> datetime:
        return report.total.last_open_at or since

    opened = [report for report in reports if report.total.last_open_at and report.total.last_open_at >= since]
    return sorted(opened, key=last, reverse=True)


def _midnight(now: datetime, zone: tzinfo) -> datetime:
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
