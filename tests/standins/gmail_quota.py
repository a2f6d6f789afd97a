"""Quota in the Gmail stand-in: units a minute and mailbox, when a test wants them counted against a limit."""

from collections import defaultdict
from dataclasses import dataclass, field

from tests.standins.gmail_errors import GoogleError

# developers.google.com/workspace/gmail/api/reference/quota, with messages.get at its price since May 2026.
UNITS = {
    "getProfile": 1,
    "watch": 100,
    "stop": 50,
    "history.list": 2,
    "drafts.create": 10,
    "drafts.update": 15,
    "drafts.delete": 10,
    "drafts.get": 5,
    "drafts.list": 5,
    "drafts.send": 100,
    "messages.send": 100,
    "labels.list": 1,
    "labels.get": 1,
    "labels.create": 5,
    "labels.patch": 5,
    "labels.update": 5,
    "labels.delete": 5,
    "messages.get": 20,
    "messages.list": 5,
    "messages.modify": 5,
    "messages.trash": 5,
    "messages.untrash": 5,
    "messages.delete": 10,
    "threads.get": 40,
    "threads.list": 10,
    "threads.modify": 10,
    "settings.sendAs.list": 1,
}


@dataclass(slots=True)
class Quota:
    """`limit` None lets everything pass. Over it, calls are answered with `status` until the minute has passed."""

    limit: int | None = None
    status: int = 403
    used: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list), repr=False)

    def charge(self, email: str, method_id: str, now_ms: int) -> None:
        """Count a call. Raises GoogleError when this mailbox has used up its minute."""
        if self.limit is None:
            return
        units = UNITS.get(method_id.removeprefix("gmail.users."), 1)
        recent = [(at, used) for at, used in self.used[email] if at > now_ms - 60_000]
        self.used[email] = recent
        if sum(used for _, used in recent) + units > self.limit:
            reason = "rateLimitExceeded" if self.status == 429 else "userRateLimitExceeded"
            raise GoogleError(self.status, reason, "User-rate limit exceeded. Retry later.")
        recent.append((now_ms, units))
