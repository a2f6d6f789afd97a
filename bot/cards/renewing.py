"""What whoever installed us is told when their workspace is about to hear from us no more."""

from bot.blocks import Card, actions, context, link_button, section, when
from bot.plaintext import escape, one_line
from tracker.workspaces import Installation

_MOST_NAME = 80


def ends_soon_card(installation: Installation, install_url: str) -> Card:
    """That Slack renews our access no more, until when it lasts, and the one thing to do."""
    name = one_line(installation.name, _MOST_NAME)
    since = f"from {when(installation.expires_at)} on" if installation.expires_at else "soon"
    return Card(
        f"Twotick is about to fall silent in {escape(name)}: install it again",
        (
            section(
                f"🔌 *Twotick is about to fall silent in {escape(name)}*",
                f"Slack does not renew its access any more: {since}, nobody here is told of their mail.",
                "Install it again, and it goes on where it was. It takes a minute, and nobody has to connect anew.",
            ),
            actions(link_button("Install again", "connect", install_url)),
            context("Mail is recorded meanwhile. News wait 3 days for you. You are told because you installed it."),
        ),
    )
