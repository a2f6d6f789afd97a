"""What the bot asks of Slack, and how it may fail: each failure is named for what to do next."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from bot.blocks import Block, Card


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

    async def channel_in(self, channel: str, team: str = "") -> str:
        """A channel of a workspace, from now on to be spoken in. Raises NotInstalled."""

    async def post(self, channel: str, card: Card, mark: str, thread: str = "") -> str:
        """Say something new, marked so that `find` finds it; its timestamp. Raises NobodyThere, CardRefused.

        In a thread, named by its first message, it notifies whoever follows that; CardGone when there is none.
        """

    async def update(self, channel: str, ts: str, card: Card, mark: str) -> None:
        """Change what was said, notifying nobody. Raises CardGone, CardRefused."""

    async def find(self, channel: str, mark: str, since: float, thread: str = "") -> str | None:
        """The timestamp of the latest message of ours with this mark, since a moment in epoch seconds.

        Those of a thread are found there alone; none in one that is gone.
        """

    async def upload(self, picture: bytes, title: str, alt: str, for_channel: str = "") -> str:
        """Keep a PNG in the workspace of a channel, not shown there; the file's id, for a card to show."""


class Zones(Protocol):
    """Where people's clocks stand."""

    async def zone_of(self, user: str, team: str = "") -> tzinfo:
        """The timezone of a person's Slack. Raises NotReached, NoAnswer, TooFast, NotAllowed, NobodyThere."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of Slack, by its id and its name without the #."""

    id: str
    name: str


class Stale(Exception):
    """What a person sees was changed by somebody else meanwhile: draw it anew."""


class TooLate(Exception):
    """The press is too old, or was used already: nothing can be opened for it any more."""


class Views(Protocol):
    """What people see beside messages: Home, and windows. `view` is drawn by `bot.surfaces`.

    Every call may raise NotReached, NoAnswer, TooFast, NotAllowed and CardRefused.
    """

    async def publish(self, team: str, user: str, view: Block, expected: str = "") -> str:
        """Show it as a person's Home; its hash. Raises Stale when what they see is not the expected one, NobodyThere.

        Without `expected` it takes the place of whatever is there.
        """

    async def open(self, team: str, trigger: str, view: Block) -> str:
        """Open a window for whoever pressed; its id. Raises TooLate."""

    async def update(self, team: str, view_id: str, view: Block) -> None:
        """Show something else in a window. Raises CardGone when it was closed."""


class Names(Protocol):
    """What people are called."""

    async def name_of(self, team: str, user: str) -> str:
        """A person's name in Slack. Raises NotReached, NoAnswer, TooFast, NotAllowed, NobodyThere."""
