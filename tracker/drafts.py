"""Drafts that may be orders: what is remembered of them until somebody has looked."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol


class DraftBook(Protocol):
    async def saved(self, account_id: str, gmail_ids: Collection[str], at: datetime) -> None:
        """Note drafts that were saved; the first note of each stays. Nothing happens when the account is gone."""

    async def gone(self, account_id: str, gmail_ids: Collection[str]) -> None:
        """Forget them: they were looked at, or another save took their place."""

    async def quiet(self, account_id: str, saved_before: datetime) -> Sequence[str]:
        """The account's drafts, as Gmail calls their mails, that were saved before then, earliest first."""
