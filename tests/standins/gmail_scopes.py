"""What a mailbox's owner can let a program do, in the words of the Gmail stand-in's consent page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.standins.gmail_discovery import MAIL_SCOPES

_USERINFO = "https://www.googleapis.com/auth/userinfo."
# Google takes the short names and answers with the long ones.
_LONG_NAMES = {"email": f"{_USERINFO}email", "profile": f"{_USERINFO}profile"}
SIGN_IN = frozenset({"openid", *_LONG_NAMES.values()})
KNOWN = MAIL_SCOPES | SIGN_IN


@dataclass(frozen=True, slots=True)
class Grant:
    email: str
    scopes: tuple[str, ...]

    @property
    def tells_email(self) -> bool:
        return _LONG_NAMES["email"] in self.scopes


def scopes_in(text: str) -> tuple[str, ...]:
    """The scopes of a request, by their long names."""
    return in_order(_LONG_NAMES.get(scope, scope) for scope in text.split())


def in_order(scopes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(scopes))


def kept_grant(kept: Any) -> Grant:
    """A grant from a snapshot; an old one named the mailbox alone."""
    if isinstance(kept, str):
        return Grant(kept, ("https://www.googleapis.com/auth/gmail.modify",))
    return Grant(kept["email"], tuple(kept["scopes"]))
