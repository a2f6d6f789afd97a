"""What the bot says about itself: what it cannot read, and the way on when something is missing."""

from bot.blocks import Block, Card, context, section
from bot.cards.limits import limit_of
from bot.cards.phone import Theirs, phone_line
from bot.plaintext import code, escape, one_line
from tracker.model import Account
from tracker.sending.partly import how_many_out
from tracker.wishes import SendOrder


def refusal_card(said: str, example: str) -> Card:
    """A command we cannot read, what it takes, and the nearest one that we can read."""
    typed, limit = escape(f"/opens {said}", 80), limit_of(example)
    lines = [f"I cannot read “{typed}”.", *([limit] if limit else []), f"Try {code(example)}"]
    return Card(f"I cannot read “{typed}”. Try {example}", (section(*lines), _more_help()))


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
    return context("`/opens help` shows what works")
