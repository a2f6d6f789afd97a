"""One account's Gmail as a mailbox to follow: every promise of the Mailbox port."""

from collections.abc import Collection, Sequence
from datetime import datetime

from tracker.gmail import mailbox_wire as wire
from tracker.gmail.asking import Asking
from tracker.gmail.client import GmailClient
from tracker.gmail.mailbox_wire import MailboxWire
from tracker.gmail.wire import Wire, raw_of
from tracker.mailbox import (
    Alias,
    Changes,
    Colour,
    DraftName,
    Label,
    Mailbox,
    MailFacts,
    MailName,
    Place,
    Standing,
    Watched,
)

MOST_PAGES = 10  # of 500 records: a mailbox after a storm is worked off in steps that a crash does not undo


class GmailMailbox(GmailClient, Mailbox):
    """The Mailbox of one account, and with it the Mailer."""

    def __init__(self, ask: Asking, requests: Wire) -> None:
        super().__init__(ask, requests)
        self._following = MailboxWire(requests)

    async def profile(self) -> Standing:
        return await self._ask(self._following.profile(), wire.standing_of)

    async def history(self, since: str) -> Changes:
        pages = [await self._history_page(since, None)]
        while pages[-1].next_page and len(pages) < MOST_PAGES:
            pages.append(await self._history_page(since, pages[-1].next_page))
        return wire.merged(pages, since)

    async def watch(self, topic: str) -> Watched:
        return await self._ask(self._following.watch(topic), wire.watched_of)

    async def stop_watch(self) -> None:
        await self._ask(self._following.stop_watch(), wire.nothing_of)

    async def labels(self) -> Sequence[Label]:
        return await self._ask(self._following.labels(), wire.labels_of)

    async def create_label(self, name: str, colour: Colour | None = None) -> Label:
        return await self._ask(self._following.create_label(name, colour), wire.label_of)

    async def update_label(self, label_id: str, name: str | None = None, colour: Colour | None = None) -> Label:
        return await self._ask(self._following.update_label(label_id, name, colour), wire.label_of)

    async def relabel_thread(self, thread_id: str, add: Collection[str], remove: Collection[str]) -> None:
        if add or remove:
            await self._ask(self._following.relabel_thread(thread_id, add, remove), wire.nothing_of)

    async def message(self, gmail_id: str, headers: Collection[str]) -> MailFacts:
        return await self._ask(self._following.message(gmail_id, headers), wire.mail_facts_of)

    async def since(self, place: Place, moment: datetime, limit: int) -> Sequence[MailName]:
        return await self._ask(self._following.messages_since(place, moment, limit), wire.names_of)

    async def raw_message(self, gmail_id: str) -> bytes:
        return await self._ask(self._wire.message(gmail_id), raw_of)

    async def draft_names(self) -> Sequence[DraftName]:
        return await self._ask(self._wire.drafts(wire.PAGE), wire.draft_names_of)

    async def send_as(self) -> Sequence[Alias]:
        return await self._ask(self._following.send_as(), wire.aliases_of)

    async def delete_draft(self, draft_id: str) -> None:
        await self._ask(self._following.delete_draft(draft_id), wire.nothing_of)

    async def _history_page(self, since: str, page: str | None) -> wire.HistoryPage:
        return await self._ask(self._following.history(since, page), wire.history_page_of)
