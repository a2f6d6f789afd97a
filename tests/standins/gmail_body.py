"""Request bodies as the Gmail stand-in reads them: JSON, or JSON and a mail by the upload road."""

import json
import re
from typing import Any

from aiohttp import web

from tests.standins.gmail_errors import GoogleError, invalid, not_done

# Beyond about 5 MB Google's front end refuses JSON; bigger mails must take the upload road.
MOST_JSON = 5 * 1024 * 1024
MOST_UPLOAD = 36_700_160  # `maxSize` in the discovery document


async def read_body(request: web.Request, by_upload: bool) -> tuple[Any, bytes | None]:
    """The JSON (None where there is none) and the uploaded mail."""
    raw = await _read(request, MOST_UPLOAD + 65_536 if by_upload else MOST_JSON)
    if by_upload:
        return _upload(request, raw)
    if not raw:
        return None, None
    if request.content_type != "application/json":
        raise invalid(f"Invalid content type {request.content_type!r}: expected application/json")
    return _json(raw), None


async def _read(request: web.Request, most: int) -> bytes:
    # Not request.read(): its limit belongs to whoever serves us.
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > most:
            raise GoogleError(413, "", "Request Entity Too Large")
    return bytes(body)


def _upload(request: web.Request, raw: bytes) -> tuple[Any, bytes]:
    if request.query.get("uploadType") != "multipart":
        raise not_done("uploads other than multipart")
    boundary = re.search(r"boundary=\"?([^\";]+)", request.headers.get("Content-Type", ""))
    if request.content_type != "multipart/related" or not boundary:
        raise invalid("Invalid content type: expected multipart/related with a boundary")
    parts = (b"\r\n" + raw).split(b"\r\n--" + boundary[1].encode())
    if len(parts) != 4 or parts[0] or parts[3].rstrip() != b"--":
        raise invalid("Malformed multipart body: expected two parts")
    (meta_type, meta), (media_type, media) = (_part(part) for part in parts[1:3])
    if meta_type != "application/json" or not media_type.startswith("message/"):
        raise invalid(f"Media type {media_type!r} is not supported. Valid media types: [message/*]")
    if len(media) > MOST_UPLOAD:
        raise GoogleError(413, "uploadTooLarge", "Message is larger than 35 MB.")
    return _json(meta), media


def _part(part: bytes) -> tuple[str, bytes]:
    head, _, content = part.partition(b"\r\n\r\n")
    kind = re.search(rb"^content-type:\s*([^\s;]+)", head, re.IGNORECASE | re.MULTILINE)
    return (kind[1].decode("latin-1").lower() if kind else ""), content


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise GoogleError(400, "parseError", "Invalid JSON payload received. Parse Error") from None
