"""What the bot says about itself: help, and the way on when something is missing."""

from bot.blocks import Block, Card, context, section
from bot.cards.phone import Theirs, phone_line
from bot.plaintext import code, escape, one_line
from tracker.model import Account
from tracker.sending.partly import how_many_out
from tracker.wishes import SendOrder

COMMANDS = (
    ("/opens", "your latest messages"),
    ("/opens acme", "messages to or about acme"),
    ("/opens ada@acme.com", "messages to Ada"),
    ('/opens "q3 proposal"', "messages with these words; a single one is told in full"),
    ("/opens unopened 3d", "sent 3 days ago or earlier, and not opened"),
    ("/opens hot", "opened three times within a day, or again after two weeks"),
    ("/opens today", "sent or opened today; `/opens week` since Monday"),
    ("/opens stats 30d", "how much is opened and answered, how soon, at which hours"),
    ("/opens drafts", "your Gmail drafts, each with Send tracked"),
    ("/opens send 2", "the second of them: you see which, and press"),
    ('/opens send "q3 proposal" links each', "track its links, too; one mail to each recipient"),
    ("/opens send 2 tomorrow at 9:00", "later, on your own clock"),
    ("/opens waiting", "what is still to go out, each with Cancel"),
    ("/opens on", "remind me in Gmail to track what I write; `off` ends it"),
    ("/opens remind 3d acme", "reminds you in 3 days if nobody opens it; of an opened one, if nobody replies"),
    ("/opens remind", "what you will be reminded of"),
    ("/opens stop acme", "stop tracking a mail that is out"),
    ("/opens mute acme.com", "what is opened there rings no more; an address, a mail, or `all 2h`, too"),
    ("/opens unmute", "what is muted, each with Unmute"),
    ("/opens quiet 20:00-08:00", "hold everything back, and tell it in one message"),
    ("/opens repeats off", "ring the first time only"),
    ("/opens digest daily", "who opened, clicked and replied; `weekly`, `off`, `at 8:00`"),
    ("/opens channel #sales", "tell it in a channel; `hide` leaves out subjects"),
    ("/opens connect", "connect a Gmail mailbox"),
    ("/opens disconnect", "forget one, after asking you"),
    ("/opens doctor", "whether everything works, and what to do if not"),
    ("/opens export", "all that is kept about your tracked mail, as a file"),
    ("/opens forget ada@acme.com", "erase all that is kept about Ada, after asking you"),
    ("/opens team", "how much each person tracks, in numbers; for admins"),
    ("/opens help", "this help"),
)


def help_card() -> Card:
    """The commands that work, and what the ticks mean."""
    return Card(
        "What you can ask: " + ", ".join(command for command, _ in COMMANDS),
        (
            section("*What you can ask*", *(f"{code(command)}  {effect}" for command, effect in COMMANDS)),
            section(
                "*What I tell you*",
                "✓ sent · ✓✓ opened by a person, as far as anybody can tell.",
                "Machines that check or load mail ahead of time are recorded, and never called a reader.",
            ),
            context("Only you see these answers. An unopened message may still have been read with pictures off."),
        ),
    )


def refusal_card(said: str, example: str) -> Card:
    """A command we cannot read, and the nearest one that we can."""
    typed = escape(f"/opens {said}", 80)
    return Card(
        f"I cannot read “{typed}”. Try {example}",
        (section(f"I cannot read “{typed}”.", f"Try {code(example)}"), _more_help()),
    )


def not_connected_card(user: str, *, by_command: bool = False) -> Card:
    """How to connect a mailbox to the person who asks; `by_command` when they can do it themselves."""
    if by_command:
        return Card(
            "No Gmail account is connected to you yet. Type /opens connect",
            (
                section(
                    "*No Gmail account is connected to you yet.*", f"Type {code('/opens connect')} to connect one."
                ),
                context("You get a link that only you can see, and Google asks you what Twotick may do."),
            ),
        )
    return Card(
        "No Gmail account is connected to you yet.",
        (
            section(
                "*No Gmail account is connected to you yet.*",
                "Whoever runs Twotick can connect it there, on the command line:",
                code(f"twotick accounts add --email YOU@EXAMPLE.COM --slack-user {user} --refresh-token-file -"),
            ),
            context("It reads the Google grant (a refresh token) from its input, and keeps it encrypted."),
        ),
    )


