"""A call's arguments as Slack reads them: from the address, a form or JSON."""

import json
from typing import Any

from aiohttp import web


async def arguments_of(request: web.Request) -> tuple[dict[str, Any], str | None]:
    """A call's arguments, however they came, and its token."""
    arguments: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.json()
        if not isinstance(body, dict):
            raise ValueError("no JSON object")
        arguments |= body
        arguments.pop("token", None)  # Slack reads no token from a JSON body
    elif request.method == "POST":
        form = await request.post()
        arguments |= {name: _unpacked(name, str(value)) for name, value in form.items()}
    bearer = request.headers.get("Authorization", "")
    token = bearer.removeprefix("Bearer ") if bearer.startswith("Bearer ") else arguments.pop("token", None)
    return arguments, token


def _unpacked(name: str, value: str) -> Any:
    """Forms carry structures as JSON text."""
    try:
        return json.loads(value) if name in ("blocks", "metadata", "attachments") else value
    except ValueError:
        return value
