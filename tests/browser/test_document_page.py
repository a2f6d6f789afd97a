"""A document's page in a browser: plain, readable on a phone and in the dark, and its button saves the very file."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.makers import an_account
from tests.ports.givens import given_message
from tests.standins.chromium import CHROMIUM, FLAGS
from tests.tracker.web.site import TOKENS, Site, running_site
from tracker.clock import new_id, utc_now
from tracker.documents import Document, file_name
from tracker.ports import Store
from tracker.store.opening import open_store

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: nothing here to look at a page with")

DATA = b"%PDF-1.4 offer" * 100_000
LONG = file_name("Proposal_with_a_very_long_name_and_no_blank_" * 5 + ".pdf")
SIZES = {"desktop": (1280, 800), "phone": (360, 640)}


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    async with await open_store(sqlite_url, [bytes(32)]) as store:
        yield store


@pytest.fixture
async def site(store: Store) -> AsyncIterator[Site]:
    async with running_site(shelf=store.shelf) as site:
        yield site


async def given_page(store: Store, site: Site, name: str, days: float = 30) -> str:
    account = await store.accounts.add(an_account(email="mara.lindqvist@studio.example"), "grant")
    given = await given_message(store, account)
    expires_at = utc_now() + timedelta(days=days)
    document = Document(new_id(), given.message.id, name, "application/pdf", len(DATA), expires_at)
    await store.shelf.put(document, DATA, utc_now())
    return site.url(f"/d/{TOKENS.document(given.copy.id, document.id)}")


async def test_the_button_saves_the_file_under_its_name(
    chromium: Browser, store: Store, site: Site, tmp_path: Path
) -> None:
    tab = await chromium.new_page()
    await tab.goto(await given_page(store, site, "Offer für Zoë.pdf"))

    async with tab.expect_download() as waiting:
        await tab.get_by_role("link", name="Download").click()
    download = await waiting.value
    await download.save_as(tmp_path / "saved")

    assert download.suggested_filename == "Offer für Zoë.pdf"
    assert (tmp_path / "saved").read_bytes() == DATA
    (hit,) = site.intake.hits
    assert hit.headers["sec-fetch-mode"] == "navigate"
    await expect(tab.get_by_role("heading", name="Offer für Zoë.pdf")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["Offer.pdf", LONG, "gone"])
async def test_the_page_fits_and_can_be_read(
    chromium: Browser, store: Store, site: Site, size: str, scheme: str, name: str
) -> None:
    width, height = SIZES[size]
    tab = await chromium.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]

    await tab.goto(await given_page(store, site, name, days=-1 if name == "gone" else 30))

    assert await tab.evaluate("document.documentElement.scrollWidth") <= width
    if name == "gone":
        await expect(tab.get_by_role("main")).not_to_contain_text("mara")
    else:
        await expect(tab.get_by_role("main")).to_contain_text("sent to you by mara.lindqvist@studio.example")
        box = await tab.get_by_role("link", name="Download").bounding_box()
        assert box is not None
        assert box["height"] >= 40, "too low for a thumb"
        assert box["y"] + box["height"] <= height, "the button is not seen at once"
    if shots := os.environ.get("SHOTS"):
        await tab.screenshot(path=f"{shots}/{name[:8]}-{size}-{scheme}.png")
    await tab.close()
