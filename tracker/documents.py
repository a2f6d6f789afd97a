"""Documents: attachments that go out as tracked links, their names made harmless, and how a hit tells of one."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

PIECE = 256 * 1024  # bytes: what is read, decrypted and sent at once, however large the document

_LONGEST_NAME = 120
_LONGEST_ENDING = 16
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_NOT_IN_A_NAME = re.compile(r'[<>:"|?*]')
_HIT = "document:"


@dataclass(frozen=True, slots=True)
class Document:
    """A file that its recipients fetch from us until `expires_at`; `id` is the same for every try to send it.

    `kind` is what its sender's program called it, such as "application/pdf".
    """

    id: str
    message_id: str
    name: str
    kind: str
    size: int
    expires_at: datetime


def file_name(text: str) -> str:
    """A name that every system can save and no reader can be fooled by; "document" where nothing is left of it."""
    last = re.split(r"[/\\]", text[-4 * _LONGEST_NAME :])[-1]
    seen = "".join(" " if char.isspace() else char for char in last if _shows(char))
    clean = " ".join(_NOT_IN_A_NAME.sub("_", seen).split()).strip(". ")
    if len(clean) <= _LONGEST_NAME:
        return clean or "document"
    stem, dot, ending = clean.rpartition(".")
    kept = dot + ending if stem and len(ending) <= _LONGEST_ENDING else ""
    return clean[: _LONGEST_NAME - len(kept) - 1].rstrip(". ") + "…" + kept


def size_words(size: int) -> str:
    """How large it is, as mail programs say it: "340 bytes", "12 kB", "1.4 MB"."""
    if size < 1000:
        return f"{size} byte{'' if size == 1 else 's'}"
    return f"{round(size / 1000)} kB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"


def hit_link(document: Document) -> str:
    """What a hit keeps of the document that was fetched: its name outlives the file."""
    return f"{_HIT}{document.id}/{document.name}"


def document_in(link: str | None) -> str:
    """The name of the document that a hit is about; empty when it is about none."""
    return link.partition("/")[2] if link and link.startswith(_HIT) else ""


def _shows(char: str) -> bool:
    return char in "\t\n\r" or unicodedata.category(char) not in _UNSEEN
