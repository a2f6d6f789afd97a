"""Exports, and the erasure of single recipients."""

import json
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.model import Recipient
from tracker.rights import Entry, Erased
from tracker.store.database import Database, Row, Statements
from tracker.store.entries import entries_of
from tracker.store.mentions import blank, blank_links, blanked, mentions_of
from tracker.store.moments import stamp
from tracker.store.pages import pattern
from tracker.store.rows import recipients_of, recipients_text
from tracker.store.words import folded, note_words

_PER_PAGE = 100
_ACCOUNT = "SELECT id, email, slack_user, slack_team, state, synced_at FROM account WHERE id = $1"
_MESSAGES = "SELECT * FROM message WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT 100"
# What belongs to an account itself, not to one of its messages.
_BESIDE = (
    ("preference", "SELECT * FROM preference WHERE account_id = $1"),
    ("noise", "SELECT * FROM noise WHERE account_id = $1"),
    ("mute", "SELECT * FROM mute WHERE account_id = $1 ORDER BY set_at"),
    ("correction", "SELECT * FROM correction WHERE account_id = $1 ORDER BY at"),
    ("order", "SELECT * FROM send_order WHERE account_id = $1 ORDER BY asked_at"),
    ("sender_address", "SELECT ip, seen_at FROM sender_address WHERE account_id = $1 ORDER BY seen_at"),
)
_OF_MESSAGES = (
    ("copy", "SELECT * FROM copy WHERE message_id IN ($many) ORDER BY message_id, place"),
    ("document", "SELECT * FROM shelved_document WHERE message_id IN ($many) ORDER BY id"),
    ("reminder", "SELECT * FROM reminder WHERE message_id IN ($many) ORDER BY id"),
    ("look", "SELECT * FROM look WHERE message_id IN ($many) ORDER BY at"),
    ("alert", "SELECT * FROM alert WHERE message_id IN ($many) ORDER BY due_at"),
)
_OF_COPIES = (("answer", "SELECT * FROM answer WHERE copy_id IN ($many) ORDER BY at"),)
_HITS = "SELECT * FROM hit WHERE copy_id = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT 1000"

# By the words, in which every address stands; which copies it really is, their recipients say.
_SUSPECTS = """
SELECT copy.id, copy.message_id, copy.recipients FROM copy JOIN message ON message.id = copy.message_id
WHERE message.words LIKE $1 ESCAPE '!'
"""
_OF_THESE = " AND message.account_id IN ($many)"
_AT_ONCE = " ORDER BY copy.message_id, copy.place"
_LOCK = "UPDATE message SET version = version + 1 WHERE id IN ($many)"
_RECIPIENTS = "SELECT id, recipients FROM copy WHERE id = $1"
_RENAME = "UPDATE copy SET recipients = $2 WHERE id = $1"
_ANSWERS = "SELECT id, who FROM answer WHERE copy_id = $1"
_FORGET_ANSWERS = "DELETE FROM answer WHERE id IN ($many)"
_FORGET_ALERTS = "DELETE FROM alert WHERE copy_id = $1"
_FORGET_POSTS = "DELETE FROM post WHERE topic IN ($many)"
_FORGET_NEWS = "DELETE FROM post WHERE message_id IN ($many)"
_FORGET_CORRECTIONS = "DELETE FROM correction WHERE hit_id IN (SELECT id FROM hit WHERE copy_id = $1)"
_FORGET_COPY = "DELETE FROM copy WHERE id = $1"
_FORGET_MESSAGE = """
DELETE FROM message WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM copy WHERE message_id = $1) RETURNING id
"""
# Their address stands in these, whether or not a mail to them is left.
_ORDERS = "SELECT id FROM send_order WHERE recipient = $1"
_FORGET_OF_ORDERS = "UPDATE send_order SET subject = NULL, recipient = NULL WHERE id IN ($many)"
_MUTES = "SELECT id FROM mute WHERE kind = 'recipient' AND what IN ($1, $2)"
_FORGET_MUTES = "DELETE FROM mute WHERE id IN ($many)"
_OF_THESE_ALONE = " AND account_id IN ($many)"
_OFFER = "INSERT INTO export_offer (id, account_ids, until) VALUES ($1, $2, $3)"
_OFFERED = "SELECT id FROM export_offer WHERE id = $1 AND until > $2"
_TAKE = "DELETE FROM export_offer WHERE id = $1 RETURNING account_ids, until"
_FORGET_OFFERS = "DELETE FROM export_offer WHERE until <= $1"


