"""Slack workspaces that installed us, and what was heard from them: the books that keep both."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Installation:
    """One workspace's leave to speak there; or a whole organisation's, which then has no `team_id`.

    `refresh_token` and `expires_at` are there only when the app's tokens rotate.
    """

    team_id: str
    name: str
    bot_user: str
    installed_by: str
    installed_at: datetime
    scopes: tuple[str, ...]
    bot_token: str = field(repr=False)
    enterprise_id: str = ""
    app_id: str = ""
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None

    @property
    def id(self) -> str:
        return self.team_id or self.enterprise_id

    @property
    def org_wide(self) -> bool:
        return not self.team_id

    @property
    def runs_out(self) -> bool:
        """Whether its token ends at `expires_at`, and nothing is left that Slack would renew it for."""
        return self.expires_at is not None and not self.refresh_token


@dataclass(frozen=True, slots=True)
class Renewed:
    """A pair of tokens in the place of one that runs out."""

    bot_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime


class InstallationBook(Protocol):
    """Which workspaces may be spoken to. Each call may raise TryLater."""

    async def keep(self, installation: Installation) -> None:
        """Remember it in the place of an earlier one; alerts that waited for it are due at once.

        Its tokens are encrypted at rest, bound to its id.
        """

    async def of(self, team_id: str) -> Installation | None:
        """The workspace's own, or else that of the organisation it was seen in.

        For an account without a workspace: the only one there is. None, too,
        when no key of ours opens its token.
        """

    async def seen(self, team_id: str, enterprise_id: str) -> None:
        """Note which organisation a workspace belongs to."""

    async def forget(self, id: str, as_of: datetime, bot_users: frozenset[str] | None = None) -> bool:
        """Forget an installation that was there at that moment: a later one has a token of its own.

        With `bot_users`, only when its bot is one of them. False when nothing was forgotten.
        """

    async def all(self) -> tuple[Installation, ...]:
        """Every installation that our keys open, by id."""

    async def reseal(self) -> int:
        """Encrypt tokens anew that the first of our keys did not encrypt; how many installations that were.

        One that is kept anew meanwhile stays.
        """

    async def begin(self, name: str, until: datetime) -> None:
        """Note an installation under way by its secret's name."""

    async def take(self, name: str, now: datetime) -> bool:
        """Whether it was under way and in time; whatever the answer, it is so only once."""


class RenewalBook(Protocol):
    """Whose tokens run out, and whose turn it is to renew them, over all our processes. Each call may raise TryLater.

    Slack takes a refresh token once: two of us asking with the same one would leave one with a dead pair.
    """

    async def due(self, before: datetime, now: datetime) -> tuple[str, ...]:
        """The installations whose tokens run out before a moment, can be renewed, and are nobody's turn now."""

    async def take(self, id: str, before: datetime, now: datetime, until: datetime) -> Installation | None:
        """One of them, for one caller until a moment; None when it is not due, or somebody else's turn."""

    async def renewed(self, old: Installation, new: Renewed) -> bool:
        """Keep the new pair, encrypted, in the place of the old; False when the old one was replaced meanwhile.

        It is nobody's turn then. Whoever took longer than their turn is still listened to.
        """

    async def refused(self, old: Installation) -> bool:
        """Note that Slack renews it no more: it `runs_out`. False when it was replaced meanwhile."""


class HeardBook(Protocol):
    """What Slack told us already, by name, for all our processes. Each call may raise TryLater."""

    async def first(self, name: str, now: datetime) -> bool:
        """Note it; True the first time only, for whoever asks."""

    async def forget(self, before: datetime) -> int:
        """Forget what was heard before. How much that was."""
