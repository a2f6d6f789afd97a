"""Finding the account that a command names."""

from tracker.cli.failing import Failed
from tracker.model import Account
from tracker.ports import AccountBook


async def account_of(accounts: AccountBook, email: str) -> Account:
    """The account of this address. Raises Failed, naming those there are."""
    account = await accounts.by_email(email)
    if account:
        return account
    known = ", ".join(sorted(one.email for one in await accounts.all()))
    there_are = f"There is {known}." if known else "None is connected yet."
    raise Failed(f"--account: {email} is not connected. {there_are} Connect it with `twotick accounts add`.")
