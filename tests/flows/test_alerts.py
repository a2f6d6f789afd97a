"""Alerts worth having: one card a mail, a line in its thread for what comes later, a new message only for news."""

import pytest

from tests.flows.conftest import SENDER, Product, until
from tests.flows.test_main_line import ADA, a_mail, grown_up
from tests.standins.slack_words import words_of


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_a_later_opening_is_a_line_in_the_thread_and_the_first_click_is_news(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", "--links", stdin=a_mail())
    await grown_up()
    await product.opened_by(ADA, "outlook")
    await until(lambda: len(product.dm()) == 1, "the sender is told")

    await product.opened_by(ADA, "thunderbird")
    await until(lambda: len(product.dm()[0]["replies"]) == 1, "the thread goes on")
    await grown_up()
    await product.clicked_by(ADA, "outlook")
    await until(lambda: len(product.dm()) == 2, "the first click rings")

    card, news = product.dm()
    assert words_of(card["replies"][0]).startswith("Ada Lovelace opened it again")
    assert news["text"] == 'Ada Lovelace clicked a link in "Q3 proposal"'
    await until(lambda: "1 click" in words_of(product.dm()[0]), "the card follows")
