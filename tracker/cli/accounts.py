"""`twotick accounts`: connects mailboxes by hand, lists and removes them."""

import sys
from argparse import Namespace
from dataclasses import replace
from email.headerregistry import Address
from pathlib import Path

from tracker.assembly import opened_mailers, opened_store
from tracker.cli.failing import Failed
from tracker.cli.parsers import Commands
from tracker.clock import new_id
from tracker.model import Account, Profile
from tracker.ports import NotAuthorized, Store
from tracker.settings import Settings, load_settings


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("accounts", help="connect, list and remove Gmail accounts")
    verbs = parser.add_subparsers(metavar="add|list|remove", required=True)
    add = verbs.add_parser("add", help="connect an account, or give it a new grant")
    add.add_argument("--email", required=True, help="the Gmail address")
    add.add_argument("--slack-user", required=True, metavar="U…", help="the Slack user id of its owner")
    add.add_argument("--slack-team", default="", metavar="T…", help="the Slack workspace id, when there are several")
    add.add_argument(
        "--delegated", action="store_true", help="by GOOGLE_SERVICE_ACCOUNT_FILE, without a grant of its owner's"
    )
    add.add_argument(
        "--refresh-token-file", default="-", metavar="FILE", help="a file with Google's refresh token; - is stdin"
    )
    add.set_defaults(run=_add)
    verbs.add_parser("list", help="show the accounts").set_defaults(run=_list)
    remove = verbs.add_parser("remove", help="forget an account and everything about it")
    remove.add_argument("--email", required=True)
    remove.set_defaults(run=_remove)


async def _add(arguments: Namespace) -> int:
    settings = load_settings()
    account = Account(new_id(), _email(arguments.email), arguments.slack_user, arguments.slack_team)
    if arguments.delegated:
        account = replace(account, profile=Profile.FULL, delegated=True)
    token = "" if arguments.delegated else _refresh_token(arguments.refresh_token_file)
    async with opened_store(settings) as store:
        if arguments.delegated:
            await _check_delegation(settings, store, account)
        added = await store.accounts.add(account, token)
    print(f"connected {added.email} for Slack user {added.slack_user}")
    return 0


async def _check_delegation(settings: Settings, store: Store, account: Account) -> None:
    """Act for the mailbox once, before it is noted. Raises Failed with what is missing at Google."""
    if settings.google_service_account is None:
        raise Failed("--delegated: expected GOOGLE_SERVICE_ACCOUNT_FILE, the key file of a service account, in .env.")
    async with opened_mailers(settings, store) as mailers:
        try:
            standing = await (await mailers.of(account)).profile()
        except NotAuthorized as refused:
            raise Failed(f"{refused} Then run this command again.") from None
    if standing.email.lower() != account.email:
        raise Failed(f"--email: {account.email} is another name of the mailbox {standing.email}. Connect that one.")


async def _list(_: Namespace) -> int:
    async with opened_store(load_settings()) as store:
        accounts = await store.accounts.all()
    for account in accounts:
        way = "delegated" if account.delegated else account.profile or "unknown"
        who = f"{account.slack_user or '-'}\t{account.slack_team or '-'}"
        print(f"{account.email}\t{who}\t{account.state}\t{way}")
    if not accounts:
        print("No account is connected. Connect one with `twotick accounts add`.", file=sys.stderr)
    return 0


async def _remove(arguments: Namespace) -> int:
    async with opened_store(load_settings()) as store:
        removed = await store.accounts.remove(arguments.email)
    if not removed:
        raise Failed(f"there is no account {arguments.email}; `twotick accounts list` shows those there are.")
    print(f"removed {arguments.email} and everything about it")
    return 0


def _email(text: str) -> str:
    try:
        address = Address(addr_spec=text.strip())
    except (ValueError, IndexError):
        raise Failed(f"--email: expected an address such as you@example.com, not {text!r}.") from None
    if not address.domain:
        raise Failed(f"--email: expected an address such as you@example.com, not {text!r}.")
    return address.addr_spec.lower()


def _refresh_token(name: str) -> str:
    if name == "-" and sys.stdin.isatty():
        print("Paste Google's refresh token, then press Return and Ctrl-D:", file=sys.stderr)
    try:
        token = (sys.stdin.read() if name == "-" else Path(name).read_text()).strip()
    except (OSError, UnicodeDecodeError):
        raise Failed(f"--refresh-token-file: cannot read {name}; expected a text file with the token alone.") from None
    if not token or len(token.split()) != 1:
        raise Failed("the refresh token is empty or has spaces in it; expected Google's refresh token alone.")
    return token