class SqlRightsBook:
    """Keeps rights.RightsBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def everything(self, account_id: str) -> AsyncIterator[Entry]:
        for entry in await self._entries("account", _ACCOUNT, account_id):
            yield entry
        for kind, sql in _BESIDE:
            for entry in await self._entries(kind, sql, account_id):
                yield entry
        after = ""
        while messages := await self._entries("message", _MESSAGES, account_id, after):
            after = str(messages[-1]["id"])
            async for entry in self._about_messages(messages):
                yield entry

    async def about(self, address: str, account_ids: Sequence[str] | None) -> Erased:
        found = await self._suspects(address, account_ids)
        async with self._database.reading() as statements:
            beside = await _beside(statements, address, account_ids, _gone(found, address))
        return replace(beside, own=_own(found, address), shared=_shared(found, address))

    async def erase(self, address: str, account_ids: Sequence[str] | None) -> Erased:
        found = [row for row in await self._suspects(address, account_ids) if _named(row, address)]
        for start in range(0, len(found), _PER_PAGE):
            # A few at a time: who records hits meanwhile must not wait for the whole.
            some = found[start : start + _PER_PAGE]
            async with self._database.writing() as transaction:
                await transaction.rows(_LOCK, many=sorted({row["message_id"] for row in some}))
                for row in some:
                    await _erase_from(transaction, row, address)
        async with self._database.writing() as transaction:
            beside = await _beside(transaction, address, account_ids)
            await _erase_beside(transaction, address, account_ids)
        return replace(beside, own=_own(found, address), shared=_shared(found, address))

    async def offer(self, name: str, account_ids: Sequence[str], until: datetime) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_OFFER, name, json.dumps(list(account_ids)), stamp(until))

    async def offered(self, name: str, now: datetime) -> bool:
        async with self._database.reading() as statements:
            return bool(await statements.rows(_OFFERED, name, stamp(now)))

    async def take(self, name: str, now: datetime) -> Sequence[str]:
        async with self._database.writing() as transaction:
            rows = await transaction.rows(_TAKE, name)
            await transaction.rows(_FORGET_OFFERS, stamp(now))
        return [str(one) for row in rows if row["until"] > stamp(now) for one in json.loads(row["account_ids"])]

    async def _about_messages(self, messages: Sequence[Entry]) -> AsyncIterator[Entry]:
        ids = [str(message["id"]) for message in messages]
        about = {kind: await self._entries(kind, sql, many=ids) for kind, sql in _OF_MESSAGES}
        copies = [str(copy["id"]) for copy in about["copy"]]
        about |= {kind: await self._entries(kind, sql, many=copies) for kind, sql in _OF_COPIES}
        for entries in ([*messages], *about.values()):
            for entry in entries:
                yield entry
        for copy_id in copies:
            async for hit in self._hits_of(copy_id):
                yield hit

    async def _hits_of(self, copy_id: str) -> AsyncIterator[Entry]:
        edge: tuple[int, str] = (-1, "")
        while True:
            async with self._database.reading() as statements:
                rows = await statements.rows(_HITS, copy_id, *edge)
            for entry in entries_of("hit", rows):
                yield entry
            if len(rows) < 1000:
                return
            edge = (rows[-1]["at"], rows[-1]["id"])

    async def _entries(
        self, kind: str, sql: str, *values: object, many: Sequence[object] | None = None
    ) -> Sequence[Entry]:
        async with self._database.reading() as statements:
            return entries_of(kind, await statements.rows(sql, *values, many=many))

    async def _suspects(self, address: str, account_ids: Sequence[str] | None) -> Sequence[Row]:
        whose = "" if account_ids is None else _OF_THESE
        async with self._database.reading() as statements:
            sql = _SUSPECTS + whose + _AT_ONCE
            return await statements.rows(sql, pattern(folded(address.strip())), many=account_ids)


async def _erase_from(transaction: Statements, suspect: Row, address: str) -> None:
    """Erase a recipient from one copy, as it stands now."""
    copy_id, message_id = suspect["id"], suspect["message_id"]
    for row in await transaction.rows(_RECIPIENTS, copy_id):
        others = _others(row, address)
        if others:
            await transaction.rows(_RENAME, copy_id, recipients_text(others))
            await _forget_answers(transaction, copy_id, others)
            await blank_links(transaction, copy_id, address)
        else:
            await _forget_copy(transaction, copy_id)
    if await transaction.rows(_FORGET_MESSAGE, message_id):
        await transaction.rows(_FORGET_POSTS, many=[message_id, f"reminder:{message_id}"])
        await transaction.rows(_FORGET_NEWS, many=[message_id])
    else:
        await note_words(transaction, message_id)


async def _beside(
    statements: Statements, address: str, account_ids: Sequence[str] | None, gone: Collection[str] = ()
) -> Erased:
    """What names a recipient beside the mails to them; what goes with those that are `gone` is not counted."""
    orders = {row["id"] for row in await _orders(statements, address, account_ids)}
    mentions = {mention.row["id"] for mention in await mentions_of(statements, address, account_ids, gone)}
    return Erased(mutes=len(await _mutes(statements, address, account_ids)), notes=len(orders | mentions))


async def _erase_beside(transaction: Statements, address: str, account_ids: Sequence[str] | None) -> None:
    mutes = await _mutes(transaction, address, account_ids)
    await transaction.rows(_FORGET_MUTES, many=[row["id"] for row in mutes])
    orders = await _orders(transaction, address, account_ids)
    await transaction.rows(_FORGET_OF_ORDERS, many=[row["id"] for row in orders])
    for mention in await mentions_of(transaction, address, account_ids):
        await blank(transaction, mention, address)


async def _mutes(statements: Statements, address: str, account_ids: Sequence[str] | None) -> Sequence[Row]:
    whose = "" if account_ids is None else _OF_THESE_ALONE
    return await statements.rows(_MUTES + whose, address.strip().lower(), folded(address.strip()), many=account_ids)


async def _orders(statements: Statements, address: str, account_ids: Sequence[str] | None) -> Sequence[Row]:
    whose = "" if account_ids is None else _OF_THESE_ALONE
    return await statements.rows(_ORDERS + whose, folded(address.strip()), many=account_ids)


async def _forget_answers(transaction: Statements, copy_id: str, others: Sequence[Recipient]) -> None:
    """All save those that bear another recipient's name: people answer under names that we do not know."""
    theirs = {folded(name) for one in others for name in (one.address, one.name) if name}
    rows = await transaction.rows(_ANSWERS, copy_id)
    await transaction.rows(_FORGET_ANSWERS, many=[row["id"] for row in rows if folded(row["who"]) not in theirs])


