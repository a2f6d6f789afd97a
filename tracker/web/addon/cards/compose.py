"""Beside a mail that is being written."""

from tracker.model import Account, AccountState
from tracker.sending.partly import how_many_out
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
_NOT_FOLLOWED = (
    "Twotick does not see yet what this mailbox sends. Unless that changes within a minute, it may not look: connect it"
    " again with /opens connect in Slack, leave every box ticked, and what you send from then on is tracked."
)
_RECONNECT = (
    "Google withdrew Twotick's access to this mailbox. What you send is tracked from the moment that you connect it"
    " again: /opens connect in Slack."
)
_NOW_ALONE = "Only with Send tracked now: Gmail's own Send cannot do it."
_HOW_NOW = (
    "<b>Close the compose window right after pressing</b> (Gmail keeps the draft). Twotick then sends the draft itself,"
    " so that it can track links and give each recipient their own picture."
)


def compose_card(
    account: Account, preferences: Preferences, window: str, address: Address, *, followed: bool = True
) -> Json:
    """`window` is our name for this compose window: pressing twice in it asks once.

    What Gmail itself sends is found in a mailbox only while it is `followed`.
    """
    return card(
        "Track this mail",
        plain(account.email),
        _by_gmail(account, preferences, window, address, followed=followed),
        _now(account, preferences, window, address),
    )


def ordered_card(order: SendOrder, window: str, address: Address) -> Json:
    """After Send tracked now: how things stand, and the way back while there is one."""
    told = {
        OrderState.WAITING: "Close the compose window now. Your mail goes out tracked in a moment.",
        OrderState.SENDING: "Your mail is being sent now.",
        OrderState.SENT: "Your mail is out, tracked.",
        OrderState.TAKEN_BACK: "Cancelled. The draft is still in Gmail.",
        OrderState.FAILED: f"{_not_sent(order.failure or '')} To try again, open this card anew.",
    }[order.state]
    parameters = {"order": order.id, "window": window}
    pressed = [button("Refresh", press(address(paths.LOOK_AGAIN), parameters))]
    if order.state is OrderState.WAITING:
        pressed.insert(0, button("Cancel", press(address(paths.TAKE_BACK), parameters), filled=True))
    return card("Send tracked now", "", section("", words(plain(told, 500)), buttons(*pressed)))


def _not_sent(why: str) -> str:
    return why if how_many_out(why) else f"Not sent. {why}"


def _by_gmail(account: Account, preferences: Preferences, window: str, address: Address, *, followed: bool) -> Json:
    track = switch(
        "track",
        "Track this mail",
        "Puts an invisible picture where your cursor is; then press Gmail's own Send, also later or on your phone.",
        on=False,
        action=press(address(paths.TRACK), {"window": window}),
    )
    told = [_BY_DEFAULT] if preferences.track else []
    if account.state is not AccountState.CONNECTED:
        told.append(_RECONNECT)
    elif not followed:
        told.append(_NOT_FOLLOWED)
    return section("", track, *map(words, told))


def _now(account: Account, preferences: Preferences, window: str, address: Address) -> Json:
    if account.state is not AccountState.CONNECTED:
        return section("Or let Twotick send it", words("Reconnect this mailbox first: Google withdrew the access."))
    return section(
        "Or let Twotick send it",
        words(_HOW_NOW),
        switch("links", "Track links, too", _NOW_ALONE, on=preferences.links),
        switch("per_recipient", "One mail to each recipient", _NOW_ALONE, on=preferences.per_recipient),
        switch("documents", "Attachments as links", f"{_NOW_ALONE} You see who opens them.", on=preferences.documents),
        buttons(button("Send tracked now", press(address(paths.SEND), {"window": window}), filled=True)),
    )