def reconnect_card(account: Account, *, by_command: bool = False) -> Card:
    """Google withdrew the grant: what stopped, and how to go on."""
    if account.delegated:
        return _delegation_card(account)
    email = escape(account.email, 80)
    return Card(
        phone_line("Reconnect ", Theirs(account.email), ": Google withdrew Twotick's access"),
        (
            section(
                f"⚠️ *Google withdrew Twotick's access to {email}*",
                "Nothing can be sent with tracking until it is connected again: what you ordered waits, for six hours"
                " at the most. Opens of mail already sent are still recorded.",
            ),
            _connected_again(account, by_command),
            context("It happens when the password or the consent changes, or after 7 days in Google's Testing mode."),
        ),
    )


def _delegation_card(account: Account) -> Card:
    """Google lets the operator's service account in no longer, which its owner cannot change."""
    email = escape(account.email, 80)
    return Card(
        phone_line(Theirs(account.email), " waits for whoever runs Twotick: Google does not let it in any more"),
        (
            section(
                f"⚠️ *Google does not let Twotick into {email} any more*",
                "You need do nothing: whoever runs Twotick has to let its service account act for this mailbox again,"
                " and finds what is missing in its log. Until then nothing can be sent with tracking. Opens of mail"
                " already sent are still recorded.",
            ),
        ),
    )


def _connected_again(account: Account, by_command: bool) -> Block:
    if by_command:
        return section(f"Type {code('/opens connect')} and choose this address on Google's page.")
    add = f"twotick accounts add --email {account.email} --slack-user {account.slack_user} --refresh-token-file -"
    return section("Whoever runs Twotick connects it again with a new grant:", code(add))


def reconnected_card(account: Account) -> Card:
    """What replaces the call to reconnect, once it is done."""
    email = escape(account.email, 80)
    return Card(f"{email} is connected again", (section(f"*{email} is connected again.*", "Nothing left to do."),))


def not_sent_card(account: Account, order: SendOrder) -> Card:
    """A sending that was asked for came to nothing: why, and where the draft is."""
    why, out = escape(order.failure or "", 400), how_many_out(order.failure or "")
    what = f"was sent to {out[0]} of {out[1]}" if out else "was not sent"
    asked = f"You asked for it <!date^{int(order.asked_at.timestamp())}^{{date_short_pretty}} at {{time}}|earlier>."
    return Card(
        phone_line(*_which_mail(account, order), f" {what}: ", Theirs(order.failure or "")),
        (
            section(f"⚠️ *{_mail_of(account, order)} {what}*", why),
            context(f"{asked} A draft that still exists is in `/opens drafts`, to be sent again."),
        ),
    )


def _which_mail(account: Account, order: SendOrder) -> tuple[str | Theirs, ...]:
    if order.subject is None:
        return "A mail from ", Theirs(account.email)
    to = (" to ", Theirs(order.recipient)) if order.recipient else ()
    return (Theirs(order.subject) if one_line(order.subject, 10) else "A mail without a subject", *to)


def _mail_of(account: Account, order: SendOrder) -> str:
    """Which mail it was; by its mailbox where the draft was never read."""
    if order.subject is None:
        return f"A mail from {escape(account.email, 80)}"
    to = f" to {escape(order.recipient, 80)}" if order.recipient else ""
    return f"{escape(order.subject, 100) or 'A mail without a subject'}{to}"


def gone_card() -> Card:
    """A button under a card whose message was erased, or was never the presser's."""
    return Card(
        "This message is not known any more.",
        (
            section(
                "*This message is not known any more, or it is somebody else's.*",
                "Only its sender can look closer. `/opens` shows yours.",
            ),
        ),
    )


def trouble_card() -> Card:
    """Our fault, said without a stack trace."""
    return Card(
        "Something went wrong on our side.",
        (section("*Something went wrong on our side.*", "Please ask again in a minute. Nothing was lost."),),
    )


def _more_help() -> dict[str, object]:
    return context("`/opens help` shows everything that works")
