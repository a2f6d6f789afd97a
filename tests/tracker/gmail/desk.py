"""Our Gmail client against the stand-in, with a patience that tests can afford."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from tests.makers import an_account
from tests.standins.gmail import GmailStandin, Mailbox, ServedGmail, start_gmail
from tests.standins.gmail_caller import SENDER
from tracker.gmail.asking import Patience
from tracker.gmail.mailers import GoogleMailers
from tracker.mailbox import Mailbox as Followed

SEND = "gmail.users.drafts.send"
CREATE = "gmail.users.drafts.create"
GET = "gmail.users.drafts.get"
TOKEN = "oauth2.token"


@dataclass
class Desk:
    """A sender at work: the stand-in, a mailer to it, and the delays that the mailer waited."""

    gmail: GmailStandin
    mailers: GoogleMailers
    mailer: Followed
    grants: dict[str, str]
    served: ServedGmail
    waited: list[float] = field(default_factory=list)

    @property
    def box(self) -> Mailbox:
        return self.gmail.mailboxes[SENDER]

    def asked(self, method_id: str) -> int:
        return sum(1 for called, _ in self.gmail.calls if called == method_id)


@asynccontextmanager
async def open_desk(**settings: Any) -> AsyncIterator[Desk]:
    """`settings` are Patience's; `standin` takes the place of a fresh one."""
    gmail = settings.pop("standin", None) or GmailStandin()
    waited: list[float] = []

    async def note(seconds: float) -> None:
        waited.append(seconds)
        await asyncio.sleep(0)

    async def refresh_token(account_id: str) -> str:
        return grants[account_id]

    patience = replace(Patience(seconds=5.0, jitter=lambda: 1.0, sleep=note), **settings)
    account = an_account(email=SENDER)
    grants = {account.id: gmail.add_mailbox(SENDER, "Sam")}
    async with start_gmail(gmail) as served:
        mailers = GoogleMailers(
            gmail.client_id,
            gmail.client_secret,
            served.api_url,
            served.token_url,
            refresh_token,
            clock=gmail.clock,
            patience=patience,
        )
        try:
            yield Desk(gmail, mailers, await mailers.of(account), grants, served, waited)
        finally:
            await mailers.close()
