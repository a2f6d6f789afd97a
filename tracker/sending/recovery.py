"""Recovery: what went out before a crash is armed, whether or not anybody repeats the order."""

from dataclasses import replace
from datetime import timedelta

import structlog

from tracker.clock import Clock
from tracker.granting import Granting
from tracker.model import Account, AccountState, Message, MessageState
from tracker.ports import AccountBook, InDoubt, MessageBook, Missing, NotAuthorized, Refused, TryLater
from tracker.sending.use import Sending

log = structlog.get_logger()

_LOOKED_BACK = timedelta(days=7)
_GIVEN_UP_AFTER = timedelta(days=1)


class Recovery:
    """Looks after messages whose sending was interrupted. It arms and finishes; it never sends."""

    def __init__(
        self, accounts: AccountBook, messages: MessageBook, sending: Sending, granting: Granting, clock: Clock
    ) -> None:
        self._accounts = accounts
        self._messages = messages
        self._sending = sending
        self._granting = granting
        self._clock = clock

    async def run_once(self) -> int:
        """Look at every interrupted message once; returns how many were completed."""
        completed = 0
        for message in await self._messages.unfinished(self._clock() - _LOOKED_BACK):
            account = await self._accounts.by_id(message.account_id)
            if account and account.state is AccountState.CONNECTED:
                completed += await self._look(account, message)
        return completed

    async def _look(self, account: Account, message: Message) -> bool:
        try:
            return await self._sending.complete(account, message)
        except NotAuthorized:
            await self._granting.withdrawn(account)
        except (Missing, InDoubt):
            await self._give_up_in_time(message)
        except (Refused, TryLater) as failure:
            log.warning("an interrupted sending could not be looked at yet", message=message.id, reason=str(failure))
        return False

    async def _give_up_in_time(self, message: Message) -> None:
        if message.created_at < self._clock() - _GIVEN_UP_AFTER:
            await self._messages.finish(replace(message, state=MessageState.FAILED))
