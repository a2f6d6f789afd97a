"""The tracked link: on to the signed address, and nowhere else."""

from aiohttp import web

from tracker.model import HitKind
from tracker.tokens import Tokens
from tracker.web.guards import safe_address
from tracker.web.noting import Noting
from tracker.web.pages import PRIVATE, not_found_page


class Links:
    """Answers `/c/{token}`."""

    def __init__(self, tokens: Tokens, noting: Noting) -> None:
        self._tokens = tokens
        self._noting = noting

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Keep the click and redirect; a click that cannot be kept is redirected all the same."""
        link = self._tokens.read_link(request.match_info["token"])
        address = link and safe_address(link.address)
        if link is None or not address:
            self._noting.foreign(HitKind.CLICK)
            return not_found_page()
        await self._noting.note(request, HitKind.CLICK, link.copy_id, link.address)
        return web.Response(status=302, headers={**PRIVATE, "Location": address})
