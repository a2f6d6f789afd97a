"""Tracked reply: its button beside a mail, and what is said when the draft does not open at once."""

from collections.abc import Mapping

from tracker.web.addon import paths
from tracker.web.addon.cards.widgets import Address, Json, button, buttons, card, plain, press, section, words

_SLOW = (
    "Gmail is slow to save your reply. Press <b>Open the reply</b> in a few seconds: it opens the same draft,"
    " never a second one. You also find it among your drafts in Gmail."
)
_UNKNOWN = (
    "Gmail did not say whether it saved your reply. Look among your drafts in Gmail first: a draft that is there is"
    " tracked already, and only needs your words. Is there none? Then make another."
)


def reply_button(name: str, message_id: str, address: Address, text: str = "Tracked reply") -> Json:
    """`name` is our name for a press of this button: served twice, it makes one draft."""
    parameters: Mapping[str, str] = {"press": name, **({"message": message_id} if message_id else {})}
    return button(text, press(address(paths.REPLY), parameters))


def slow_card(name: str, message_id: str, address: Address) -> Json:
    again = reply_button(name, message_id, address, "Open the reply")
    return card("Tracked reply", "", section("One moment", words(_SLOW), buttons(again)))


def unknown_outcome_card(fresh_name: str, message_id: str, address: Address) -> Json:
    again = reply_button(fresh_name, message_id, address, "Make another")
    return card("Tracked reply", "", section("Look among your drafts", words(_UNKNOWN), buttons(again)))


def refused_card(why: str, name: str, message_id: str, address: Address) -> Json:
    again = reply_button(name, message_id, address, "Try again")
    return card("Tracked reply", "", section("No draft was made", words(plain(why, 400)), buttons(again)))
