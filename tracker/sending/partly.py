"""How a refusal says that a part of the mails went out all the same, and how that is read again. Pure."""

import re

_SENT_TO = re.compile(r"Sent to (\d+) of (\d+)\.")


def sent_to(out: int, of: int) -> str:
    """What the reason begins with."""
    return f"Sent to {out} of {of}."


def how_many_out(reason: str) -> tuple[int, int] | None:
    """How many of how many went out; None where it was none of them, or no part of more."""
    found = _SENT_TO.match(reason)
    return (int(found[1]), int(found[2])) if found and int(found[1]) else None
