"""Rows as an export tells them: JSON values, moments in ISO 8601, nothing that only the database understands."""

import json
from collections.abc import Sequence

from tracker.rights import Entry
from tracker.store.database import Row
from tracker.store.moments import moment

_JSON = ("recipients", "headers", "rules")
_MOMENTS = ("at", "until")
# `mail` is a letter on its way out, sealed: its words are nobody's to read here, and it goes with its order.
_OURS = ("words", "version", "lease", "held_until", "tries", "refusals", "is_raw", "whole", "mail")


def entries_of(entry: str, rows: Sequence[Row]) -> Sequence[Entry]:
    """One entry a row, which says what it is; what only serves our own work is left out."""
    return [{"entry": entry, **{name: _value(name, row[name]) for name in row if name not in _OURS}} for row in rows]


def _value(name: str, value: object) -> object:
    if value is None:
        return None
    if name in _JSON and isinstance(value, str):
        return json.loads(value)
    if isinstance(value, int) and (name in _MOMENTS or name.endswith("_at")):
        return moment(value).isoformat()
    return value
