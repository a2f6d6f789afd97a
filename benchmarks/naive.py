"""The design that a tutorial teaches: a row a request, by the ORM, committed before the answer."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web
from tortoise import Model, Tortoise, fields

from tracker.clock import new_id, utc_now


class Opening(Model):
    """What a pixel knows of a fetch."""

    id = fields.CharField(max_length=64, primary_key=True)
    at = fields.DatetimeField()
    token = fields.CharField(max_length=255)
    ip = fields.TextField(null=True)
    headers = fields.TextField()


async def create_a_request(database_url: str) -> Callable[[web.Request], Awaitable[None]]:
    """Make the table; what keeps a request."""
    full = "?synchronous=FULL" if database_url.startswith("sqlite") else ""
    await Tortoise.init(db_url=database_url + full, modules={"models": [__name__]})
    await Tortoise.generate_schemas()

    async def create(request: web.Request) -> None:
        headers = json.dumps(dict(request.headers))
        token = request.match_info["token"]
        await Opening.create(id=new_id(), at=utc_now(), token=token, ip=request.remote, headers=headers)

    return create
