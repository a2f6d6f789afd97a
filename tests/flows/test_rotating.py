"""A workspace whose tokens end after seconds, and a whole organisation: real processes, of which one is killed."""

import asyncio
import signal
from datetime import timedelta

import pytest

from tests.flows.conftest import Product, until
from tests.flows.test_workspaces import MAIL, PERSON, connected, installed, opened, told
from tests.standins.slack_faults import Slow
from tests.standins.slack_workspace import Workspace

pytestmark = pytest.mark.parametrize("way_to_slack", ["many"])


@pytest.fixture
def beta(product: Product) -> Workspace:
    """A second workspace, whose tokens rotate, with a person who has a mailbox."""
    workspace = product.slack.add_workspace("T0BETA", "Beta")
    workspace.add_user(PERSON, "bob", MAIL, "UTC")
    product.gmail.add_mailbox(MAIL, "Bob")
    product.slack.installs.rotating.on = True
    product.slack.installs.rotating.lasts = timedelta(seconds=4)
    return workspace


async def test_tokens_that_ended_keep_nobody_from_being_told(product: Product, beta: Workspace) -> None:
    await installed(product, beta)
    await connected(product)
    await opened(product, "First")
    await until(lambda: len(told(product)) == 1, "the person is told", 30)
    await asyncio.sleep(4.5)

    await opened(product, "Second")
    await until(lambda: len(told(product)) == 2, "the person is told with another token", 30)

    posted = [call.token for call in product.slack.calls if call.method == "chat.postMessage"]
    assert len(set(posted)) == 2
    assert "workspace_not_renewed" not in product.log("worker")
    assert all("xox" not in product.log(name) for name in ("web", "worker"))


async def test_killed_between_slacks_answer_and_the_book_the_worker_goes_on_where_slack_lets_it(
    product: Product, beta: Workspace
) -> None:
    product.slack.installs.rotating.lenient = True
    await installed(product, beta)
    await connected(product)
    await product.end("worker")
    await asyncio.sleep(4.5)
    product.slack.faults.next("oauth.v2.access", Slow(3.0))
    before = product.slack.installs.rotating.exchanges
    await product.start_worker()
    await until(lambda: product.slack.installs.rotating.exchanges > before, "Slack spends the refresh token", 30)
    await product.end("worker", signal.SIGKILL)

    await product.start_worker()
    await opened(product, "After the kill")
    await until(lambda: len(told(product)) == 1, "the person is told once the turn of the dead is over", 120)

    assert "workspace_not_renewed" not in product.log("worker")


async def test_an_organisation_installs_and_its_workspaces_are_told_and_kept_apart(
    product: Product, beta: Workspace
) -> None:
    product.slack.installs.rotating.on = False
    words = await installed(product, beta, organisation="E0GROUP")

    await connected(product)
    await opened(product, "For the group")
    await until(lambda: len(told(product)) == 1, "the person is told with the organisation's token", 30)

    assert "organisation" in words
    assert product.dm() == []
    assert await product.slack.uninstall(beta)
    await until(lambda: "workspace_left" in product.log("web"), "the organisation's leave is forgotten")
