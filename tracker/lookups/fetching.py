"""Fetching over HTTP, briefly and without a trace of who asks."""

import ssl
from collections.abc import Mapping

import aiohttp

from tracker.fetching import Fetched
from tracker.ports import TryLater

_SECONDS = 10.0
_MOST_BYTES = 64 * 1024


async def fetch(url: str, headers: Mapping[str, str] | None = None) -> Fetched:
    """Keeps fetching.Fetch."""
    limits = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limits) as session,
            session.get(url, headers=headers, allow_redirects=False) as response,
        ):
            text = (await response.content.read(_MOST_BYTES)).decode("utf-8", "replace")
            return Fetched(response.status, {name.lower(): value for name, value in response.headers.items()}, text)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as lost:
        # From None: aiohttp's errors carry the request, and that may carry a token.
        raise TryLater(_why(lost)) from None


def _why(lost: Exception) -> str:
    if isinstance(lost, aiohttp.ClientConnectorCertificateError | ssl.SSLError):
        return "its certificate is not valid"
    if isinstance(lost, aiohttp.ClientConnectorDNSError):
        return "nobody knows this name"
    if isinstance(lost, aiohttp.ClientConnectorError):
        return "nobody answers there"
    return "no answer in time" if isinstance(lost, TimeoutError) else f"no answer ({type(lost).__name__})"
