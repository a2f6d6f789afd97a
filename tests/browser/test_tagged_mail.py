"""What a reader sees of a tagged mail: the mail."""

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.standins.chromium import CHROMIUM, FLAGS
from tests.tracker.tagging.mails import html_of, html_part, mail, tag

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: nothing here to look at a mail with"),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.mark.parametrize(
    "html", ['<div dir="ltr">Hello Ada</div>', "<table><tr><td>Hello Ada</table>", "Hello Ada<br>"]
)
async def test_the_first_line_stays_where_it_was(chromium: Browser, html: str):
    tagged = html_of(tag(mail(html_part(html))).raw)

    assert await _moved(chromium, html, tagged) <= 1


async def _moved(chromium: Browser, before: str, after: str) -> float:
    return abs(await _top_of_hello(chromium, after) - await _top_of_hello(chromium, before))


async def _top_of_hello(chromium: Browser, html: str) -> float:
    tab = await chromium.new_page()
    await tab.route("**/*", lambda route: route.abort())
    await tab.set_content(f"<!doctype html>{html}")
    top = await tab.evaluate(
        """() => { const range = document.createRange(), words = document.createTreeWalker(document.body, 4);
            while (words.nextNode()) if (words.currentNode.data.includes('Hello')) range.selectNode(words.currentNode);
            return range.getBoundingClientRect().top; }"""
    )
    await tab.close()
    return float(top)
