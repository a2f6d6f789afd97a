"""Bad days in Slack with real processes: floods, outages, channels that are gone, people who are gone, lost rights."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from tests.flows.conftest import SENDER, USER, Product, until
from tests.flows.test_main_line import ADA, a_mail, grown_up
from tests.makers import a_message, a_sent_copy
from tests.standins.mail_clients import MAIL_CLIENTS
from tests.standins.slack_faults import Says
from tests.standins.slack_words import words_of
from tracker.clock import utc_now
from tracker.model import Copy, MessageState
from tracker.store.opening import open_store
from tracker.tokens import Tokens

MANY = 500
SUBJECT = "Q3 proposal"
BOT = "U0TWOTICK"


async def mails(product: Product, number: int) -> Sequence[Copy]:
    """So many mails that went out a minute ago, as the product keeps them."""
    at, made = utc_now() - timedelta(minutes=1), []
    async with await open_store(product.environ["DATABASE_URL"], [product.environ["ENCRYPTION_KEYS"]]) as store:
        account = await store.accounts.by_email(SENDER)
        assert account
        for place in range(number):
            message = a_message(account_id=account.id, subject=f"Offer {place:03}", created_at=at)
            copy = a_sent_copy(message_id=message.id, sent_at=at, attempted_at=at)
            await store.messages.begin(message, [copy])
            await store.messages.arm(copy)
            await store.messages.finish(replace(message, state=MessageState.SENT, sent_at=at))
            made.append(copy)
    return made


async def are_opened(product: Product, copies: Sequence[Copy]) -> None:
    """Each is opened with Outlook, from a network of its own."""
    client, tokens = MAIL_CLIENTS["outlook"], Tokens([product.environ["SECRET_KEY"]])
    headers = {**client.headers, "User-Agent": client.ua}
    async with ClientSession(product.environ["PUBLIC_URL"], headers=headers) as http:
        for place, copy in enumerate(copies):
            whence = {"X-Forwarded-For": f"93.{place % 250}.{place // 250}.7"}
            async with http.get(f"/o/{tokens.pixel(copy.id)}.gif", headers=whence) as answer:
                assert answer.status == 200


async def sent(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail(subject=SUBJECT))
    await grown_up()


async def opened_and_told(product: Product, client: str = "outlook") -> None:
    """Ada opens the mail, and all that follows from it is said or given up."""
    before = alerts(product, "1 = 1")
    await product.opened_by(ADA, client)
    await until(lambda: alerts(product, "1 = 1") > before, "there is an alert")
    await until(lambda: not alerts(product, "done_at IS NULL AND kind <> 'line'"), "all is said or given up", 30)


def alerts(product: Product, condition: str) -> int:
    connection = sqlite3.connect(product.folder / "twotick.sqlite3", timeout=10)
    try:
        [(number,)] = connection.execute(f"SELECT count(*) FROM alert WHERE {condition}")  # noqa: S608
        return int(number)
    finally:
        connection.close()


async def listed(product: Product) -> str:
    """All pages of `/opens today`, turned by its buttons."""
    [page] = await product.slack.command(USER, "today")
    said = [words_of(page)]
    while "Older" in said[-1]:
        [page] = await product.slack.press(USER, page["ts"], "older")
        said.append(words_of(page))
    return "\n".join(said)


def posts(product: Product) -> int:
    return sum(
        call.method == "chat.postMessage" and bool((call.answer or {}).get("ok")) for call in product.slack.calls
    )


async def a_channel(product: Product, name: str, words: str = "") -> str:
    """A channel to which news go from now on."""
    channel = product.slack.workspace.add_channel(name, [USER, BOT])
    assert "#" + name in await product.says(f"/opens channel #{name} {words}")
    return channel


def said_in(product: Product, channel: str) -> list[str]:
    return [message["text"] for message in product.slack.workspace.said(channel)]


async def test_five_hundred_openings_in_a_minute_are_few_messages_and_all_are_found_again(product: Product) -> None:
    product.slack.rate_limits = True
    await product.start("second worker", "bot")
    copies = await mails(product, MANY)

    await are_opened(product, copies)
    await until(lambda: alerts(product, "kind = 'first_open' AND done_at IS NOT NULL") == MANY, "all is settled", 60)
    await until(lambda: not alerts(product, "done_at IS NULL"), "all is said", 30)
    found = await listed(product)

    assert alerts(product, "buried IS NOT NULL") == 0
    assert posts(product) == len(product.dm()) <= 12
    [crowd] = [text for text in (message["text"] for message in product.dm()) if "mails have news" in text]
    assert int(crowd.split()[0]) + len(product.dm()) - 1 == MANY
    assert [place for place in range(MANY) if f"Offer {place:03}" not in found] == []


@pytest.mark.parametrize("hide", ["", "hide"])
async def test_a_card_is_kept_right_where_it_stands_and_news_go_to_the_new_channel(product: Product, hide: str) -> None:
    await sent(product)
    await opened_and_told(product)
    [card] = product.dm()

    sales = await a_channel(product, "sales", hide)
    for client in ("thunderbird", "iphone"):
        await opened_and_told(product, client)
    await until(lambda: "3 opens" in words_of(product.dm()[0]), "the card follows where it stands")
    _, news = said_in(product, sales)  # first, that news will come
    deals = await a_channel(product, "deals")
    await product.slack.press(USER, card["ts"], "correct", own_choice(product.dm()[0]))
    await until(lambda: "2 opens" in words_of(product.dm()[0]), "the card is corrected where it stands")

    assert [message["ts"] for message in product.dm()] == [card["ts"]]
    assert (SUBJECT in news) == (not hide)
    await until(lambda: "told elsewhere now" in said_in(product, sales)[1], "the old channel is told no more")
    assert len(said_in(product, deals)) == 1


def own_choice(card: dict) -> str:
    about = next(block for block in card["blocks"] if block.get("block_id", "").startswith("about:"))
    return "self:" + about["block_id"].removeprefix("about:")


@pytest.mark.parametrize("gone", ["archived", "thrown out"])
async def test_a_channel_that_is_gone_loses_nothing_and_is_named(product: Product, gone: str) -> None:
    sales = await a_channel(product, "sales")
    await sent(product)
    workspace = product.slack.workspace
    workspace.archive(sales) if gone == "archived" else workspace.leave(sales, BOT)

    await opened_and_told(product)
    await until(lambda: len(product.dm()) == 2, "its owner is told, and of the channel, too")

    texts = sorted(message["text"] for message in product.dm())
    assert texts[0] == f'Ada Lovelace opened "{SUBJECT}"'
    assert "#sales" in texts[1]
    assert "/opens channel" in words_of(next(one for one in product.dm() if one["text"] == texts[1]))


async def test_a_person_who_left_slack_is_shown_by_the_doctor(product: Product) -> None:
    await sent(product)
    product.slack.workspace.users[USER]["deleted"] = True

    await opened_and_told(product)
    _, said, _ = await product.tried("doctor")

    assert alerts(product, "buried = 'user_disabled'") == 1
    assert "alerts never said" in said
    assert "1 × user_disabled" in said


@pytest.mark.parametrize("refusal", ["missing_scope", "token_revoked"])
async def test_lost_rights_cost_no_alert_and_the_log_says_which(product: Product, refusal: str) -> None:
    await sent(product)
    workspace, token = product.slack.workspace, product.slack.bot_token
    if refusal == "missing_scope":
        workspace.scopes = workspace.scopes - {"chat:write"}
    else:
        product.slack.faults.next("conversations.open", Says(refusal), times=1000)

    await product.opened_by(ADA, "outlook")
    await until(lambda: "slack_refuses_us" in product.log("worker"), "the log complains")
    complaint = next(line for line in product.log("worker").splitlines() if "slack_refuses_us" in line)
    workspace.scopes, product.slack.bot_token = workspace.scopes | {"chat:write"}, token
    product.slack.faults.clear()
    age_the_wait(product)
    await until(lambda: len(product.dm()) == 1, "it is told once the rights are back")

    assert refusal in complaint
    assert ("chat:write" in complaint) == (refusal == "missing_scope")


def age_the_wait(product: Product) -> None:
    """What waits for the operator waits no longer."""
    with sqlite3.connect(product.folder / "twotick.sqlite3", timeout=10) as database:
        database.execute("UPDATE alert SET held_until = NULL WHERE done_at IS NULL")
    database.close()


async def test_openings_while_nothing_listens_at_slack_are_told_together_afterwards(product: Product) -> None:
    await product.end("worker")
    at_home = product.environ["SLACK_API_URL"]
    product.environ["SLACK_API_URL"] = "http://127.0.0.1:9/api/"  # nothing listens at the port to discard to
    await product.start_worker()
    copies = await mails(product, 40)
    for copy in copies:
        await are_opened(product, [copy])
    await until(lambda: alerts(product, "1 = 1") >= len(copies), "there is an alert for each")
    await until(lambda: "alert_deferred" in product.log("worker"), "Slack was tried")
    assert product.dm() == []
    await product.end("worker")

    product.environ["SLACK_API_URL"] = at_home
    await product.start_worker()
    age_the_wait(product)
    await until(lambda: not alerts(product, "done_at IS NULL"), "all is said", 60)

    texts = [message["text"] for message in product.dm()]
    [crowd] = [text for text in texts if "mails have news" in text]
    assert int(crowd.split()[0]) + len(texts) - 1 == len(copies)
    assert len(texts) <= 7
