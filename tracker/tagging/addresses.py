"""Address lists (RFC 5322, 3.4), read as forgivingly as mail clients do, in one pass."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.model import Recipient
from tracker.tagging.words import decoded_words, encoded_words

_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.)*+)"|<(?P<angle>[^<>]*+)>|(?P<open>\()'
    r"|(?P<end>[,;][,;\s]*+)|(?P<colon>:)|(?P<text>\\.|[^\"<>(\\,;:]++|.)",
    re.DOTALL,
)
_COMMENT = re.compile(r"(?P<open>\()|(?P<close>\))|(?:[^()\\]|\\.)++|.", re.DOTALL)
_QUOTED_OR_SPACE = re.compile(r'("(?:[^"\\]|\\.)*+")|\s++', re.DOTALL)
_NEVER = r"\x00-\x1f\x7f-\x9f\ud800-\udfff"
_ATOMS = rf'[^\s{_NEVER}"(),:;<>@\[\]\\]++'
_ADDRESS = re.compile(rf'(?:"(?:[^{_NEVER}"\\]|\\[^{_NEVER}])++"|{_ATOMS})@(?:{_ATOMS}|\[[^\s{_NEVER}\[\]\\<>]++\])')
_CONTROL = re.compile(rf"[{_NEVER}]")
_PLAIN_NAME = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]*+", re.ASCII)


def recipients_in(value: str) -> Iterator[Recipient]:
    """The mailboxes of an address list, those in groups too. What holds no address is passed over."""
    box = _Box()
    at = 0
    while at < len(value):
        if value[at] == "(":
            comment = _comment_end(value, at)
            if not comment:
                value = value[:at] + value[at:].replace("(", " ")  # never closed: it was a smiley
                continue
            box.comments.append(value[at + 1 : comment - 1])
            at = comment
            continue
        token = _TOKEN.match(value, at)
        at = token.end() if token else at + 1
        if token and token.lastgroup == "end":
            yield from box.recipient()
            box = _Box()
        elif token:
            box.take(token)
    yield from box.recipient()


def mailbox(recipient: Recipient, newline: str) -> str:
    """A recipient as it stands in a To field. Line breaks and other control characters are left out."""
    address = _without_space(_CONTROL.sub("", recipient.address))
    name = _CONTROL.sub("", recipient.name).strip()
    if not name:
        return address
    written = encoded_words(name, newline)
    if written == name and not _PLAIN_NAME.fullmatch(name):
        escaped = re.sub(r'(["\\])', r"\\\1", name)
        written = f'"{escaped}"'
    return f"{written} <{address}>"


def mailbox_field(recipients: Sequence[Recipient], newline: str) -> str:
    """Recipients as an address list, one a line."""
    return f",{newline} ".join(mailbox(recipient, newline) for recipient in recipients)


@dataclass(slots=True)
class _Box:
    """One mailbox while it is read."""

    name: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)  # the same with its quotes, in case it is the address
    angle: str | None = None
    comments: list[str] = field(default_factory=list)
    has_at: bool = False

    def take(self, token: re.Match[str]) -> None:
        if token.lastgroup == "colon" and self.angle is None and not self.has_at:
            self.name, self.written = [], []  # what stood before the colon was a group's name
        elif token.lastgroup == "angle":
            self.angle = token["angle"] if self.angle is None else self.angle
        else:
            quoted = token["quoted"]
            self.name.append(token.group() if quoted is None else re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL))
            self.written.append(token.group())
            self.has_at |= "@" in token.group()

    def recipient(self) -> Iterator[Recipient]:
        name = "" if self.angle is None else "".join(self.name).strip()
        address = "".join(self.written) if self.angle is None else re.sub(r"^\s*@[^:]*+:", "", self.angle)
        address = _without_space(address)
        if _ADDRESS.fullmatch(address):
            yield Recipient(address, " ".join(decoded_words(name or " ".join(self.comments)).split()))


def _comment_end(value: str, at: int) -> int:
    """Behind the comment that opens there; 0 when it is never closed."""
    depth = 0
    for token in _COMMENT.finditer(value, at):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if not depth:
            return token.end()
    return 0


def _without_space(address: str) -> str:
    return _QUOTED_OR_SPACE.sub(lambda found: found.group(1) or "", address)
