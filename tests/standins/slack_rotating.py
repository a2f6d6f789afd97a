"""Token rotation as Slack plays it: tokens that end after twelve hours, and refresh tokens that are good once.

https://docs.slack.dev/authentication/using-token-rotation
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.standins.slack_refusals import Refusal
from tests.standins.slack_workspace import Workspace
from tracker.clock import Clock

MOST_ACTIVE = 2  # tokens of a workspace that are good at once; a third ends the first


@dataclass
class Rotating:
    """Pairs of tokens. `on` is the app's setting; `lenient` takes a spent refresh token until its new token is used.

    Slack has been seen to do that, and promises it nowhere.
    """

    clock: Clock
    tokens: dict[str, Workspace]
    ended: dict[str, str]
    on: bool = False
    lenient: bool = False
    lasts: timedelta = timedelta(hours=12)
    exchanges: int = 0
    _until: dict[str, datetime] = field(default_factory=dict)
    _refreshing: dict[str, tuple[Workspace, str]] = field(default_factory=dict)
    _spent: dict[str, tuple[Workspace, str]] = field(default_factory=dict)

    def pair(self, workspace: Workspace, scopes: str) -> dict[str, Any]:
        """A new pair, beside those that are good."""
        token, again = f"xoxe.xoxb-1-{secrets.token_hex(24)}", f"xoxe-1-{secrets.token_hex(24)}"
        good = [one for one, owner in self.tokens.items() if owner is workspace and one in self._until]
        for old in good[: max(0, len(good) + 1 - MOST_ACTIVE)]:
            self._end(old, "token_revoked")
        self.tokens[token] = workspace
        self._until[token] = self.clock() + self.lasts
        self._refreshing[again] = workspace, scopes
        return {"access_token": token, "refresh_token": again, "expires_in": int(self.lasts.total_seconds())}

    def exchange(self, refresh_token: str) -> tuple[Workspace, dict[str, Any]]:
        """A new pair for a refresh token. Raises Refusal."""
        given = self._refreshing.pop(refresh_token, None)
        if given is None and self.lenient:
            given = self._spent.get(refresh_token)
        if given is None:
            raise Refusal("invalid_refresh_token")
        self._spent[refresh_token] = given
        self.exchanges += 1
        return given[0], {"scope": given[1], **self.pair(*given)}

    def revoke(self, workspace: Workspace) -> None:
        """Its refresh tokens are worth nothing from now on; its tokens last as long as they were to."""
        for kept in (self._refreshing, self._spent):
            for again in [again for again, (owner, _) in kept.items() if owner is workspace]:
                del kept[again]

    def used(self, token: str) -> None:
        """A call with this token. Raises Refusal for one that ran out."""
        if token in self._until:
            self._spent.clear()
            if self._until[token] <= self.clock():
                raise Refusal("token_expired")

    def _end(self, token: str, error: str) -> None:
        del self.tokens[token], self._until[token]
        self.ended[token] = error
