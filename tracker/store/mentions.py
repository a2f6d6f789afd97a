"""Addresses inside texts that are kept for another reason (subjects, failures, file names): found, and blanked."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracker.store.database import Row, Statements
from tracker.store.words import note_words

ERASED = "(erased)"
# Where a domain goes on, it is another one; the ending of a file's name is none.
_NO_LONGER = r"(?![\w-]|\.(?!(?:pdf|docx?|xlsx?|pptx?|csv|txt|eml|ics|zip|png|jpe?g)\b)\w)"


@dataclass(frozen=True, slots=True)
class _Place:
    """Texts of one table. `whose` names the column of the account; with `follows`, a row goes with its message."""

    table: str
    texts: tuple[str, ...]
    joined: str = ""
    whose: str = "message.account_id"
    message: str = "message.id"
    follows: bool = True

    @property
    def candidates(self) -> str:
        """Every address has this sign; whose address it is, is not for SQL, which folds only some letters."""
        columns = ", ".join(f"{self.table}.{text}" for text in self.texts)
        anywhere = " OR ".join(f"{self.table}.{text} LIKE '%@%'" for text in self.texts)
        return (
            f"SELECT {self.table}.id, {self.message} AS about_message, {columns}"  # noqa: S608
            f" FROM {self.table} {self.joined} WHERE ({anywhere})"
        )

    @property
    def blanking(self) -> str:
        changes = ", ".join(f"{text} = ${place}" for place, text in enumerate(self.texts, 2))
        return f"UPDATE {self.table} SET {changes} WHERE id = $1"  # noqa: S608


_PLACES = (
    _Place("message", ("subject", "untracked", "left_attached")),
    _Place(
        "answer",
        ("who", "why"),
        "JOIN copy ON copy.id = answer.copy_id JOIN message ON message.id = copy.message_id",
    ),
    _Place("shelved_document", ("name",), "JOIN message ON message.id = shelved_document.message_id"),
    _Place("alert", ("buried",), whose="alert.account_id", message="alert.message_id"),
    _Place(
        "send_order",
        ("subject", "failure"),
        whose="send_order.account_id",
        message="send_order.message_id",
        follows=False,
    ),
)
_LINKS = "SELECT id, link FROM hit WHERE copy_id = $1 AND (link LIKE '%@%' OR link LIKE '%!%40%' ESCAPE '!')"
_RELINK = "UPDATE hit SET link = $2 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Mention:
    """A row that names somebody in passing."""

    place: _Place
    row: Row


def blanked(text: str, address: str) -> str:
    """The text without this address, however its letters are spelled; longer addresses that hold it stay."""
    local, _, domain = address.strip().rpartition("@")
    named = rf"(?<![\w.+-]){re.escape(local)}(?:@|%40){re.escape(domain)}{_NO_LONGER}"
    return re.sub(named, ERASED, text, flags=re.IGNORECASE)


async def mentions_of(
    statements: Statements, address: str, account_ids: Sequence[str] | None, gone: Collection[str] = ()
) -> list[Mention]:
    """The rows that name an address in passing, save those that go with a message that is `gone`."""
    found = []
    for place in _PLACES:
        whose = "" if account_ids is None else f" AND {place.whose} IN ($many)"
        rows = await statements.rows(place.candidates + whose, many=account_ids)
        found += [
            Mention(place, row)
            for row in rows
            if not (place.follows and row["about_message"] in gone) and _blanked_row(place, row, address)
        ]
    return found


async def blank(transaction: Statements, mention: Mention, address: str) -> None:
    """Take the address out of the row, and out of what is searched."""
    place, row = mention.place, mention.row
    await transaction.rows(place.blanking, row["id"], *(_without(row[text], address) for text in place.texts))
    if place.table == "message":
        await note_words(transaction, row["id"])


async def blank_links(transaction: Statements, copy_id: str, address: str) -> None:
    """Take the address out of the links that were followed in a copy."""
    for row in await transaction.rows(_LINKS, copy_id):
        if (link := blanked(row["link"], address)) != row["link"]:
            await transaction.rows(_RELINK, row["id"], link)


def _blanked_row(place: _Place, row: Row, address: str) -> bool:
    return any(_without(row[text], address) != row[text] for text in place.texts)


def _without(text: str | None, address: str) -> str | None:
    return text and blanked(text, address)
