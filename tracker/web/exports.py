"""The page at which people fetch all that is kept about their mail."""

from collections.abc import Sequence

from aiohttp import web

from tracker.giving import PATH, Exporting
from tracker.ports import TryLater
from tracker.web.guards import IpNetwork, client_address
from tracker.web.pages import PRIVATE, page
from tracker.web.turnstile import Turnstile

_FILE = "twotick-export.jsonl"


def export_routes(
    exporting: Exporting, trusted_proxies: Sequence[IpNetwork] = (), turnstile: Turnstile | None = None
) -> list[web.RouteDef]:
    """The page, and the file behind its button."""
    pages, address_of, guard = ExportPages(exporting), client_address(trusted_proxies), turnstile or Turnstile()

    async def shown(request: web.Request) -> web.StreamResponse:
        return await pages.show(request) if guard.admits(address_of(request)) else _too_often()

    async def given(request: web.Request) -> web.StreamResponse:
        return await pages.give(request) if guard.admits(address_of(request)) else _too_often()

    path = f"{PATH}/{{secret}}"
    return [web.get(path, shown, allow_head=False), web.post(path, given)]


class ExportPages:
    """A look does not use the address up, as programs that look at every address they see may come first."""

    def __init__(self, exporting: Exporting) -> None:
        self._exporting = exporting

    async def show(self, request: web.Request) -> web.StreamResponse:
        try:
            stands = await self._exporting.stands(request.match_info["secret"])
        except TryLater:
            return _later()
        if not stands:
            return _over()
        return page(
            "All that is kept about your tracked mail",
            "<p>One file, with one JSON value a line: your mails, to whom they went, every fetch with its verdict,"
            " replies, bounces, reminders, corrections.</p>\n"
            '<form method="post"><p><button type="submit">Download</button></p></form>\n'
            '<p class="quiet">It can be downloaded once. It holds the addresses of people you wrote to: keep it as'
            " carefully as your mailbox.</p>",
        )

    async def give(self, request: web.Request) -> web.StreamResponse:
        try:
            account_ids = await self._exporting.take(request.match_info["secret"])
        except TryLater:
            return _later()
        if not account_ids:
            return _over()
        named = {"Content-Disposition": f'attachment; filename="{_FILE}"', "Content-Type": "application/x-ndjson"}
        response = web.StreamResponse(headers={**PRIVATE, **named})
        await response.prepare(request)
        # A failure from here on breaks the connection off, so that nobody takes half a file for a whole one.
        async for line in self._exporting.lines(account_ids):
            await response.write(line.encode())
        await response.write_eof()
        return response


def _over() -> web.Response:
    return page(
        "Nothing to download here",
        "<p>This address was used already, or is older than ten minutes."
        " Type <code>/opens export</code> in Slack for a new one.</p>",
        404,
    )


def _later() -> web.Response:
    return page("Not just now", "<p>Our database does not answer. Please try again in a minute.</p>", 503)


def _too_often() -> web.Response:
    return page("Not just now", "<p>Too many visits from your network. Please wait a minute.</p>", 429)
