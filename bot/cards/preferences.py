"""The settings in Home: a switch or a menu for each, saved as it is pressed."""

from collections.abc import Iterator, Sequence

from bot.blocks import Block, Choices, button, context, header
from bot.cards.words import counted
from bot.surfaces import menu, setting
from tracker.wishes import Preferences

PREFER = "prefer:"  # begins the actions of all of them; the preference's name follows
SWITCHES = {
    "track": ("Track by default", "reminds you in Gmail to track what you write"),
    "links": ("Track links", "tells who clicked which"),
    "per_recipient": ("One mail to each recipient", "tells who of several opened it"),
    "ticks": ("Ticks in Gmail", "labels on your sent mail, after `/opens connect full`"),
    "documents": ("Attachments as links", "tells who opened which document"),
}
UNDO_SECONDS = (0, 5, 10, 20, 30)
DAYS = (0, 1, 2, 3, 5, 7, 14)
_MENUS = {
    "undo_seconds": ("Time to cancel", "before a mail goes out"),
    "remind_unopened_days": ("Reminder: not opened", "of mail that nobody opened"),
    "remind_unanswered_days": ("Reminder: no reply", "of mail that was opened, and not answered"),
}
CHOICES = {"undo_seconds": UNDO_SECONDS, "remind_unopened_days": DAYS, "remind_unanswered_days": DAYS}


def preference_blocks(preferences: Sequence[Preferences]) -> Iterator[Block]:
    """What they want by default: of the first mailbox, where several differ. A choice is for all of them."""
    first = preferences[0]
    yield header("Settings")
    for name in SWITCHES:
        yield _switch(name, on=getattr(first, name))
    for name in _MENUS:
        yield _menu(name, getattr(first, name))
    if any(_wishes(one) != _wishes(first) for one in preferences):
        yield context("Your mailboxes differ: the first one's settings are shown, and a change here is for all.")


def _switch(name: str, *, on: bool) -> Block:
    title, effect = SWITCHES[name]
    beside = button("Turn off" if on else "Turn on", PREFER + name, "off" if on else "on")
    return setting(title, "on" if on else "off", effect, beside)


def _menu(name: str, value: int) -> Block:
    title, effect = _MENUS[name]
    words = _seconds if name == "undo_seconds" else _days
    values = sorted({*CHOICES[name], value})
    choices: Choices = [(words(one), str(one)) for one in values]
    # Slack keeps what a person chose in a menu of the same name, whatever we say is chosen: a change renames it.
    return {
        **setting(title, words(value), effect, menu(choices, str(value), PREFER + name)),
        "block_id": f"{PREFER}{name}:{value}",
    }


def _seconds(number: int) -> str:
    return counted(number, "second") if number else "none"


def _days(number: int) -> str:
    return f"after {counted(number, 'day')}" if number else "never"


def _wishes(preferences: Preferences) -> tuple[object, ...]:
    return tuple(getattr(preferences, name) for name in (*SWITCHES, *_MENUS))
