"""Ticks in Gmail as a setting: a switch, and what stands in the way of what it says."""

from tracker.model import Account
from tracker.ticking import NAMES
from tracker.ticks import SHOWN, TickLabels
from tracker.web.addon.cards.widgets import Json, switch, words
from tracker.wishes import Preferences

SETTING = "ticks"
_SENT, _OPENED = NAMES.values()


def tick_widgets(account: Account, preferences: Preferences, labels: TickLabels, action: Json) -> list[Json]:
    about = f"Labels {_SENT} and {_OPENED}, on the phone, too. Switched off, labels stay as they are."
    shown = switch(SETTING, "Ticks in Gmail", about, on=preferences.ticks, action=action)
    return [shown, *_hindrances(account, labels)] if preferences.ticks else [shown]


def _hindrances(account: Account, labels: TickLabels) -> list[Json]:
    if labels.refused or not account.may_label:
        return [words("Ticks wait for your consent to moving labels: type /opens connect full in Slack.")]
    if labels.deleted:
        gone = " and ".join(NAMES[tick] for tick in SHOWN if tick in labels.deleted)
        again = "them" if len(labels.deleted) > 1 else "it"
        return [words(f"You deleted {gone} in Gmail. To have {again} again, turn the switch off and on.")]
    return []
