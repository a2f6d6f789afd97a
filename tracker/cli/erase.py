"""`twotick erase`: forgets an account, or a recipient in all accounts, with everything about them."""

import sys
from argparse import Namespace

from tracker.assembly import opened_connecting, opened_identities, opened_store
from tracker.cli.choosing import account_of
from tracker.cli.failing import Failed
from tracker.cli.parsers import Commands
from tracker.giving import Erasing
from tracker.ports import Store
from tracker.rights import Erased
from tracker.settings import Settings, load_settings


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("erase", help="erase everything about an account, or about a recipient")
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--account", metavar="E", help="a connected Gmail address: gives its grant back, too")
    whom.add_argument("--recipient", metavar="R", help="the address of somebody who was written to, in all accounts")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    settings = load_settings()
    async with opened_store(settings) as store:
        if arguments.account:
            await _erase_account(settings, store, arguments.account, asks=not arguments.yes)
        else:
            await _erase_recipient(settings, store, arguments.recipient, asks=not arguments.yes)
    return 0


async def _erase_account(settings: Settings, store: Store, email: str, *, asks: bool) -> None:
    account = await account_of(store.accounts, email)
    _confirm(f"Everything about {account.email} will be erased, and its grant given back.", asks)
    async with opened_identities(settings) as identities, opened_connecting(settings, store, identities) as connecting:
        revoked = connecting is not None and await connecting.disconnect(account)
    if connecting is None:
        await store.accounts.remove(account.email)
    print(f"erased {account.email} and everything about it")
    if not revoked:
        print("twotick: Google was not told: end the access at myaccount.google.com/connections", file=sys.stderr)


async def _erase_recipient(settings: Settings, store: Store, address: str, *, asks: bool) -> None:
    erasing = Erasing(store.rights, settings.secret_keys[0].reveal())
    there = await erasing.about(address, None)
    if there.nothing:
        raise Failed(f"--recipient: nothing is kept about {address}.")
    _confirm(
        f"Mails to {address} alone, to be forgotten with who opened them: {there.own}."
        f" Mails shared with others, from which their name goes: {there.shared}. {_beside(there)}",
        asks,
    )
    erased = await erasing.erase(address, None, by="operator")
    print(f"erased; mails to them alone: {erased.own}, shared mails that named them: {erased.shared}")
    print(_beside(erased))
    print("What Slack was told already stays in Slack, and mails stay in Gmail.")


def _beside(erased: Erased) -> str:
    return f"Mutes of them: {erased.mutes}. Other texts that named them, as of failed sendings: {erased.notes}."


def _confirm(what: str, asks: bool) -> None:
    if not asks:
        return
    if not sys.stdin.isatty():
        raise Failed(f"{what} Repeat the command with --yes to do it.")
    print(f"{what} This cannot be undone. Type yes to do it: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() != "yes":
        raise Failed("Nothing was erased.")
