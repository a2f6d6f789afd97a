"""A look through a mailbox as a text in its account's row."""

import json

from tracker.following import LookThrough
from tracker.store.moments import moment, stamp


def look_text(look: LookThrough) -> str:
    return json.dumps([look.mark, stamp(look.at), stamp(look.since), look.last, look.done, look.total])


def look_of(text: str) -> LookThrough:
    mark, at, since, last, done, total = json.loads(text)
    return LookThrough(mark, moment(at), moment(since), last, done, total)