async def _forget_copy(transaction: Statements, copy_id: str) -> None:
    await transaction.rows(_FORGET_ALERTS, copy_id)
    await transaction.rows(_FORGET_POSTS, many=[f"{topic}:{copy_id}" for topic in ("passed-on", "replied", "bounced")])
    await transaction.rows(_FORGET_CORRECTIONS, copy_id)
    await transaction.rows(_FORGET_COPY, copy_id)


def _own(rows: Sequence[Row], address: str) -> int:
    return sum(not _others(row, address) for row in rows if _named(row, address))


def _shared(rows: Sequence[Row], address: str) -> int:
    return sum(bool(_others(row, address)) for row in rows if _named(row, address))


def _gone(rows: Sequence[Row], address: str) -> set[str]:
    """The messages of which no copy would be left."""
    return {row["message_id"] for row in rows} - {row["message_id"] for row in rows if _others(row, address)}


def _named(row: Row, address: str) -> bool:
    return _others(row, address) != recipients_of(row["recipients"])


def _others(row: Row, address: str) -> tuple[Recipient, ...]:
    """A copy's recipients without this one; who bears the address as a name loses the name."""
    others = (one for one in recipients_of(row["recipients"]) if not _is(one, address))
    return tuple(replace(one, name=_unless_named(one.name, address)) for one in others)


def _unless_named(name: str, address: str) -> str:
    return name if blanked(name, address) == name else ""


def _is(recipient: Recipient, address: str) -> bool:
    return folded(recipient.address.strip()) == folded(address.strip())
