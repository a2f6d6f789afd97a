"""What became of a mail that was to be tagged: the tagged mail, or the reason why it stays as it is."""

from dataclasses import dataclass
from types import MappingProxyType

GMAIL_LIMIT = 26_214_400  # bytes: Gmail refuses to send more (25 MB)

REASONS = MappingProxyType(
    {
        "plain_text": "This mail has plain text only, which cannot carry a pixel. "
        "In Gmail's compose window open the three dots, untick “Plain text mode”, save, and send it tracked again.",
        "signed": "This mail is digitally signed, and tracking it would break the signature. "
        "Turn signing off for this mail to have it tracked.",
        "encrypted": "This mail is encrypted, so nothing can be put into it. "
        "Turn encryption off for this mail to have it tracked.",
        "malformed": "This mail is damaged or put together in a way that cannot be changed safely. "
        "Write it again in Gmail's compose window and send it tracked from there.",
        "charset": "This mail is written in a character set that cannot be changed safely. "
        "Write it again in Gmail's compose window, which uses UTF-8, and send it tracked from there.",
        "too_large": "With its attachments this mail is larger than the 25 MB that Gmail sends. "
        "Put the largest attachment on Drive and insert its link instead.",
        "invitation": "This mail holds an invitation to a calendar, which stays as it is.",
        "fragile": "The pixel would have changed how this mail looks, so it was left out. "
        "Write the mail again in Gmail's compose window and send it tracked from there.",
    }
)


@dataclass(frozen=True, slots=True)
class Tagged:
    """The mail with its pixel.

    `links` counts hrefs that are tracked now, `restored` earlier tracked links
    that got their own address back (to be tracked anew, when links are on),
    `pixels_cut` earlier pixels of ours. `notes` says what was left untracked, for the sender.
    """

    raw: bytes
    links: int
    pixels_cut: int = 0
    restored: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Untaggable:
    """The mail as it came, byte for byte, and why: `reason` in words for the sender, `code` for us."""

    raw: bytes
    reason: str
    code: str


class Unsafe(Exception):
    """Inside this package: the mail cannot be tagged, for the reason with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def untaggable(raw: bytes, code: str) -> Untaggable:
    return Untaggable(raw, REASONS[code], code)
