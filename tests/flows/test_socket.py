"""Over Slack's web socket the product does all that it does over http, and Slack calls no address of ours."""

import asyncio
import signal

import pytest

from tests.flows.conftest import SENDER, Product, until
from tests.flows.test_main_line import ADA, a_mail

both_ways = pytest.mark.parametrize("way_to_slack", ["http", "socket"])
over_the_socket = pytest.mark.parametrize("way_to_slack", ["socket"])


async def _reached(product: Product) -> None:
    if product.slack.over_socket:
        await until(lambda: len(product.slack.sockets.open) > 0, "the web process opens a socket")


@both_ways
async def test_a_mail_is_sent_read_told_and_asked_for(product: Product) -> None:
    await _reached(product)
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    await asyncio.sleep(3.1)
    await product.opened_by(ADA, "outlook")

    await until(lambda: len(product.dm()) == 1, "the sender is told")

    assert "What you can ask" in await product.says("/opens help")
    assert "Ada Lovelace" in await product.says("/opens ada")
    [asked] = await product.slack.command(next(iter(product.slack.workspace.users)), "disconnect")
    [done] = await product.slack.press(next(iter(product.slack.workspace.users)), asked["ts"], "disconnect")
    assert "is disconnected" in done["text"]


@over_the_socket
async def test_a_web_process_that_was_killed_hears_what_slack_tells_again(product: Product) -> None:
    await _reached(product)
    product.slack.telling.retries = (0.2,) * 50
    await product.end("web", signal.SIGKILL)

    telling = asyncio.create_task(product.slack.telling.tell(product.slack.workspace, {"type": "app_uninstalled"}))
    await asyncio.sleep(0.3)
    await product.start_web()

    assert await telling
    await until(lambda: "workspace_left" in product.log("web"), "the operator is told")


@over_the_socket
async def test_the_address_for_signed_requests_is_closed(product: Product) -> None:
    await _reached(product)
    product.slack.over_socket, product.slack.app_url_events = False, f"{product.environ['PUBLIC_URL']}/slack/events"

    assert "dispatch_failed" in await product.says("/opens help")


@over_the_socket
async def test_it_ends_when_told_to_with_its_socket(product: Product) -> None:
    await _reached(product)

    assert await product.end("web") == 0

    await until(lambda: product.slack.sockets.open == [], "the socket is closed")


@over_the_socket
async def test_while_slack_renews_its_sockets_nobody_waits_and_nothing_is_answered_twice(product: Product) -> None:
    await _reached(product)
    renewing = asyncio.create_task(product.slack.sockets.renew("refresh_requested"))

    answers = [await product.says("/opens help") for _ in range(5)]
    await renewing
    await until(lambda: len(product.slack.sockets.open) == 1, "one socket is open in the place of the old one")

    assert all(answer.count("What you can ask") == 1 for answer in answers)
    assert product.slack.sockets.greeted >= 2
    assert "asked_again" not in product.log("web")


@over_the_socket
async def test_a_socket_that_is_cut_is_opened_again(product: Product) -> None:
    await _reached(product)

    await product.slack.sockets.close()
    await until(lambda: product.slack.sockets.greeted == 2, "the web process opens another")

    assert "What you can ask" in await product.says("/opens help")
