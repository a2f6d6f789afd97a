"""Grants: what to do when Google withdrew one."""

import structlog

from tracker.clock import Clock, new_id
from tracker.model import Account, AccountState, Alert, AlertKind
from tracker.ports import AccountBook

log = structlog.get_logger()

_FOR_THE_OPERATOR = (
    "run `twotick accounts add --email {email} --delegated` with the same --slack-user: it says what Google lacks,"
    " and connects the mailbox again"
)


class Granting:
    """Marks accounts whose grant ended, and has their owners told, once."""

    def __init__(self, accounts: AccountBook, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock

    async def withdrawn(self, account: Account) -> None:
        """Google refused the account's grant: stop using it, and ask its owner to connect again."""
        if account.delegated:
            log.error(
                "delegation_refused", account=account.email, what_to_do=_FOR_THE_OPERATOR.format(email=account.email)
            )
        now = self._clock()
        alert = Alert(
            id=new_id(),
            key=f"reconnect:{account.id}:{now.isoformat()}",
            kind=AlertKind.RECONNECT,
            account_id=account.id,
            due_at=now,
        )
        await self._accounts.set_state(account.id, AccountState.RECONNECT, alert)
