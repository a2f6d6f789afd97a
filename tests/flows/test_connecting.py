"""A mailbox is connected from Slack by its owner's consent, used, lost, connected again, and forgotten."""

from typing import Any

import aiohttp
import pytest

from tests.flows.conftest import SENDER, USER, Product, until
from tests.flows.test_main_line import a_mail

OTHER = "mara@studio.example"


async def _in_slack(product: Product, text: str) -> list[dict[str, Any]]:
    answers = await product.slack.command(USER, text)
    return [element for answer in answers for block in answer["blocks"] for element in block.get("elements", ())]


async def connected(product: Product, email: str, wish: str = "connect") -> str:
    """Follow the link that Slack shows, consent, and come back in the same browser; the words of the page."""
    [link] = [element["url"] for element in await _in_slack(product, wish) if "url" in element]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(link, allow_redirects=False) as left:
            back = product.gmail.consent(email, left.headers["Location"])
        async with browser.get(back) as page:
            return await page.text()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_a_mailbox_is_connected_from_slack_and_sends(product: Product) -> None:
    product.gmail.add_mailbox(OTHER, "Mara")
    product.gmail.revoke(OTHER)

    page = await connected(product, OTHER)
    await product.twotick("send", "--account", OTHER, "--file", "-", stdin=a_mail("Lunch"))

    assert OTHER in page
    assert product.gmail.mailboxes[OTHER].labelled("SENT")
    assert "Lunch" in await product.says("/opens lunch")


async def test_a_withdrawn_grant_is_given_again_from_slack(product: Product) -> None:
    product.gmail.revoke(SENDER)
    await product.tried("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    await until(lambda: len(product.dm()) == 1, "the owner is told")

    await connected(product, SENDER)
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail("Back again"))

    assert "/opens connect" in str(product.dm()[0]["blocks"])
    assert "Back again" in await product.says("/opens")


async def test_a_disconnected_mailbox_is_forgotten_here_and_at_google(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    [asked] = await product.slack.command(USER, "disconnect")

    [done] = await product.slack.press(USER, asked["ts"], "disconnect")

    assert "is disconnected, and forgotten" in done["text"]
    assert product.gmail.grants.refresh_tokens == {}
    assert "No account is connected" in (await product.tried("accounts", "list"))[2]
    assert "/opens connect" in await product.says("/opens")
