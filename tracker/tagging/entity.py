"""A MIME entity as ranges of a mail's bytes: its header, its body, and what its header says about it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker.tagging.outcome import Unsafe

_FIELD = rb"[^\s:]++[ \t]*+:"
# A line of the header that is neither a field nor the continuation of one; mailbox files begin with "From ".
_JUNK = re.compile(rb"^(?![ \t\r\n]|" + _FIELD + rb")(?!\AFrom )[^\n]", re.MULTILINE)
_ANY_FIELD = re.compile(rb"^" + _FIELD, re.MULTILINE)
_VALUE_END = re.compile(rb"[^\n]*+(?:\n[ \t][^\n]*+)*+\n?")
_LONGEST_VALUE = 8192  # of a Content-* field: real ones have a few hundred bytes
_PARAMETER = re.compile(r";\s*+([^\s=;\"]++)\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"?|([^\s;]*+))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: from `start` to `end` with its line break; its value begins at `value`."""

    start: int
    value: int
    end: int


@dataclass(frozen=True, slots=True)
class Entity:
    """A mail or a part of one: header from `start` to `body`, body from there to `end`."""

    start: int
    body: int
    end: int


def entity_at(raw: bytes, start: int, end: int) -> Entity:
    """Read where the header ends: at the first empty line."""
    for empty in (b"\n", b"\r\n"):
        if raw.startswith(empty, start, end):
            return Entity(start, start + len(empty), end)
    crlf = raw.find(b"\n\r\n", start, end)
    bare = raw.find(b"\n\n", start, crlf if crlf >= 0 else end)
    if bare >= 0:
        return Entity(start, bare + 2, end)
    return Entity(start, crlf + 3 if crlf >= 0 else end, end)


def fields(raw: bytes, entity: Entity, name: str) -> Iterator[Field]:
    """The header's fields of this name, in order."""
    begin = re.compile(rb"^" + re.escape(name.encode()) + rb"[ \t]*+:", re.MULTILINE | re.IGNORECASE)
    at = entity.start
    while found := begin.search(raw, at, entity.body):
        whole = _VALUE_END.match(raw, found.end(), entity.body)
        at = whole.end() if whole else entity.body
        yield Field(found.start(), found.end(), at)


def value(raw: bytes, field: Field) -> str:
    """The unfolded value; bytes that are not UTF-8 are read as Latin-1."""
    content = re.sub(rb"\r?\n", b"", raw[field.value : field.end]).strip()
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def the_value(raw: bytes, entity: Entity, name: str) -> str:
    """The value of a Content-* field, empty when it is absent. Raises Unsafe when there is no single sane one."""
    found = list(fields(raw, entity, name))
    if any(field.end - field.value > _LONGEST_VALUE for field in found):
        raise Unsafe("malformed")
    values = {value(raw, field) for field in found}
    if len(values) > 1:
        raise Unsafe("malformed")
    return values.pop() if values else ""


def has_header(raw: bytes, entity: Entity) -> bool:
    return _ANY_FIELD.search(raw, entity.start, entity.body) is not None


def has_junk(raw: bytes, entity: Entity) -> bool:
    """Whether the header has lines that belong to no field: programs differ in where they see its end."""
    return _JUNK.search(raw, entity.start, entity.body) is not None


def parameters(text: str) -> Mapping[str, str]:
    """The parameters of a Content-Type or Content-Disposition, by lower-case name; the first of a name counts."""
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(text):
        quoted = match.group(2)
        plain = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted is not None else match.group(3)
        found.setdefault(match.group(1).lower(), plain)
    return found
