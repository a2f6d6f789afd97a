"""Mail that is on its way to a mailbox of the Gmail stand-in, and arrives some time later."""

import base64
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Late:
    waiting: list[tuple[int, str, bytes, str | None]] = field(default_factory=list)

    def add(self, email: str, raw: bytes, thread: str | None, due_ms: int) -> None:
        self.waiting.append((due_ms, email, raw, thread))

    def due(self, now_ms: int) -> list[tuple[str, bytes, str | None]]:
        """What arrives now, taken off the road."""
        arrived = [(email, raw, thread) for due_ms, email, raw, thread in self.waiting if due_ms <= now_ms]
        self.waiting = [mail for mail in self.waiting if mail[0] > now_ms]
        return arrived

    def snapshot(self) -> list[Any]:
        return [[due_ms, email, base64.b64encode(raw).decode(), thread] for due_ms, email, raw, thread in self.waiting]

    @classmethod
    def restored(cls, kept: list[Any]) -> "Late":
        return cls([(due_ms, email, base64.b64decode(raw), thread) for due_ms, email, raw, thread in kept])
