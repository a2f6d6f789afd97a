"""The sender's mailbox is followed: replies, returned mail, and mail that Gmail itself sends."""

import asyncio

from tests.flows.conftest import SENDER, Product, until
from tests.flows.test_addon import WINDOW, asked, inserted, sent
from tests.flows.test_main_line import ADA, a_mail
from tracker.web.addon import paths


def said(product: Product, words: str) -> bool:
    return any(words in message["text"] for message in product.dm())


async def test_a_mail_is_sent_opened_and_replied_to(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    await asyncio.sleep(3.1)  # nobody opens a mail within three seconds
    await product.opened_by(ADA, "outlook")
    await until(lambda: said(product, 'Ada Lovelace opened "Q3 proposal"'), "the opening is told")
    [mail] = product.gmail.mailboxes[ADA].labelled("INBOX")

    product.gmail.reply(ADA, mail.id, "Yes, with pleasure.")

    await until(lambda: said(product, 'replied to "Q3 proposal"'), "the reply is told")
    assert len(product.dm()) == 2


async def test_a_mail_that_gmail_sends_with_the_addons_pixel_is_armed_and_its_opening_counts(product: Product) -> None:
    answer = await asked(product, paths.TRACK, on=["track"], window=WINDOW)
    draft = product.gmail.compose(SENDER, a_mail(), inserted(answer))

    product.gmail.press_send(SENDER, draft)
    await until(lambda: _listed(product), "the sent mail is found")
    await asyncio.sleep(3.1)
    await product.opened_by(ADA, "outlook")

    await until(lambda: said(product, 'Ada Lovelace opened "Q3 proposal"'), "the opening is told")
    assert len(sent(product)) == 1


async def test_a_mail_to_an_address_that_is_not_there_is_told_with_the_reason(product: Product) -> None:
    mail = a_mail(to="ada@nowhere.example")

    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=mail)

    words = '"Q3 proposal" could not be delivered to ada@nowhere.example: no such address'
    await until(lambda: said(product, words), "the bounce is told")


async def _listed(product: Product) -> bool:
    return "Q3 proposal" in await product.twotick("opens", "--account", SENDER)
