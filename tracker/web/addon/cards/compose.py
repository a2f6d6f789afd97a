"""Beside a mail that is being written."""

from tracker.model import Account, AccountState
from tracker.web.addon import paths
from tracker.web.addon.cards.widgets import (
    Address,
    Json,
    button,
    buttons,
    card,
    plain,
    press,
    section,
    switch,
    words,
)
from tracker.wishes import OrderState, Preferences, SendOrder

_BY_DEFAULT = "You track by default. Google lets no add-on insert anything by itself: switch it on here."
_HOW_NOW = (
    "<b>Close the compose window right after pressing</b> (Gmail keeps the draft). Twotick then sends the draft itself,"
    " so that it can track links and give each recipient their own picture."
)


def compose_card(account: Account, preferences: Preferences, window: str, address: Address) -> Json:
    """`window` is our name for this compose window: pressing twice in it asks once."""
    return card(
        "Track this mail",
        plain(account.email),
        _by_gmail(preferences, window, address),
        _now(account, preferences, window, address),
    )


def ordered_card(order: SendOrder, window: str, address: Address) -> Json:
    """After Send tracked now: how things stand, and the way back while there is one."""
    told = {
        OrderState.WAITING: "Close the compose window now. Your mail goes out tracked in a moment.",
        OrderState.SENDING: "Your mail is being sent now.",
        OrderState.SENT: "Your mail is out, tracked.",
        OrderState.TAKEN_BACK: "Cancelled. The draft is still in Gmail.",
        OrderState.FAILED: f"Not sent. {order.failure or ''} To try again, open this card anew.",
    }[order.state]
    parameters = {"order": order.id, "window": window}
    pressed = [button("Refresh", press(address(paths.LOOK_AGAIN), parameters))]
    if order.state is OrderState.WAITING:
        pressed.insert(0, button("Cancel", press(address(paths.TAKE_BACK), parameters), filled=True))
    return card("Send tracked now", "", section("", words(plain(told, 500)), buttons(*pressed)))


def _by_gmail(preferences: Preferences, window: str, address: Address) -> Json:
    track = switch(
        "track",
        "Track this mail",
        "Puts an invisible picture where your cursor is; then press Gmail's own Send, also later or on your phone.",
        on=False,
        action=press(address(paths.TRACK), {"window": window}),
    )
    return section("", track, words(_BY_DEFAULT)) if preferences.track else section("", track)


def _now(account: Account, preferences: Preferences, window: str, address: Address) -> Json:
    if account.state is not AccountState.CONNECTED:
        return section("Or let Twotick send it", words("Reconnect this mailbox first: Google withdrew the access."))
    return section(
        "Or let Twotick send it",
        words(_HOW_NOW),
        switch("links", "Track links, too", "", on=preferences.links),
        switch("per_recipient", "One mail to each recipient", "", on=preferences.per_recipient),
        switch("documents", "Attachments as links", "You see who opens them.", on=preferences.documents),
        buttons(button("Send tracked now", press(address(paths.SEND), {"window": window}), filled=True)),
    )
