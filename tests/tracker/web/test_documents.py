"""Documents on the web: a page that says what it is, a file whose fetching is the opening, nothing for strangers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientPayloadError

from tests.makers import an_account
from tests.ports.givens import given_message
from tests.tracker.web.site import TOKENS, Site, running_site
from tracker.clock import new_id, utc_now
from tracker.documents import PIECE, Document
from tracker.model import HitKind
from tracker.ports import Store, TryLater
from tracker.store.opening import open_store
from tracker.tokens import Tokens
from tracker.web.document_headers import disposition, wanted_range
from tracker.web.documents import Documents
from tracker.web.guards import client_address
from tracker.web.turnstile import Turnstile

DATA = bytes(range(251)) * 3000  # three pieces, the last one short


@dataclass(frozen=True, slots=True)
class Desk:
    """A site with one document, and where its recipient finds it."""

    site: Site
    store: Store
    document: Document
    copy_id: str
    sender: str

    @property
    def page(self) -> str:
        return self.site.url(f"/d/{TOKENS.document(self.copy_id, self.document.id)}")

    @property
    def file(self) -> str:
        return f"{self.page}/file"

    async def put(self, **facts: Any) -> "Desk":
        document = replace(self.document, id=new_id(), **facts)
        await self.store.shelf.put(document, DATA, utc_now())
        return replace(self, document=document)


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[Desk]:
    async with await open_store(sqlite_url, [bytes(32)]) as store, running_site(shelf=store.shelf) as site:
        account = await store.accounts.add(an_account(email="<b>you&me@twotick.example"), "grant")
        given = await given_message(store, account)
        until = utc_now() + timedelta(days=30)
        document = Document(new_id(), given.message.id, "Offer.pdf", "application/pdf", len(DATA), until)
        await store.shelf.put(document, DATA, utc_now())
        yield Desk(site, store, document, given.copy.id, account.email)


async def test_the_page_says_what_it_is_and_who_sent_it_and_is_no_opening(desk: Desk) -> None:
    async with desk.site.http.get(desk.page) as answer:
        text = await answer.text()

    assert (answer.status, desk.site.intake.hits) == (200, [])
    assert "<h1>Offer.pdf</h1>" in text
    assert "753 kB, sent to you by <strong>&lt;b&gt;you&amp;me@twotick.example</strong>" in text
    assert "The sender is told when you download it." in text
    assert "no-store" in answer.headers["Cache-Control"]


async def test_the_button_leads_to_the_file(desk: Desk) -> None:
    async with desk.site.http.get(desk.page) as answer:
        path = (await answer.text()).partition('class="button" href="')[2].partition('"')[0]

    async with desk.site.http.get(desk.site.url(f"/d/{path}")) as answer:
        assert await answer.read() == DATA


async def test_fetching_the_file_is_kept_as_a_click_that_names_the_document(desk: Desk) -> None:
    async with desk.site.http.get(desk.file) as answer:
        assert (answer.status, await answer.read()) == (200, DATA)

    (hit,) = desk.site.intake.hits
    assert (hit.kind, hit.copy_id, hit.method) == (HitKind.CLICK, desk.copy_id, "GET")
    assert hit.link == f"document:{desk.document.id}/Offer.pdf"


async def test_the_figures_tell_documents_from_links(desk: Desk) -> None:
    async with desk.site.http.get(desk.file):
        pass

    async with desk.site.http.get(desk.site.url("/metrics")) as answer:
        figures = await answer.text()

    assert 'twotick_hits_stored_total{kind="document"} 1.0' in figures
    assert 'twotick_hits_stored_total{kind="click"} 0.0' in figures


async def test_no_browser_runs_keeps_or_guesses_it(desk: Desk) -> None:
    async with desk.site.http.get(desk.file) as answer:
        headers = answer.headers

    assert headers["Content-Disposition"].startswith('attachment; filename="Offer.pdf"')
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Length"] == str(len(DATA))


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/javascript", "a/b\r\nX-Evil: 1"])
async def test_what_a_browser_could_run_is_only_bytes(desk: Desk, kind: str) -> None:
    async with desk.site.http.get((await desk.put(kind=kind)).file) as answer:
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert "X-Evil" not in answer.headers


async def test_a_head_is_answered_without_a_body_and_kept_as_one(desk: Desk) -> None:
    async with desk.site.http.head(desk.file) as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(DATA)))
    async with desk.site.http.head(desk.page) as answer:
        assert answer.status == 200

    assert [hit.method for hit in desk.site.intake.hits] == ["HEAD"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        (f"bytes={PIECE - 3}-{PIECE + 3}", PIECE - 3, PIECE + 4),
        ("bytes=700000-", 700000, len(DATA)),
        ("bytes=1-", 1, len(DATA)),
        ("bytes=-5", len(DATA) - 5, len(DATA)),
        (f"bytes=0-{10**9}", 0, len(DATA)),
    ],
)
async def test_a_part_is_answered_with_that_part(desk: Desk, asked: str, start: int, end: int) -> None:
    async with desk.site.http.get(desk.file, headers={"Range": asked}) as answer:
        assert (answer.status, await answer.read()) == (206, DATA[start:end])
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(DATA)}"

    assert len(desk.site.intake.hits) == (start < len(DATA) / 2)


async def test_going_on_with_a_fetch_that_broke_off_is_no_second_opening(desk: Desk) -> None:
    async with desk.site.http.get(desk.file, headers={"Range": "bytes=0-9"}) as begun:
        tag = begun.headers["ETag"]

    async with desk.site.http.get(desk.file, headers={"Range": "bytes=10-", "If-Range": tag}) as answer:
        assert (answer.status, await answer.read()) == (206, DATA[10:])

    assert len(desk.site.intake.hits) == 1


@pytest.mark.parametrize("asked", ["bytes=0-1,5-9", "bytes=9-5", "lines=1-2", "bytes=-", "bytes=x-", "bytes=²-"])
async def test_what_is_no_range_gets_all_of_it(desk: Desk, asked: str) -> None:
    async with desk.site.http.get(desk.file, headers={"Range": asked}) as answer:
        assert (answer.status, await answer.read()) == (200, DATA)


@pytest.mark.parametrize("asked", [f"bytes={len(DATA)}-", "bytes=-0"])
async def test_a_part_behind_the_end_is_refused_and_is_no_opening(desk: Desk, asked: str) -> None:
    async with desk.site.http.get(desk.file, headers={"Range": asked}) as answer:
        assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{len(DATA)}")

    assert desk.site.intake.hits == []


async def test_a_fetch_goes_on_only_with_the_same_file(desk: Desk) -> None:
    async with desk.site.http.get(desk.file, headers={"Range": "bytes=5-9", "If-Range": '"another"'}) as answer:
        assert (answer.status, await answer.read()) == (200, DATA)


async def test_a_click_that_cannot_be_kept_gets_its_file_all_the_same(sqlite_url: str) -> None:
    async with await open_store(sqlite_url, [bytes(32)]) as store, running_site(refuses="x", shelf=store.shelf) as site:
        given = await given_message(store)
        document = Document(new_id(), given.message.id, "a", "", 3, utc_now() + timedelta(days=1))
        await store.shelf.put(document, b"abc", utc_now())

        async with site.http.get(site.url(f"/d/{TOKENS.document(given.copy.id, document.id)}/file")) as answer:
            assert await answer.read() == b"abc"


@pytest.mark.parametrize("path", ["", "/file"])
async def test_an_expired_document_is_gone_and_nobody_is_named(desk: Desk, path: str) -> None:
    gone = await desk.put(expires_at=utc_now() - timedelta(seconds=1))

    async with desk.site.http.get(gone.page + path) as answer:
        text = await answer.text()

    assert answer.status == 410
    assert "twotick.example" not in text
    assert "Offer" not in text
    assert desk.site.intake.hits == []


@pytest.mark.parametrize("path", ["", "/file"])
async def test_a_token_that_we_did_not_sign_gets_the_page_that_everything_else_gets(desk: Desk, path: str) -> None:
    async with desk.site.http.get(desk.site.url("/nothing")) as other:
        nothing = await other.text()
    ours = TOKENS.document(desk.copy_id, desk.document.id)
    others = Tokens(["somebody else's key"]).document(desk.copy_id, desk.document.id)

    for token in (others, ours[:-1], ours + "A", TOKENS.pixel(desk.copy_id), "%00", "..%2f..%2fetc"):
        async with desk.site.http.get(desk.site.url(f"/d/{token}{path}")) as answer:
            assert (answer.status, await answer.text()) == (404, nothing)

    assert desk.site.intake.hits == []


class Leaving:
    """A shelf that is cleared, or whose database goes away, while somebody reads."""

    def __init__(self, store: Store, failure: Exception | None, after: int) -> None:
        self._shelf = store.shelf
        self._failure = failure
        self._after = after

    async def get(self, *asked: Any) -> Any:
        if self._after < 0:
            raise TryLater("away")
        return await self._shelf.get(*asked)

    async def piece(self, document: Document, number: int) -> bytes | None:
        if number < self._after:
            return await self._shelf.piece(document, number)
        if self._failure:
            raise self._failure
        return None


@pytest.mark.parametrize("failure", [None, TryLater("away")])
async def test_a_file_that_is_cleared_away_under_a_reader_is_never_taken_for_whole(
    desk: Desk, failure: Exception | None
) -> None:
    leaving: Any = Leaving(desk.store, failure, after=1)
    async with running_site(shelf=leaving) as site:
        with pytest.raises(ClientPayloadError):
            async with site.http.get(site.url(f"/d/{TOKENS.document(desk.copy_id, desk.document.id)}/file")) as answer:
                await answer.read()


@pytest.mark.parametrize(("failure", "after", "status"), [(None, 0, 410), (TryLater("x"), 0, 503), (None, -1, 503)])
async def test_what_cannot_be_read_is_said_and_is_no_opening(
    desk: Desk, failure: Exception | None, after: int, status: int
) -> None:
    leaving: Any = Leaving(desk.store, failure, after)
    async with running_site(shelf=leaving) as site:
        async with site.http.get(site.url(f"/d/{TOKENS.document(desk.copy_id, desk.document.id)}/file")) as answer:
            assert answer.status == status

        assert site.intake.hits == []


async def test_who_comes_too_often_waits(desk: Desk) -> None:
    turnstile = Turnstile(burst=2, seconds=60)
    noting: Any = None
    documents = Documents(desk.store.shelf, TOKENS, noting, client_address(()), utc_now, turnstile)
    async with running_site(doors=documents.routes()) as site:
        path = f"/d/{TOKENS.document(desk.copy_id, desk.document.id)}"
        answers = [(await site.http.get(site.url(path))).status for _ in range(3)]

    assert answers == [200, 200, 429]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Offer.pdf", "attachment; filename=\"Offer.pdf\"; filename*=UTF-8''Offer.pdf"),
        ("Zoë – 50%.pdf", "attachment; filename=\"Zoe _ 50_.pdf\"; filename*=UTF-8''Zo%C3%AB%20%E2%80%93%2050%25.pdf"),
        ('a";\r\nX: y', "attachment; filename=\"a_; X_ y\"; filename*=UTF-8''a_%3B%20X_%20y"),
        ("a／..／b：c", "attachment; filename=\"a_.._b_c\"; filename*=UTF-8''a%EF%BC%8F..%EF%BC%8Fb%EF%BC%9Ac"),
        ("../../x\u202efdp.exe", "attachment; filename=\"xfdp.exe\"; filename*=UTF-8''xfdp.exe"),
    ],
)
def test_a_hostile_name_stays_in_its_header(name: str, header: str) -> None:
    assert disposition(name) == header


def test_a_name_of_a_thousand_characters_makes_a_short_header() -> None:
    assert len(disposition("ä" * 1000)) < 1000


def test_a_range_may_be_of_one_byte() -> None:
    assert wanted_range("bytes=2-2", 3) == (2, 3)


async def test_a_stopped_messages_document_can_still_be_fetched(desk: Desk) -> None:
    await desk.store.messages.stop(desk.document.message_id, utc_now())

    async with desk.site.http.get(desk.file) as answer:
        assert (answer.status, await answer.read()) == (200, DATA)
