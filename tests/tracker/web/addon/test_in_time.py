"""The add-on answers in time, whatever sleeps behind it."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.tracker.web.addon.gmail_page import GmailPage, gmail_page
from tracker.ports import Store, TryLater
from tracker.web.addon import paths

ROOT = Path(__file__).parents[4]
ASKED = ("web/addon", "composing.py", "noticing.py", "wishes.py", "reporting.py")
LATE = "Twotick is slow right now and could not answer in time."
BROKEN = "Something went wrong on our side. Please try again in a minute."


class Asleep:
    """A book that never answers, or fails at once."""

    def __init__(self, failure: Exception | None = None) -> None:
        self._failure = failure

    def __getattr__(self, name: str) -> Any:
        async def asked(*_: object) -> None:
            if self._failure:
                raise self._failure
            await asyncio.Event().wait()

        return asked


def test_nothing_behind_the_addon_knows_a_way_to_gmail() -> None:
    files = [path for part in ASKED for path in [ROOT / "tracker" / part]]
    sources = [file for path in files for file in (path.rglob("*.py") if path.is_dir() else [path])]

    assert len(sources) > 10
    assert not [file for file in sources if "Mailer" in file.read_text() or "tracker.gmail" in file.read_text()]


@pytest.mark.parametrize("path", [*paths.TRIGGERS, *paths.PRESSES])
@pytest.mark.parametrize(
    ("failure", "told"), [(None, LATE), (TryLater("the database is away"), LATE), (RuntimeError("a bug"), BROKEN)]
)
async def test_a_database_that_sleeps_or_fails_gives_words_in_time(
    page: GmailPage, books: Store, google_key: rsa.RSAPrivateKey, path: str, failure: Exception | None, told: str
) -> None:
    asleep: Any = Asleep(failure)
    async with gmail_page(replace(books, accounts=asleep), page.account, google_key, patience_seconds=0.05) as sleepy:
        async with asyncio.timeout(2):
            said = await sleepy.opens(path)

    assert said.status == 200
    assert said.card["sections"][0]["widgets"][0]["textParagraph"]["text"].startswith(told)
