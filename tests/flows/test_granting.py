"""The ways into a mailbox beside the usual one, and a grant that is lost and given again, as people meet them."""

import asyncio
import base64
import json
import re
from typing import Any

import aiohttp

from tests.flows.conftest import SENDER, USER, Product, until
from tests.flows.test_connecting import OTHER, connected
from tests.flows.test_main_line import a_mail
from tracker.gmail.delegation import SCOPES

ROBOT = "robot@project.iam.gserviceaccount.com"
READER = "ada@acme.example"


async def _restarted(product: Product, *names: str, **settings: str) -> None:
    product.environ |= settings
    for name in names:
        await product.end(name)
    if "web" in names:
        await product.start_web()
    if "worker" in names:
        await product.start_worker()


def _newcomer(product: Product, email: str = OTHER) -> None:
    product.gmail.add_mailbox(email, "Mara")
    product.gmail.revoke(email)


async def test_who_lets_us_only_send_sends_files_and_is_told_about_drafts(product: Product) -> None:
    _newcomer(product)

    page = await connected(product, OTHER, "connect send")
    await product.twotick("send", "--account", OTHER, "--file", "-", stdin=a_mail("Only sent"))
    code, _, errors = await product.tried("send", "--account", OTHER, "--draft", "last")

    assert "read nothing" in page
    assert "Only sent" in await product.says("/opens")
    assert (code, "type /opens connect in Slack" in errors) == (1, True)
    await until(lambda: "read nothing" in product.log("worker"), "the worker says that it does not follow it")
    assert product.log("worker").count("mailbox_not_followed") == 1


async def test_a_sending_without_an_answer_is_told_as_doubt_at_the_terminal(product: Product) -> None:
    _newcomer(product)
    await connected(product, OTHER, "connect send")
    product.gmail.faults.drop_after("gmail.users.messages.send")

    mail = a_mail()
    first, second = [await product.tried("send", "--account", OTHER, "--file", "-", stdin=mail) for _ in range(2)]

    assert (first[0], second[0]) == (1, 1)
    assert "may or may not be out" in first[2]
    assert "Sent folder" in second[2]
    assert len(product.gmail.mailboxes[OTHER].labelled("SENT")) == 1


async def test_a_mailbox_connected_on_our_page_finds_its_owner_in_slack_and_loses_no_news(product: Product) -> None:
    _newcomer(product)
    await _restarted(product, "web", CONNECT_DOMAINS="studio.example")
    await _connected_on_the_page(product)
    await product.twotick("send", "--account", OTHER, "--file", "-", stdin=a_mail("From the page"))
    await asyncio.sleep(3.1)  # nobody opens a mail within three seconds
    await product.opened_by(READER, "outlook")
    await until(lambda: "owner_not_in_slack" in product.log("worker"), "nobody is found")

    product.slack.add_user("U0MARA", "Mara", OTHER)
    await _restarted(product, "worker")  # in place of the ten minutes until the next look
    await until(lambda: bool(product.slack.dm_of("U0MARA")), "the owner is told", 30)

    assert "From the page" in str(product.slack.dm_of("U0MARA")[0]["blocks"])
    assert "From the page" in await product.slack.says("/opens", "U0MARA")


async def _connected_on_the_page(product: Product) -> None:
    address = f"{product.environ['PUBLIC_URL']}/google/connect"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(address) as page:
            [ticket] = re.findall(r'name="t" value="([^"]+)"', await page.text())
        async with browser.post(address, data={"t": ticket}, allow_redirects=False) as left:
            back = product.gmail.consent(OTHER, left.headers["Location"])
        async with browser.get(back) as page:
            assert "is connected" in await page.text()


async def test_a_service_account_sends_and_follows_and_its_end_is_the_operators_affair(product: Product) -> None:
    _newcomer(product)
    accounts = product.gmail.grants.service_accounts
    (product.folder / "key.json").write_text(accounts.add(ROBOT, []))
    add = ("accounts", "add", "--email", OTHER, "--slack-user", USER, "--delegated")
    await _restarted(product, "worker", GOOGLE_SERVICE_ACCOUNT_FILE=str(product.folder / "key.json"))
    refused = await product.tried(*add)
    accounts.scopes[ROBOT] = frozenset(SCOPES)
    await product.twotick(*add)

    await product.twotick("send", "--account", OTHER, "--file", "-", stdin=a_mail("By the robot"))
    product.gmail.reply(READER, product.gmail.mailboxes[READER].labelled("INBOX")[0].id, "Yes.")
    await until(lambda: "replied" in str(product.dm()), "the reply is told")
    accounts.scopes[ROBOT] = frozenset()
    product.gmail.forget_access(OTHER)
    await until(lambda: "whoever runs Twotick" in str(product.dm()[-1:]), "the owner is told who has to act")

    assert (refused[0], "needs the scope" in refused[2]) == (1, True)
    # Once for each chore that was asking just then, and not at every look.
    assert 1 <= product.log("worker").count("delegation_refused") <= 3
    assert "delegated" in await product.twotick("accounts", "list")
    assert "/opens connect" not in str(product.dm()[-1]["blocks"])


async def test_a_lost_grant_is_told_once_and_everything_goes_on_after_it_is_given_again(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail("Before"))
    waiting = product.gmail.save_draft(SENDER, a_mail("Waiting"))
    product.gmail.revoke(SENDER)
    await until(lambda: len(product.dm()) == 1, "the owner is told")
    product.gmail.reply(READER, product.gmail.mailboxes[READER].labelled("INBOX")[0].id, "Meanwhile.")
    await product.tried("send", "--account", SENDER, "--draft", waiting)
    lost = list(product.dm())

    await connected(product, SENDER)
    await product.twotick("send", "--account", SENDER, "--draft", waiting)
    await until(lambda: "replied" in str(product.dm()), "the reply that came meanwhile is told")

    assert len(lost) == 1
    assert "withdrew" in str(lost[0]["blocks"])
    assert [mail for mail in product.gmail.mailboxes[SENDER].labelled("SENT") if b"Waiting" in mail.raw]


async def test_after_the_three_steps_of_rotating_the_old_key_is_not_needed(product: Product) -> None:
    old, new = product.environ["ENCRYPTION_KEYS"], base64.urlsafe_b64encode(b"n" * 32).decode()
    await _restarted(product, "web", "worker", ENCRYPTION_KEYS=f"{new},{old}")
    await until(lambda: _resealed(product) == [1], "the worker says that grants are under the new key")
    await _restarted(product, "web", "worker", ENCRYPTION_KEYS=new)

    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail("Under the new key"))
    product.environ["ENCRYPTION_KEYS"] = old
    with_the_old = await product.tried("send", "--account", SENDER, "--file", "-", stdin=a_mail("Again"))

    assert with_the_old[0] == 1
    assert "ENCRYPTION_KEYS" in with_the_old[2]


def _resealed(product: Product) -> list[int]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in product.log("worker").splitlines() if "{" in line]
    return [line["renewed"] for line in lines if line.get("event") == "grants_resealed" and line["renewed"]]
