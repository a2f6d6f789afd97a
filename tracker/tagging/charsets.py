"""Bytes of any charset as text of the same length, in which an HTML parser sees tags where a mail client does."""

import codecs
import re

_PRINTABLE = bytes(range(0x20, 0x7F))
_SHIFTING = frozenset({"iso2022_kr", "hz"})
_BOM = codecs.BOM_UTF8
# From an escape into another set than ASCII or JIS-Roman to the escape back: kanji in bytes that look like ASCII.
_KANJI = re.compile(rb"\x1b(?:\$[@-D]|\$\([@-~]|\([^BJ]|\.[@-~])(?:[^\x1b]|\x1b(?!\([BJ]))*+(?:\x1b\([BJ])?")


def view(data: bytes, charset: str) -> str | None:
    """One character a byte, such that tags stand at the same offsets; None where that cannot be had.

    A charset that keeps ASCII bytes for ASCII characters needs no decoding to
    find tags, so a lying or unknown charset does no harm. CRLF becomes space
    and LF, because the parser counts a CRLF as one character.
    """
    if b"\0" in data or not _keeps_ascii(charset):
        return None
    if _codec(charset).startswith("iso2022_jp"):
        data = _KANJI.sub(lambda run: b"\xff" * len(run.group()), data)
    if data.startswith(_BOM):
        data = b" " * len(_BOM) + data[len(_BOM) :]  # the parser would take it for the first word of the body
    return data.decode("latin-1").replace("\r\n", " \n")


def text(piece: bytes, charset: str) -> str | None:
    """A piece of the data, decoded by its charset, or by UTF-8 where that fails; None when both do."""
    for name in (charset, "utf-8"):
        try:
            return piece.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
    return None


def _codec(charset: str) -> str:
    try:
        return codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""


def _keeps_ascii(charset: str) -> bool:
    name = _codec(charset)
    if not name:
        # Unknown to us, so it may be anything; all that is in use for HTML mail keeps ASCII, but for these.
        return not re.match(r"(?i)(?:x-)?(?:utf-?(?:7|16|32)|ucs|ebcdic|unicode|iso-2022-cn)", charset)
    if name in _SHIFTING:
        return False
    try:
        return _PRINTABLE.decode(name) == _PRINTABLE.decode("ascii")
    except (UnicodeError, LookupError, ValueError):
        return False
