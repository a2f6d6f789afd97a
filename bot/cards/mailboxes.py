"""Mailboxes in Home: how each stands, and the way in for whoever has none yet."""

from collections.abc import Iterator, Sequence

from bot.blocks import Block, Card, actions, button, context, header, section
from bot.plaintext import code, escape, sentence
from bot.surfaces import more_menu
from tracker.model import Account, AccountState, Profile

INVITE = "invite"  # a fresh link to connect a mailbox
ASK_DISCONNECT = "ask_disconnect"
_SHOWN = 8
_GRANTS = {
    None: "by whoever runs Twotick",
    Profile.SEND: "to send files only",
    Profile.STANDARD: "to send and to see replies",
    Profile.FULL: "to send, to see replies, and to show ticks in Gmail",
}


def welcome_blocks(*, can_connect: bool, user: str) -> Iterator[Block]:
    """For whoever has connected no mailbox: three steps."""
    yield header("Two ticks when they have read it")
    yield section(
        "Twotick tells you who opened your mail, when and how often, and says “cannot tell” where nobody can."
    )
    if not can_connect:
        add = f"twotick accounts add --email YOU@EXAMPLE.COM --slack-user {user} --refresh-token-file -"
        yield section("*Your mailbox is connected by whoever runs Twotick*", "They type:", code(add))
        return
    yield section("*1. Connect your Gmail*", "Google asks you what Twotick may do, and you can take it back any time.")
    yield actions({**button("Connect Gmail", INVITE, "new"), "style": "primary"})
    yield section("*2. Send a tracked mail*", f"From here, from Gmail, or with {code('/opens drafts')}.")
    yield section("*3. Wait for two ticks*", "✓ is sent, ✓✓ is opened. I tell you here in Slack, once a mail.")
    yield context("Only you see your mail here, and nobody else in your team does.")


def connected_card(accounts: Sequence[Account]) -> Card:
    """What takes the place of the link, once it was followed."""
    named = ", ".join(escape(account.email, 80) for account in accounts[:_SHOWN])
    return Card(
        f"Connected: {named}",
        (section(f"*✓ Connected: {named}*", "Close this window and send your first tracked mail from Home."),),
    )


def broken_blocks(accounts: Sequence[Account]) -> Iterator[Block]:
    """What has to be connected again, before anything else."""
    broken = [account for account in accounts if account.state is AccountState.RECONNECT]
    for account in broken[:_SHOWN]:
        yield section(
            f"⚠️ *Google withdrew Twotick's access to {escape(account.email, 80)}*",
            "Nothing can be sent with tracking until you connect it again. Opens of mail already sent are recorded.",
            beside={**button("Reconnect", INVITE, account.id), "style": "primary"},
        )


def mailbox_blocks(accounts: Sequence[Account], *, can_connect: bool) -> Iterator[Block]:
    """Every mailbox with its state, and what can be done about it."""
    yield header("Your mailboxes")
    for account in accounts[:_SHOWN]:
        working = account.state is AccountState.CONNECTED
        state = f"✓ connected {_GRANTS[account.profile]}" if working else "access withdrawn"
        choices = [("Connect again", f"{INVITE}:{account.id}"), ("Disconnect…", f"{ASK_DISCONNECT}:{account.id}")]
        menu = more_menu(choices) if can_connect else None
        yield section(escape(account.email, 80), sentence(state), beside=menu)
    if len(accounts) > _SHOWN:
        yield context(f"and {len(accounts) - _SHOWN} more")
    if can_connect:
        yield actions(button("Connect another mailbox", INVITE, "new"))
