"""`twotick send`: sends a Gmail draft or a mail from a file, tracked."""

import sys
from argparse import ArgumentTypeError, Namespace
from datetime import UTC, datetime

from tracker.assembly import opened_mailers, opened_store, sending_of
from tracker.cli.choosing import account_of
from tracker.cli.failing import Failed
from tracker.cli.parsers import Commands
from tracker.cli.tag import read_mail
from tracker.clock import utc_now
from tracker.plain import printable
from tracker.ports import Mailer, Missing
from tracker.scheduling import Scheduling
from tracker.sending import Order, Outcome
from tracker.settings import load_settings
from tracker.wishes import SendOrder

_DRAFTS_SHOWN = 10


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("send", help="send a draft or a file, tracked; prints the message's id")
    parser.add_argument("--account", required=True, metavar="E", help="the Gmail address to send from")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--draft", metavar="ID", help="a draft in Gmail")
    what.add_argument("--file", metavar="MAIL.eml", help="a MIME message; - reads it from stdin")
    parser.add_argument("--links", action="store_true", help="track its links, too")
    parser.add_argument(
        "--per-recipient", action="store_true", help="one mail to each recipient, each with its own pixel"
    )
    parser.add_argument(
        "--documents", action="store_true", help="its attachments go out as links, so that you see who opens them"
    )
    parser.add_argument("--level", choices=["full"], default="full", help="what is recorded")
    parser.add_argument(
        "--at",
        type=_moment,
        metavar="TIME",
        help="when to send it, e.g. 2026-12-01T09:00 (local time) or …T09:00+01:00",
    )
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    order = Order(
        draft_id=arguments.draft,
        raw=None if arguments.draft else read_mail(arguments.file),
        links=arguments.links,
        per_recipient=arguments.per_recipient,
        level=arguments.level,
        documents=arguments.documents,
    )
    settings = load_settings()
    async with opened_store(settings) as store, opened_mailers(settings, store) as mailers:
        account = await account_of(store.accounts, arguments.account)
        if arguments.at:
            _tell_later(await Scheduling(store.orders, mailers, utc_now).put(account, order, arguments.at))
        else:
            try:
                _tell(await sending_of(settings, store, mailers).send(account, order, _progress))
            except Missing as missing:
                raise Failed(f"{missing}\n{await _choice(await mailers.of(account))}") from None
    return 0


async def _choice(mailer: Mailer) -> str:
    """The latest drafts with their ids, which Gmail's own pages do not show."""
    drafts = await mailer.drafts(_DRAFTS_SHOWN)
    if not drafts:
        return "There is no draft in Gmail now. Write one there, then run this command again."
    lines = (f"  --draft {draft.id}   {printable(draft.subject)}, to {printable(draft.to)}" for draft in drafts)
    return "\n".join(["The latest drafts are:", *lines])


def _moment(text: str) -> datetime:
    """A moment to come; without an offset it is the local time."""
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise ArgumentTypeError(f"expected a time such as 2026-12-01T09:00, not {text!r}") from None
    if at <= utc_now():
        raise ArgumentTypeError(f"expected a time to come, and {text} is past")
    return at


def _progress(done: int, of: int) -> None:
    if of > 1:
        print(f"sent {done} of {of}", file=sys.stderr)


def _tell_later(order: SendOrder) -> None:
    print(order.id)
    at = order.not_before.astimezone()
    print(f"twotick: will be sent at {at:%Y-%m-%d %H:%M %Z}, while the worker runs", file=sys.stderr)


def _tell(outcome: Outcome) -> None:
    print(outcome.message.id)
    if not outcome.repeated and not outcome.message.untracked:
        people = [one.address for copy in outcome.copies for one in copy.recipients]
        to = people[0] if len(people) == 1 else f"{len(people)} recipients"
        print(f"twotick: sent to {to}, tracked; Slack tells when it is opened", file=sys.stderr)
    if outcome.repeated:
        print(f"twotick: this was sent already, at {outcome.message.sent_at:%Y-%m-%d %H:%M} UTC", file=sys.stderr)
    if outcome.message.untracked:
        print(f"twotick: sent, but not tracked: {outcome.message.untracked}", file=sys.stderr)
    elif outcome.message.left_attached:
        print(f"twotick: still attached: {printable(outcome.message.left_attached)}", file=sys.stderr)
