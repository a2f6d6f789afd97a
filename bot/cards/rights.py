"""What is kept, given to those it is about or erased, as a person in Slack sees it."""

from bot.blocks import Card, actions, button, context, link_button, section
from bot.cards.words import counted
from bot.plaintext import code, escape
from tracker.rights import Erased


def export_card(url: str, mailboxes: int) -> Card:
    """The private link to the export."""
    return Card(
        "Your export: this link is yours alone, for ten minutes.",
        (
            section(
                "*All that is kept about your tracked mail*",
                f"Everything about {counted(mailboxes, 'mailbox', 'mailboxes')} of yours in one file, one JSON value a"
                " line: mails, recipients, every fetch with its verdict, replies, reminders, corrections.",
            ),
            actions(link_button("Open the download", "export", url)),
            context("It works for ten minutes, and can be downloaded once. It does not pass through Slack."),
        ),
    )


def forget_card(address: str, there: Erased, value: str) -> Card:
    """What would be erased about a recipient, and the button that does it."""
    who = escape(address, 80)
    return Card(
        f"Erase everything about {who}?",
        (
            section(f"*Erase everything about {who}?*", *extent(there)),
            section(_what_goes(there), "*This cannot be undone.*"),
            actions(button("Erase", "forget", value)),
            context("Nothing is erased in Gmail, and what I told you in Slack stays there."),
        ),
    )


def forgotten_recipient_card(address: str, erased: Erased) -> Card:
    """What was erased."""
    who = escape(address, 80)
    return Card(
        f"Everything about {who} is erased.",
        (
            section(f"*Everything about {who} is erased.*", *extent(erased)),
            context("Nothing was erased in Gmail, and what I told you in Slack stays there."),
        ),
    )


def nothing_about_card(address: str) -> Card:
    """Nothing is kept about a recipient in the asker's mail."""
    who = escape(address, 80)
    return Card(
        f"Nothing is kept about {who}.",
        (
            section(
                f"*Nothing is kept about {who}.*",
                "I looked at all your tracked mail, mutes and sendings."
                f" {code('/opens acme')} searches by a part of an address.",
            ),
        ),
    )


def extent(there: Erased) -> list[str]:
    """One line for each kind of thing that is kept about a recipient."""
    lines = []
    if there.own:
        lines.append(f"• {counted(there.own, 'mail')} to them alone: forgotten as a whole")
    if there.shared:
        shared = counted(there.shared, "mail that they share with others", "mails that they share with others")
        lines.append(f"• {shared}: their name and address go; what was seen of the mail stays, nameless")
    if there.mutes:
        lines.append(f"• {counted(there.mutes, 'mute')} of theirs: gone, so they ring again if you write to them")
    if there.notes:
        lines.append(f"• {counted(there.notes, 'note')} that named them, as of a failed sending: their address goes")
    return lines


def _what_goes(there: Erased) -> str:
    if not (there.own or there.shared):
        return "No tracked mail to them is kept."
    return (
        "Erased with it: who opened what and when, documents, replies, reminders and alerts. Mail that is out"
        " stays with them, and is not followed any more."
    )
