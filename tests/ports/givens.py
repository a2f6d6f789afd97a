"""What is already in a store when a test begins."""

from dataclasses import dataclass
from typing import Any

from tests.makers import a_copy, a_hit, a_judged, a_message, a_summary, a_verdict, an_account, an_alert
from tracker.model import Account, Alert, Copy, Judged, Message, Summary
from tracker.ports import Recorded, Store


@dataclass(frozen=True, slots=True)
class Given:
    """A message in the store, with its account and copies."""

    account: Account
    message: Message
    copies: tuple[Copy, ...]

    @property
    def copy(self) -> Copy:
        return self.copies[0]


async def given_account(store: Store, **facts: Any) -> Account:
    return await store.accounts.add(an_account(**facts), "refresh-token")


async def given_message(store: Store, account: Account | None = None, copies: int = 1, **facts: Any) -> Given:
    """A tagged message with unarmed copies."""
    account = account or await given_account(store)
    message = a_message(account_id=account.id, **facts)
    made = tuple(a_copy(message_id=message.id) for _ in range(copies))
    await store.messages.begin(message, made)
    return Given(account, message, made)


async def given_alert(store: Store, given: Given, **facts: Any) -> Alert:
    """An alert about a message, in the outbox."""
    about = {"account_id": given.account.id, "message_id": given.message.id, "copy_id": given.copy.id}
    alert = an_alert(**{**about, **facts})
    history = (await store.hits.histories([given.copy.id]))[given.copy.id]
    await store.hits.record([Recorded(given.copy.id, history.version, (), history.summary, (alert,))])
    return alert


def recorded(copy: Copy, *judged: Judged, version: int = 0, summary: Summary | None = None) -> Recorded:
    """What hits change about a copy: by default one that nobody has written about since it was begun."""
    return Recorded(copy.id, version, judged, summary or a_summary(), ())


def judged_hit(copy: Copy, *, verdict: dict[str, Any] | None = None, **facts: Any) -> Judged:
    """A hit on this copy with its verdict."""
    return a_judged(hit=a_hit(copy_id=copy.id, **facts), verdict=a_verdict(**(verdict or {})))
