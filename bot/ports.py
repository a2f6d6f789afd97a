"""What the bot asks of Slack, and how it may fail: each failure is named for what to do next."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from bot.blocks import Card


class Failure(Exception):
    """Any of the ways in which Slack may fail us."""


class NotReached(Failure):
    """Slack did not get it: nothing was said, say it again soon."""


class NoAnswer(Failure):
    """Slack may have done it without our hearing of it: look before saying it again."""


class TooFast(Failure):
    """Slack asks for a pause of `seconds`; nothing was said."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"a pause of {seconds:g} s")
        self.seconds = seconds


class NotAllowed(Failure):
    """The token or its scopes do not do: only the operator can change it. The text is Slack's error code."""


class NotInstalled(NotAllowed):
    """The workspace has not installed us (any more): only its members can change it. The text is its id."""


class NobodyThere(Failure):
    """There is no such person or channel to say it to (any more)."""


class CardGone(Failure):
    """The message is not there any more, or not ours to change."""


class CardRefused(Failure):
    """Slack will not take this content, however often it is sent."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a workspace."""

    team: str
    user: str


class Slack(Protocol):
    """The part of Slack that the relay speaks to. Every call may raise NotReached, NoAnswer, TooFast and NotAllowed."""

    async def dm_with(self, user: str, team: str = "") -> str:
        """The channel of our direct messages with a person of a workspace. Raises NobodyThere, NotInstalled."""

    async def member(self, email: str) -> Member:
        """The person with this address, where that is sure of whom it names. Raises NobodyThere."""

    async def post(self, channel: str, card: Card, mark: str) -> str:
        """Say something new, marked so that `find` finds it; its timestamp. Raises NobodyThere, CardRefused."""

    async def update(self, channel: str, ts: str, card: Card, mark: str) -> None:
        """Change what was said, notifying nobody. Raises CardGone, CardRefused."""

    async def find(self, channel: str, mark: str, since: float) -> str | None:
        """The timestamp of the latest message of ours with this mark, since a moment in epoch seconds."""

    async def upload(self, picture: bytes, title: str, alt: str, for_channel: str = "") -> str:
        """Keep a PNG in the workspace of a channel, not shown there; the file's id, for a card to show."""


class Zones(Protocol):
    """Where people's clocks stand."""

    async def zone_of(self, user: str, team: str = "") -> tzinfo:
        """The timezone of a person's Slack. Raises NotReached, NoAnswer, TooFast, NotAllowed, NobodyThere."""
