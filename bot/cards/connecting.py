"""Connecting a mailbox and forgetting it, as a person in Slack sees both."""

from collections.abc import Sequence

from bot.blocks import Block, Card, actions, button, context, link_button, section
from bot.plaintext import code, escape
from tracker.model import Account, Profile

_ASKS = {
    Profile.SEND: "to send mail for you, and nothing else: what you write here in Slack, and files."
    " It cannot touch your drafts then, or see replies",
    Profile.STANDARD: "to write and send your drafts, and to read your mail to see replies",
    Profile.FULL: "to write and send your drafts, to read your mail to see replies, and to move labels",
}
_SHOWN = 20


def connect_card(url: str, profile: Profile) -> Card:
    """The private link to Google's consent page."""
    others = " or ".join(code(f"/opens connect {other.value}") for other in Profile if other is not profile)
    return Card(
        "Connect your Gmail: this link is yours alone, and works once, for ten minutes.",
        (
            section("*Connect your Gmail*", f"Google will ask you to allow Twotick {_ASKS[profile]}."),
            actions(link_button("Connect Gmail", "connect", url)),
            context(
                "The link is yours alone: whoever follows it connects their mailbox to you. It works"
                " once, for ten minutes.",
                f"To let it do more or less: {others}",
            ),
        ),
    )


def cannot_connect_card() -> Card:
    """Google is not set up, which only the operator can change."""
    return Card(
        "No mailbox can be connected or disconnected here yet.",
        (
            section(
                "*No mailbox can be connected or disconnected here yet.*",
                "Whoever runs Twotick has to give it a Google client first: GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET."
                f" They can forget a mailbox with {code('twotick accounts remove')}.",
            ),
        ),
    )


def disconnect_card(accounts: Sequence[Account], email: str) -> Card:
    """What would be forgotten, and the button that does it; without an address, of each of their mailboxes."""
    meant = [account for account in accounts if email in ("", account.email.lower())][:_SHOWN]
    if not meant:
        return _not_yours_card(accounts, email)
    return Card(
        "Disconnect? Everything about the mailbox will be forgotten.",
        (
            section(
                "*Disconnect a mailbox?*",
                "Twotick gives its access back to Google, and forgets everything about the mailbox: its tracked"
                " mails, who opened them, your corrections. Mails that are out stay as they are, and are not followed"
                " any more."
                " *This cannot be undone.*",
            ),
            *(block for account in meant for block in _offered(account)),
        ),
    )


def disconnected_card(account: Account, revoked: bool) -> Card:
    """What was done, and what is left to do when Google could not be told."""
    email = escape(account.email, 80)
    left = (
        "Google took the access back."
        if revoked
        else "Google could not be told just now: take Twotick's access back yourself at"
        " <https://myaccount.google.com/connections|myaccount.google.com/connections>."
    )
    return Card(
        f"{email} is disconnected, and forgotten.", (section(f"*{email} is disconnected, and forgotten.*", left),)
    )


def unknown_mailbox_card() -> Card:
    """A button for a mailbox that is forgotten already, or was never the presser's."""
    return Card("This mailbox is not connected to you.", (section("*This mailbox is not connected to you any more.*"),))


def _offered(account: Account) -> tuple[Block, ...]:
    email = escape(account.email, 60)
    return section(f"*{email}*"), actions(button("Disconnect and forget", "disconnect", account.id))


def _not_yours_card(accounts: Sequence[Account], email: str) -> Card:
    yours = ", ".join(escape(account.email, 80) for account in accounts[:_SHOWN])
    said = escape(email, 80)
    return Card(
        f"{said} is not a mailbox of yours.", (section(f"*{said} is not a mailbox of yours.*", f"Yours: {yours}"),)
    )
