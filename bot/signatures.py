"""Whether a request comes from Slack: checked on the raw bytes, before anything reads them.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hmac
from collections.abc import Mapping

WINDOW_SECONDS = 300  # an older request may be a recorded one, played again


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """How Slack signs a body."""
    return "v0=" + hmac.digest(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, "sha256").hex()


def is_from_slack(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether the body is signed with our secret, and recently. `headers` finds names in any case."""
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    signed = headers.get("X-Slack-Signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(now - int(timestamp)) > WINDOW_SECONDS:
        return False
    expected = signature(secret, timestamp, body)
    return hmac.compare_digest(expected.encode(), signed.encode("utf-8", "surrogateescape"))
