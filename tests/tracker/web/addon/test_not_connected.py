"""Beside a mail of a mailbox that nobody connected: a button for that mailbox alone, or the words that lead on."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.makers import an_account
from tests.tracker.web.addon.gmail_page import GmailPage, gmail_page
from tracker.ports import Store
from tracker.web.addon import paths

STRANGER = "mara@studio.example"


def _link_for(email: str) -> str:
    return f"https://track.example/google/connect?t=for-{email}"


def _buttons(card: Any) -> list[dict[str, Any]]:
    widgets = [widget for section in card["sections"] for widget in section["widgets"]]
    return [one for widget in widgets for one in widget.get("buttonList", {}).get("buttons", ())]


@pytest.mark.parametrize("path", [paths.HOME, paths.MESSAGE, paths.COMPOSE, paths.LOOK_AGAIN])
async def test_the_button_leads_to_a_link_for_the_address_that_google_verified(
    books: Store, google_key: rsa.RSAPrivateKey, path: str
) -> None:
    account = await books.accounts.add(an_account(), "grant")
    async with gmail_page(books, account, google_key, link_for=_link_for) as page:
        page.user = {"email": STRANGER}
        said = await page.opens(path)

    [connect, _] = _buttons(said.card)
    assert connect["text"] == "Connect"
    assert connect["onClick"]["openLink"] == {"url": _link_for(STRANGER), "onClose": "RELOAD"}


async def test_where_google_is_not_set_up_the_words_lead_on(page: GmailPage) -> None:
    page.user = {"email": STRANGER}

    said = await page.opens(paths.HOME)

    assert "/opens connect" in said.text
    assert "openLink" not in said.text


async def test_whoever_google_does_not_name_gets_no_link(books: Store, google_key: rsa.RSAPrivateKey) -> None:
    account = await books.accounts.add(an_account(), "grant")
    async with gmail_page(books, account, google_key, link_for=_link_for) as page:
        page.user = {"email": STRANGER, "email_verified": False}
        said = await page.opens(paths.HOME)

    assert "Who are you?" in said.text
    assert "openLink" not in said.text
