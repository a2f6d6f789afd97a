"""The homepage: what is connected, what was opened today, what waits to go out, what is wanted by default."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from urllib.parse import quote

from tracker.model import Account, AccountState
from tracker.ports import Report
from tracker.ticks import TickLabels
from tracker.web.addon import paths
from tracker.web.addon.cards.reminders import reminder_defaults
from tracker.web.addon.cards.ticks import tick_widgets
from tracker.web.addon.cards.widgets import (
    Address,
    Json,
    button,
    buttons,
    card,
    choice,
    line,
    plain,
    press,
    said,
    section,
    switch,
    way_out,
    words,
)
from tracker.wishes import OrderState, Preferences, SendOrder
from tracker.wording import count_words

MOST_OPENED = 8
UNDO_CHOICES = (0, 5, 10, 20, 30)


def home_card(
    account: Account,
    preferences: Preferences,
    opened: Sequence[Report],
    orders: Sequence[SendOrder],
    zone: tzinfo,
    address: Address,
    labels: TickLabels,
) -> Json:
    """`opened` are the messages opened today, latest first; `orders` those whose sender may still wonder."""
    return card(
        "Twotick",
        plain(account.email),
        section("", _connection(account)),
        section("On its way", *(_order(order, zone, address) for order in orders)),
        section(f"Opened today: {len(opened)}", *_opened(opened, zone, address)),
        _defaults(account, preferences, address, labels),
        section("", buttons(button("Refresh", press(address(paths.LOOK_AGAIN))))),
    )


def stranger_card(email: str, address: Address, link: str = "") -> Json:
    """For a mailbox that nobody connected; `link` is where its owner can."""
    again = button("Look again", press(address(paths.LOOK_AGAIN)))
    told = (
        [
            words(
                "This mailbox is not connected to Twotick yet. Google will ask you to allow it to write and send your"
                " drafts, and to read your mail to see replies."
            ),
            buttons(way_out("Connect", link), again),
            words("The button is good once, for ten minutes, and for this mailbox alone."),
        ]
        if link
        else [
            words(
                "This mailbox is not connected to Twotick yet. Type /opens connect in Slack to connect it."
                " Without Slack, whoever runs Twotick for you connects it, on its command line:"
            ),
            words(f"twotick accounts add --email {said(email)} --slack-user YOUR-SLACK-ID"),
            buttons(again),
        ]
    )
    return card("Twotick", plain(email), section("Not connected", *told))


def moment_words(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%a %-d %b, %H:%M")


def _connection(account: Account) -> Json:
    if account.state is AccountState.CONNECTED:
        return line("Connected", below="Opens are told to you in Slack.")
    return line(
        "<b>Reconnect this mailbox</b>",
        below="Google withdrew Twotick's access, so nothing can be sent tracked. Connect it again with"
        " /opens connect in Slack, or with twotick accounts add. Opens of mail already sent are still recorded.",
    )


def _opened(opened: Sequence[Report], zone: tzinfo, address: Address) -> list[Json]:
    if not opened:
        return [words("Nothing yet today.")]
    shown = [report_line(report, zone, address) for report in opened[:MOST_OPENED]]
    more = len(opened) - len(shown)
    return [*shown, words(f"… and {more} more: ask /opens today in Slack.")] if more else shown


def report_line(report: Report, zone: tzinfo, address: Address) -> Json:
    """A message on one line, with a way to all that is known of it; pressed itself, it opens the mail."""
    who = ", ".join(recipient.label for copy in report.copies for recipient in copy.recipients)
    last = report.total.last_open_at
    counted = count_words(report.total) + (f", last {moment_words(last, zone)}" if last else "")
    show = button("Show", press(address(paths.SHOW), {"message": report.message.id}))
    return line(
        f"{report.ticks} {said(report.message.subject) or '(no subject)'}",
        above=plain(who, 120),
        below=counted,
        button=show,
        link=gmail_link(report),
    )


def gmail_link(report: Report) -> str:
    """The conversation in the sender's own mailbox, also where several are signed in; empty while it has none."""
    thread = next((copy.thread_id for copy in report.copies if copy.thread_id), None)
    mailbox = quote(report.account.email, safe="@")
    return f"https://mail.google.com/mail/u/?authuser={mailbox}#all/{quote(thread, safe='')}" if thread else ""


def _order(order: SendOrder, zone: tzinfo, address: Address) -> Json:
    at = moment_words(order.not_before, zone)
    if order.state is OrderState.FAILED:
        return line("<b>Not sent</b>", above=at, below=plain(order.failure or "", 400))
    if order.state is OrderState.WAITING:
        cancel = button("Cancel", press(address(paths.TAKE_BACK), {"order": order.id}))
        return line("Waiting to be sent tracked", above=at, button=cancel)
    return line("Being sent now", above=at)


def _defaults(account: Account, preferences: Preferences, address: Address, labels: TickLabels) -> Json:
    def prefer(setting: str) -> Json:
        return press(address(paths.PREFER), {"setting": setting})

    seconds = [(str(one), f"{one} seconds" if one else "none") for one in UNDO_CHOICES]
    return section(
        "By default",
        switch(
            "track",
            "Track my mail",
            "Google lets no add-on insert by itself. Open Twotick in a compose window: its card then reminds you.",
            on=preferences.track,
            action=prefer("track"),
        ),
        switch(
            "links", "Track links, too", "Only with Send tracked now.", on=preferences.links, action=prefer("links")
        ),
        switch(
            "per_recipient",
            "One mail to each recipient",
            "So that you see who. Only with Send tracked now.",
            on=preferences.per_recipient,
            action=prefer("per_recipient"),
        ),
        switch(
            "documents",
            "Attachments as links",
            "So that you see who opens them. With Send tracked now.",
            on=preferences.documents,
            action=prefer("documents"),
        ),
        choice(
            "undo_seconds",
            "Time to cancel a Send tracked now",
            seconds,
            str(preferences.undo_seconds),
            prefer("undo_seconds"),
        ),
        *reminder_defaults(preferences, prefer),
        *tick_widgets(account, preferences, labels, prefer("ticks")),
    )
