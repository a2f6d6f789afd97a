"""Invitations to connect a mailbox: who is invited, from where, to what, as words that can be signed or sealed."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from tracker.model import Profile

NEW_LINK = "For a new link, type /opens connect in Slack, or open Twotick in Gmail again."


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who may connect a mailbox; `name` is the invitation's own, as each is good once.

    From Slack it is the member `user` of `team`; from the add-on the owner of
    the mailbox `email`, and of no other; from our own page whoever sits at
    `browser`, with a mailbox in one of the operator's domains.
    """

    name: str
    profile: Profile
    team: str = ""
    user: str = ""
    email: str = ""
    browser: str = ""

    @property
    def again(self) -> str:
        """How its guest comes to another one."""
        if self.user:
            return "Type /opens connect in Slack for a new link."
        if self.email:
            return "Open Twotick beside a mail in Gmail again, and press Connect."
        return "Open this Twotick's connect page again, and press the button."

    def wrong_mailbox(self, email: str, domains: Collection[str]) -> str:
        """Why it is not good for this mailbox, in words; empty when it is."""
        if self.email and email.lower() != self.email.lower():
            return f"This link connects {self.email} and no other mailbox, and you chose {email}. {self.again}"
        if self.browser and email.rpartition("@")[2].lower() not in domains:
            return f"{email} cannot be connected here: only mailboxes of {', '.join(sorted(domains)) or 'nobody'} can."
        return ""


def browser_name(mark: str) -> str:
    """A browser as we write it down: its mark itself stays with it."""
    return sha256(b"browser\0" + mark.encode()).hexdigest()


def said(invited: Invited, until: datetime, **more: str) -> str:
    """An invitation in words."""
    told = {name: value for name, value in asdict(invited).items() if value}
    return json.dumps({**told, "until": until.timestamp(), **more}, separators=(",", ":"))


def heard(words: str, now: datetime) -> Invited | None:
    """Who was invited, in words of ours; None when it is too late, or was said by an older version."""
    told = json.loads(words)
    if "name" not in told or now.timestamp() >= told["until"]:
        return None
    who = {part: str(told.get(part, "")) for part in ("team", "user", "email", "browser")}
    return Invited(str(told["name"]), Profile(told["profile"]), **who)


def verifier_in(words: str) -> str:
    return str(json.loads(words)["verifier"])
