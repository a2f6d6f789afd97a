import asyncio
from pathlib import Path

import pytest

from bot.worker import work
from tests.bot.books import SmallBooks, SmallOutbox, a_report, a_store
from tests.makers import a_summary, after
from tests.standins.slack import SlackStandin
from tracker.settings import load_settings


class Stopping(SmallOutbox):
    """Ends the worker once something is said."""

    def __init__(self, stop: asyncio.Event) -> None:
        super().__init__()
        self._stop = stop

    async def settle(self, leased, now, post, **more) -> None:
        await super().settle(leased, now, post, **more)
        self._stop.set()


async def test_it_says_what_is_due_with_the_settings_token(slack: SlackStandin, tmp_path: Path) -> None:
    stop = asyncio.Event()
    report = a_report(summaries=[a_summary(opens=1, first_open_at=after(), last_open_at=after())])
    books, outbox = SmallBooks(told=[report]), Stopping(stop)
    outbox.put(message_id=report.message.id, due_at=after(days=-30))
    settings = load_settings(
        {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.own_url + "api/",
        },
        tmp_path,
    )

    await asyncio.wait_for(work(settings, a_store(books, outbox), stop), 5)

    assert len(slack.dm_of("U0SENDER")) == 1


async def test_without_slack_it_says_so_and_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stop, books, outbox = asyncio.Event(), SmallBooks(), SmallOutbox()
    outbox.put()
    working = asyncio.create_task(work(load_settings({}, tmp_path), a_store(books, outbox), stop))

    await asyncio.sleep(0.05)
    said, waiting = capsys.readouterr().out, not working.done()
    stop.set()
    await working

    assert waiting
    assert "SLACK_BOT_TOKEN" in said
    assert outbox.fates == [""]
