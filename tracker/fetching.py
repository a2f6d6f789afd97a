"""Asking an address on the web, as anybody may."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer; names of `headers` are lower-case, of the text only the beginning is read."""

    status: int
    headers: Mapping[str, str]
    text: str


class Fetch(Protocol):
    async def __call__(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        """The answer to a GET, not followed anywhere else. Raises TryLater, whose text says what went wrong."""
