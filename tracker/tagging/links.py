"""Which addresses are tracked: web links that a person follows, and nothing that must stay what it is."""

import re
from collections.abc import Collection

LONGEST = 1500  # bytes: a token carries its address, and mail systems cut URLs above about 2,000 characters

_WEB = re.compile(r"https?://[^/?#\s\\]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_MERGE_TAG = re.compile(
    r"\{\{|\{%|\*\||\[\[|\$\{|#\{|<%|<<|%%"
    # %FIRSTNAME% is a merge tag, %C3%A9 is not.
    r"|%(?![0-9A-Fa-f]{2})[A-Za-z_][\w.-]*+%|%[A-Z_]{4,}+%(?![0-9A-Fa-f]{2})"
    r"|%7B%7B|%5B%5B|\*%7C",
    re.IGNORECASE,
)
_UNSUBSCRIBE = re.compile(
    r"unsubscri|opt[\s_-]?out|list-manage\.com/unsub|abmelden|abbestellen|austragen|d[ée]s[-\s]?abonn|d[ée]sinscri"
    r"|darse\s+de\s+baja|cancelar\s+(?:la\s+)?suscripci|descadastr|cancelar\s+inscri|disiscri|annulla\s+iscrizione"
    r"|uitschrijv|afmeld|avregistrer|avmeld|afmeld|wypisz|отписа|配信停止|退订",
    re.IGNORECASE,
)


def address_in(href: str) -> str | None:
    """The web address an href leads to, as browsers read it; None when it is no web address, or a merge tag's place."""
    address = re.sub(r"[\t\r\n]", "", href.strip("".join(map(chr, range(0x21)))))
    if not _WEB.match(address) or _CONTROL.search(address) or _MERGE_TAG.search(address):
        return None
    return address


def is_unsubscribe(address: str, words: str, declared: Collection[str]) -> bool:
    """Whether this is the way out of a mailing list, which a recipient must be able to take unseen.

    `words` is the link's text, `declared` the addresses in List-Unsubscribe.
    """
    return address in declared or bool(_UNSUBSCRIBE.search(address) or _UNSUBSCRIBE.search(words))


def is_too_long(address: str) -> bool:
    return len(address.encode()) > LONGEST
