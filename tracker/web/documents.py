"""Documents: a page that says what it is and from whom, and the file, whose fetching is the opening."""

import asyncio
from collections.abc import Awaitable, Callable
from html import escape

from aiohttp import web

from tracker.clock import Clock
from tracker.documents import PIECE, Document, hit_link, size_words
from tracker.model import HitKind
from tracker.ports import DocumentShelf, Shelved, TryLater
from tracker.tokens import Tokens, TrackedDocument
from tracker.web.document_headers import document_headers, etag, wanted_range
from tracker.web.guards import ClientAddress
from tracker.web.noting import Noting
from tracker.web.pages import not_found_page, page
from tracker.web.turnstile import Turnstile

_PATIENCE_SECONDS = 60.0  # for a reader who takes none of a piece any more
_BURST, _EVERY_SECONDS = 120, 0.5  # an office of a hundred may open one mail at once

Handler = Callable[[web.Request, TrackedDocument, Shelved], Awaitable[web.StreamResponse]]


class Documents:
    """Answers `/d/{token}` and `/d/{token}/file`.

    The page keeps scanners that follow every link in a mail from fetching the
    file, and says that its sender is told; only fetching the file is an opening.
    """

    def __init__(
        self,
        shelf: DocumentShelf,
        tokens: Tokens,
        noting: Noting,
        address_of: ClientAddress,
        clock: Clock,
        turnstile: Turnstile | None = None,
    ) -> None:
        self._shelf = shelf
        self._tokens = tokens
        self._noting = noting
        self._address_of = address_of
        self._clock = clock
        self._turnstile = turnstile or Turnstile(_BURST, _EVERY_SECONDS)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/d/{token}", self._found(self.page)),
            web.get("/d/{token}/file", self._found(self.file)),
        ]

    async def page(self, request: web.Request, named: TrackedDocument, shelved: Shelved) -> web.StreamResponse:
        return _document_page(shelved, f"{request.match_info['token']}/file")

    async def file(self, request: web.Request, named: TrackedDocument, shelved: Shelved) -> web.StreamResponse:
        """Keep the opening, then send the file. Going on with a fetch that broke off is no second opening."""
        document = shelved.document
        try:
            asked = _range(request, document)
        except ValueError:
            beyond = {**document_headers(document), "Content-Range": f"bytes */{document.size}"}
            return web.Response(status=416, headers=beyond)
        start, end = asked or (0, document.size)
        first = await self._shelf.piece(document, start // PIECE)
        if first is None:
            return gone_page()
        if _opens(request, document, start):
            await self._noting.note(request, HitKind.CLICK, named.copy_id, hit_link(document))
        answer = web.StreamResponse(status=206 if asked else 200, headers=document_headers(document))
        answer.content_length = end - start
        if asked:
            answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{document.size}"
        await answer.prepare(request)
        whole = request.method == "HEAD" or await self._sent(answer, document, first, start, end)
        if not whole and request.transport:
            request.transport.abort()  # cut short under its announced length, nobody takes it for the whole
        return answer

    async def _sent(self, answer: web.StreamResponse, document: Document, first: bytes, start: int, end: int) -> bool:
        """Whether all of it went out; one piece at a time is in memory, however many read."""
        piece: bytes | None = first
        for number in range(start // PIECE, (end - 1) // PIECE + 1):
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    if number > start // PIECE:
                        piece = await self._shelf.piece(document, number)
                    if piece is None:
                        return False
                    await answer.write(piece[max(start - number * PIECE, 0) : end - number * PIECE])
            except (TryLater, TimeoutError):
                return False
        return True

    def _found(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            if not self._turnstile.admits(self._address_of(request)):
                return page("Too many visits", "<p>Many came from your network at once. Please wait a minute.</p>", 429)
            named = self._tokens.read_document(request.match_info["token"])
            if named is None:
                self._noting.foreign(HitKind.CLICK)
                return not_found_page()
            try:
                shelved = await self._shelf.get(named.document_id, self._clock())
                return await handler(request, named, shelved) if shelved else gone_page()
            except TryLater:
                return page("One moment, please", "<p>This cannot be shown just now. Try again in a minute.</p>", 503)

        return answer


def gone_page() -> web.Response:
    return page(
        "This document is no longer here",
        "<p>Documents are kept for a limited time. Ask the person who sent you the link to send it again.</p>",
        status=410,
    )


def _document_page(shelved: Shelved, path: str) -> web.Response:
    document = shelved.document
    until = document.expires_at.strftime("%-d %B %Y")
    return page(
        escape(document.name),
        f"<p>{size_words(document.size)}, sent to you by <strong>{escape(shelved.sender)}</strong></p>\n"
        f'<p><a class="button" href="{escape(path)}">Download</a></p>\n'
        '<p class="quiet">The sender is told when you download it. Nobody checked it for viruses:'
        f" open it only if you know who sent it. It can be fetched until {until}.</p>",
    )


def _opens(request: web.Request, document: Document, start: int) -> bool:
    """Whether a fetch from there on is an opening: who has the beginning and goes on says so, with If-Range.

    Without it, what begins in the first half is most of the document, whoever
    leaves a byte out; behind that it is some program's look at the end.
    """
    return start == 0 or (start < document.size / 2 and "If-Range" not in request.headers)


def _range(request: web.Request, document: Document) -> tuple[int, int] | None:
    if_range = request.headers.get("If-Range")
    if if_range is not None and if_range != etag(document):
        return None
    return wanted_range(request.headers.get("Range", ""), document.size)
