"""The add-on in Gmail, with tokens that Google signs: written, sent tracked, read, and seen beside the sent mail."""

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import aiohttp
import pytest

from tests.flows.conftest import ADDON_CLIENT, SENDER, Product, until
from tests.flows.test_main_line import ADA, a_mail
from tests.standins.gmail import StoredMessage
from tests.tracker.web.addon.google import accept
from tracker.tokens import Tokens
from tracker.web.addon import paths

WINDOW = "00112233445566ff"


async def asked(
    product: Product,
    path: str,
    on: Sequence[str] = (),
    chosen: Mapping[str, str] = MappingProxyType({}),
    gmail: Any = None,
    **parameters: str,
) -> Any:
    """Google calls the add-on for the sender; its answer, which Google would accept."""
    inputs = {**dict.fromkeys(on, "on"), **chosen}
    url = f"{product.environ['PUBLIC_URL']}{path}"
    event = {
        "authorizationEventObject": {
            "userIdToken": product.gmail.user_token(ADDON_CLIENT, SENDER),
            "userOAuthToken": product.gmail.lent_token(SENDER),
        },
        "commonEventObject": {
            "parameters": parameters,
            "formInputs": {name: {"stringInputs": {"value": [value]}} for name, value in inputs.items()},
        },
        "gmail": gmail or {},
    }
    headers = {"Authorization": f"Bearer {product.gmail.addon_token(url)}"}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as http,
        http.post(url, json=event, headers=headers) as answer,
    ):
        said = await answer.json()
    accept(said, trigger=path in paths.TRIGGERS)
    return said


def inserted(said: Any) -> str:
    """What an answer puts into the mail that is being written."""
    markup = said["renderActions"]["hostAppAction"]["gmailAction"]["updateDraftActionMarkup"]
    return str(markup["updateBody"]["insertContents"][0]["content"])


def sent(product: Product) -> list[StoredMessage]:
    return list(product.gmail.mailboxes[SENDER].labelled("SENT"))


async def test_send_tracked_now_goes_out_is_read_and_shows_beside_the_sent_mail(product: Product) -> None:
    await asked(product, paths.PREFER, chosen={"undo_seconds": "5"}, setting="undo_seconds")
    answer = await asked(product, paths.SEND, on=["links"], window=WINDOW)
    product.gmail.compose(SENDER, a_mail(), inserted(answer))
    await until(lambda: len(sent(product)) == 1, "the worker sends it once the time to cancel is over", seconds=25)
    await asyncio.sleep(3.1)  # nobody opens a mail within three seconds
    await product.opened_by(ADA, "outlook")
    await until(lambda: len(product.dm()) == 1, "the sender is told")

    gmail = {"messageId": f"msg-f:{int(sent(product)[0].id, 16)}", "threadId": "thread-f:1"}
    card = (await asked(product, paths.MESSAGE, gmail=gmail))["action"]["navigations"][0]["pushCard"]

    assert card["header"] == {"title": "✓✓ 1 open", "subtitle": "Q3 proposal"}
    assert inserted(answer).encode() not in sent(product)[0].raw


async def test_while_gmail_hangs_the_addon_answers_in_two_seconds(product: Product) -> None:
    for method in ("gmail.users.drafts.list", "gmail.users.drafts.get", "oauth2.token"):
        product.gmail.faults.hang(method, times=50)
    await asked(product, paths.SEND, window=WINDOW)

    for path in (paths.HOME, paths.COMPOSE, paths.MESSAGE):
        await asked(product, path)
    again = await asked(product, paths.SEND, window=WINDOW)

    assert again["renderActions"]["action"]["navigations"]


@pytest.mark.parametrize("how", [{"forged": True}, {"email": "somebody@else.example"}])
async def test_who_is_not_google_is_turned_away(product: Product, how: dict[str, Any]) -> None:
    url = f"{product.environ['PUBLIC_URL']}{paths.HOME}"
    headers = {"Authorization": f"Bearer {product.gmail.addon_token(url, **how)}"}

    async with aiohttp.ClientSession() as http, http.post(url, json={}, headers=headers) as answer:
        assert answer.status in (401, 403)


async def test_what_gmail_itself_sends_carries_the_token_by_which_it_is_found(product: Product) -> None:
    answer = await asked(product, paths.TRACK, on=["track"], window=WINDOW)
    draft = product.gmail.compose(SENDER, a_mail(), inserted(answer))

    mail = product.gmail.press_send(SENDER, draft)

    html = mail.raw.replace(b"=\r\n", b"").decode()
    token = html.partition("/o/")[2].partition(".gif")[0]
    assert Tokens([product.environ["SECRET_KEY"]]).read_pixel(token)


async def test_a_tracked_reply_is_written_in_gmail_sent_by_gmail_and_its_opening_is_told(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    [inbox] = product.gmail.mailboxes[ADA].labelled("INBOX")
    product.gmail.reply(ADA, inbox.id, "Tell me more.")
    [answer] = product.gmail.mailboxes[SENDER].labelled("INBOX")
    await until(lambda: _replied(product), "the reply is told")
    gmail = {
        "messageId": f"msg-f:{int(answer.id, 16)}",
        "threadId": f"thread-f:{int(answer.thread_id, 16)}",
        "accessToken": product.gmail.mail_token(answer.id),
    }

    answers = [await asked(product, paths.REPLY, gmail=gmail, press=WINDOW) for _ in range(2)]
    opened = [one["renderActions"]["hostAppAction"]["gmailAction"]["openCreatedDraftActionMarkup"] for one in answers]
    product.gmail.press_send(SENDER, opened[0]["draftId"])
    await until(lambda: _armed(product), "the sent reply is found")
    await asyncio.sleep(3.1)  # nobody opens a mail within three seconds
    await product.opened_by(ADA, "outlook")

    await until(lambda: _told(product, 'Ada Lovelace opened "Re: Q3 proposal"'), "the opening is told")
    assert opened[0] == opened[1]
    assert opened[0]["draftThreadId"] == answer.thread_id
    assert product.gmail.mailboxes[ADA].labelled("INBOX")[0].thread_id == inbox.thread_id


async def test_while_gmail_hangs_a_tracked_reply_is_answered_in_two_seconds(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    await until(lambda: _followed(product), "the mailbox is followed")
    product.gmail.faults.hang("gmail.users.drafts.create", times=50)
    gmail = {"messageId": f"msg-f:{int(sent(product)[0].id, 16)}", "threadId": "thread-f:1"}
    card = (await asked(product, paths.MESSAGE, gmail=gmail))["action"]["navigations"][0]["pushCard"]
    message = card["sections"][-1]["widgets"][0]["buttonList"]["buttons"][-1]["onClick"]["action"]["parameters"]

    answer = await asked(product, paths.REPLY, gmail=gmail, **{one["key"]: one["value"] for one in message})

    [step] = answer["renderActions"]["action"]["navigations"]
    assert "Gmail is slow to save your reply" in str(step["updateCard"])


def _told(product: Product, words: str) -> bool:
    return any(words in message["text"] for message in product.dm())


def _replied(product: Product) -> bool:
    return _told(product, 'replied to "Q3 proposal"')


def _followed(product: Product) -> bool:
    return "gmail.users.history.list" in [method for method, _ in product.gmail.calls]


async def _armed(product: Product) -> bool:
    return "Re: Q3 proposal" in await product.twotick("opens", "--account", SENDER)
