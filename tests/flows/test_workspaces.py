"""Workspaces install the product in a browser, are told of their mail with their own token, leave, and come back."""

import asyncio
import signal
from typing import Any

import aiohttp
import pytest

from tests.flows.conftest import Product, until
from tests.flows.test_main_line import ADA, a_mail
from tests.standins.slack_words import words_of
from tests.standins.slack_workspace import Workspace

pytestmark = pytest.mark.parametrize("way_to_slack", ["many"])
PERSON, MAIL = "U0BOB", "bob@beta.example"


@pytest.fixture
def beta(product: Product) -> Workspace:
    """A second workspace, with a person who has a mailbox."""
    workspace = product.slack.add_workspace("T0BETA", "Beta")
    workspace.add_user(PERSON, "bob", MAIL, "UTC")
    product.gmail.add_mailbox(MAIL, "Bob")
    return workspace


async def installed(product: Product, workspace: Workspace, **how: Any) -> str:
    """Install in a browser; the words of the page."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(f"{product.environ['PUBLIC_URL']}/slack/install", allow_redirects=False) as left:
            back = product.slack.installs.consent(left.headers["Location"], workspace, PERSON, **how)
        async with browser.get(back) as page:
            return await page.text()


async def connected(product: Product) -> None:
    answers = await product.slack.command(PERSON, "connect")
    [link] = [
        element["url"]
        for answer in answers
        for block in answer["blocks"]
        for element in block.get("elements", ())
        if "url" in element
    ]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(link, allow_redirects=False) as left:
            back = product.gmail.consent(MAIL, left.headers["Location"])
        async with browser.get(back) as page:
            assert page.status == 200


async def opened(product: Product, subject: str) -> None:
    await product.twotick("send", "--account", MAIL, "--file", "-", stdin=a_mail(subject))
    await asyncio.sleep(3.1)
    await product.opened_by(ADA, "outlook")


def told(product: Product) -> list[dict[str, Any]]:
    return [message for message in product.slack.dm_of(PERSON) if not message["ephemeral"]]


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_a_workspace_installs_is_told_leaves_and_comes_back(product: Product, beta: Workspace) -> None:
    assert "Twotick is installed" in await installed(product, beta)
    token = product.slack.installs.token_of(beta)
    await connected(product)
    await opened(product, "First")
    await until(lambda: len(told(product)) == 1, "the person is told in their own workspace")
    posted = [call for call in product.slack.calls if call.method == "chat.postMessage"]

    assert await product.slack.uninstall(beta)
    await opened(product, "Second")
    await until(lambda: "workspace_without_installation" in product.log("worker"), "the log says why nothing comes")
    silent = len(told(product))

    assert "Twotick is installed" in await installed(product, beta)
    await until(lambda: len(told(product)) == 2, "what waited comes")

    assert "First" in told(product)[0]["text"]
    assert {call.token for call in posted} == {token}
    assert silent == 1
    assert product.log("web").count("workspace_left") == 1
    assert product.log("worker").count("workspace_without_installation") == 1
    assert "Second" in told(product)[1]["text"]
    assert product.slack.installs.token_of(beta) != token
    assert "Second" in words_of((await product.slack.command(PERSON, "second"))[0])


async def test_workspaces_are_kept_apart(product: Product, beta: Workspace) -> None:
    await installed(product, beta)
    await installed(product, product.slack.workspace)
    await connected(product)
    await opened(product, "For Bob alone")

    await until(lambda: len(told(product)) == 1, "the person is told")

    assert product.dm() == []
    assert "For Bob" not in await product.says("/opens")


async def test_killed_while_a_workspace_leaves_the_product_hears_of_it_all_the_same(
    product: Product, beta: Workspace
) -> None:
    product.slack.telling.retries = (0.2,) * 50
    await installed(product, beta)
    await product.end("web", signal.SIGKILL)

    leaving = asyncio.create_task(product.slack.uninstall(beta))
    await asyncio.sleep(0.5)
    await product.start_web()

    assert await leaving
    await until(lambda: "workspace_left" in product.log("web"), "it is written down")


async def test_no_token_and_no_secret_is_written_anywhere(product: Product, beta: Workspace) -> None:
    await installed(product, beta)
    token = product.slack.installs.token_of(beta)
    assert token
    files = b"".join(file.read_bytes() for file in product.folder.rglob("*") if file.is_file())

    assert token.encode() not in files
    assert product.slack.installs.client_secret.encode() not in files
