"""What people read on their way to Google's consent page and back."""

from collections.abc import Collection
from html import escape

from aiohttp import web

from tracker.connecting import Connected
from tracker.model import Profile
from tracker.web.pages import page

_LETS = {
    Profile.SEND: "Twotick can send mail for you, and read nothing. For your drafts and replies it needs more:"
    " /opens connect.",
    Profile.STANDARD: "Twotick can write and send your drafts, and read your mail to follow them.",
    Profile.FULL: "Twotick can write and send your drafts, read your mail to follow them, and move labels.",
}
_TAKE_BACK = '<a href="https://myaccount.google.com/connections">myaccount.google.com/connections</a>'


def begin_page(ticket: str, domains: Collection[str]) -> web.Response:
    """The button that leads to Google, for people without a link."""
    of = " or ".join(f"<strong>{escape(domain)}</strong>" for domain in sorted(domains))
    return page(
        "Connect your Gmail",
        f"<p>For mailboxes of {of}. Google will ask you to allow Twotick to write and send your drafts, and to read"
        " your mail to see replies. You can take it back at any time.</p>\n"
        '<form method="post">'
        f'<input type="hidden" name="t" value="{escape(ticket, quote=True)}">'
        "<button>Continue to Google</button></form>\n"
        "<p>Twotick tells you in Slack who opened what, so your Slack account should have the same address.</p>",
    )


def no_link_page() -> web.Response:
    """For people who came without a link, where only a link leads on."""
    return page(
        "You need a link of your own",
        "<p>Here a mailbox is connected by a private link, good once. There are two ways to get one:</p>\n"
        "<ul><li>in Slack, type <code>/opens connect</code>;</li>\n"
        "<li>in Gmail, open Twotick beside a mail, and press <strong>Connect</strong>.</li></ul>\n"
        "<p>Neither is there? Ask whoever runs Twotick for you.</p>",
    )


def connected_page(connected: Connected) -> web.Response:
    account = connected.account
    lets = escape(_LETS[connected.profile])
    if account.slack_user:
        return page(
            "Your mailbox is connected",
            f"<p><strong>{escape(account.email)}</strong> now belongs to the Slack member"
            f" <strong>{escape(account.slack_user)}</strong>. {lets}</p>\n"
            "<p><strong>Next:</strong> close this page, go back to Slack and type <code>/opens</code>."
            " <code>/opens disconnect</code> undoes it all.</p>\n"
            f"<p>You did not ask for this? Then somebody sent you their link: take the access back at"
            f" {_TAKE_BACK}.</p>",
        )
    return page(
        "Your mailbox is connected",
        f"<p><strong>{escape(account.email)}</strong> is connected. {lets}</p>\n"
        "<p><strong>Next:</strong> close this page. Twotick looks for the Slack member with this address, and tells"
        " them there what was opened. Is yours another one? Type <code>/opens connect</code> in Slack, and choose this"
        " mailbox.</p>\n"
        f"<p>To undo it, take the access back at {_TAKE_BACK}.</p>",
    )


def nothing_page(why: str, status: int) -> web.Response:
    return page("Nothing was connected", f"<p>{escape(why)}</p>", status)
