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
            section(f"*Erase everything about {who}?*", *_extent(there)),
            section(
                "Erased with it: who opened what and when, documents, replies, reminders and alerts. Mail that is out"
                " stays with them, and is not followed any more. *This cannot be undone.*"
            ),
            actions(button("Erase", "forget", value)),
            context("Nothing is erased in Gmail. What I told you in Slack, and subjects that name them, stay."),
        ),
    )


def forgotten_recipient_card(address: str, erased: Erased) -> Card:
    """What was erased."""
    who = escape(address, 80)
    counts = f"{_own(erased)} erased, and their name and address in {_shared(erased)}."
    return Card(
        f"Everything about {who} is erased.",
        (section(f"*Everything about {who} is erased.*", counts),),
    )


def nothing_about_card(address: str) -> Card:
    """Nothing is kept about a recipient in the asker's mail."""
    who = escape(address, 80)
    return Card(
        f"Nothing is kept about {who}.",
        (
            section(
                f"*Nothing is kept about {who}.*",
                f"I looked at all your tracked mail. {code('/opens acme')} searches by a part of an address.",
            ),
        ),
    )


def _extent(there: Erased) -> list[str]:
    lines = []
    if there.own:
        lines.append(f"• {_own(there)} to them alone: forgotten as a whole")
    if there.shared:
        lines.append(f"• {_shared(there)}: their name and address go; what was seen of the mail stays, nameless")
    return lines


def _own(erased: Erased) -> str:
    return counted(erased.own, "mail")


def _shared(erased: Erased) -> str:
    return counted(erased.shared, "mail that they share with others", "mails that they share with others")
