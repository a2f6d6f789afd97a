"""How the stand-in for Slack says no."""

from typing import Any

Arguments = dict[str, Any]
Answer = dict[str, Any]


class Refusal(Exception):
    """`ok: false`, with Slack's code and what comes along with it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}
