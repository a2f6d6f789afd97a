"""Slack's three steps to a file, as strict as the real ones: an address, the bytes, the completion.

https://docs.slack.dev/messaging/working-with-files#upload
"""

import secrets
from dataclasses import dataclass
from typing import Any

_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class File:
    """A file on its way: its `content` comes at its own address, and it is there once it is `complete`."""

    name: str
    length: int
    alt: str = ""
    content: bytes = b""
    complete: bool = False


class Files:
    def __init__(self) -> None:
        self.known: dict[str, File] = {}
        self._addresses: dict[str, str] = {}

    def announced(self, name: str, length: int, alt: str) -> tuple[str, str]:
        """A new file's id, and the key of the address that takes its bytes."""
        file_id, key = f"F{secrets.token_hex(5).upper()}", secrets.token_urlsafe(12)
        self.known[file_id] = File(name, length, alt)
        self._addresses[key] = file_id
        return file_id, key

    def received(self, key: str, content: bytes) -> bool:
        """Take a file's bytes, once, when they are as many as announced."""
        file = self.known.get(self._addresses.pop(key, ""))
        if file is None or len(content) != file.length:
            return False
        file.content = content
        return True

    def completed(self, file_id: str) -> bool:
        file = self.known.get(file_id)
        if file is None or not file.content or file.complete:
            return False
        file.complete = True
        return True

    def shows(self, block: dict[str, Any]) -> bool:
        """Whether an image block names a picture that is there."""
        file = self.known.get(str((block.get("slack_file") or {}).get("id")))
        return file is not None and file.complete and file.content.startswith(_PNG)
