"""Encoded words (RFC 2047): text in headers, read and written."""

import binascii
import re
from collections.abc import Iterator

_WORD = re.compile(r"=\?([^?\s]++)\?([bBqQ])\?([^?\s]*+)\?=")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST_LINE = 68  # with the field's name, what RFC 5322 recommends
_LONGEST_WORD = 900  # that stands as it is: no server takes a line over 998
_PIECE = 42  # bytes: an encoded word has at most 75 characters, 12 of which are not text


def decoded_words(text: str) -> str:
    """The text with its encoded words decoded; what cannot be decoded stays as it is written."""
    out: list[str] = []
    run: list[tuple[str, bytes]] = []
    at = 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        at = word.end()
        data = _data(word.group(2), word.group(3))
        if between.strip() or data is None or not run:
            out += (_text(run), between)
            run = []
        if data is None:
            out.append(word.group())
        else:
            run.append((word.group(1).partition("*")[0], data))
    return _CONTROL.sub("", "".join((*out, _text(run), text[at:])))


def encoded_words(text: str, newline: str) -> str:
    """Text as encoded words of UTF-8, one a line; as it is where it is ASCII that nobody can mistake for one."""
    if len(text) <= _LONGEST_WORD and text.isascii() and text.isprintable() and "=?" not in text:
        return text
    return _encoded(text, newline)


def _encoded(text: str, newline: str) -> str:
    return f"{newline} ".join(
        f"=?utf-8?b?{binascii.b2a_base64(piece.encode(), newline=False).decode()}?=" for piece in _pieces(text)
    )


def subject_field(subject: str, newline: str) -> str:
    """A subject as it stands in a header, on lines that every server takes; line breaks in it are left out."""
    words = " ".join(_CONTROL.sub(" ", subject).split())
    if max(map(len, words.split(" "))) > _LONGEST_WORD:
        return _encoded(words, newline)
    if words.isascii() and words.isprintable() and "=?" not in words:
        return _folded(words, newline)
    return _encoded(words, newline)


def _folded(words: str, newline: str) -> str:
    """ASCII folded at its spaces; a word longer than a line stays whole."""
    lines = [""]
    for word in words.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _LONGEST_LINE:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return f"{newline} ".join(lines)


def _data(encoding: str, text: str) -> bytes | None:
    if encoding in "bB":
        try:
            return binascii.a2b_base64(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            return None
    return binascii.a2b_qp(text.encode("utf-8", "surrogateescape"), header=True)


def _text(run: list[tuple[str, bytes]]) -> str:
    """Adjoining words as one text: some programs cut a character in two between words of the same charset."""
    out: list[str] = []
    at = 0
    while at < len(run):
        end = at
        while end < len(run) and run[end][0].lower() == run[at][0].lower():
            end += 1
        out.append(_decoded(b"".join(data for _, data in run[at:end]), run[at][0]))
        at = end
    return "".join(out)


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _pieces(text: str) -> Iterator[str]:
    piece = ""
    for character in text:
        if len((piece + character).encode()) > _PIECE:
            yield piece
            piece = ""
        piece += character
    yield piece
