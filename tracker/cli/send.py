"""`twotick send`: sends a Gmail draft or a mail from a file, tracked."""

import sys
from argparse import Namespace

from tracker.assembly import opened_sending, opened_store
from tracker.cli.choosing import account_of
from tracker.cli.parsers import Commands
from tracker.cli.tag import read_mail
from tracker.sending import Order, Outcome
from tracker.settings import load_settings


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
    parser.add_argument("--level", choices=["full"], default="full", help="what is recorded")
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    order = Order(
        draft_id=arguments.draft,
        raw=None if arguments.draft else read_mail(arguments.file),
        links=arguments.links,
        per_recipient=arguments.per_recipient,
        level=arguments.level,
    )
    settings = load_settings()
    async with opened_store(settings) as store, opened_sending(settings, store) as sending:
        account = await account_of(store.accounts, arguments.account)
        outcome = await sending.send(account, order, _progress)
    _tell(outcome)
    return 0


def _progress(done: int, of: int) -> None:
    if of > 1:
        print(f"sent {done} of {of}", file=sys.stderr)


def _tell(outcome: Outcome) -> None:
    print(outcome.message.id)
    if outcome.repeated:
        print(f"twotick: this was sent already, at {outcome.message.sent_at:%Y-%m-%d %H:%M} UTC", file=sys.stderr)
    if outcome.message.untracked:
        print(f"twotick: sent, but not tracked: {outcome.message.untracked}", file=sys.stderr)
