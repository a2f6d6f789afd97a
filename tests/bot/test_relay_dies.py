"""kill -9 between every two steps of the relay: what it does to the outbox and to Slack happens once."""

from dataclasses import replace
from typing import Any

import pytest

from bot.relay import LEASE, Relay
from bot.saying import Saying
from bot.slack import SlackDoor
from tests.bot.books import HandClock, SmallBooks, SmallOutbox, a_report
from tests.makers import a_summary, after
from tests.standins.slack import SlackStandin
from tracker.reporting import Reporting

OPENED = a_summary(opens=1, first_open_at=after(hours=2), last_open_at=after(hours=2))
MOST_STEPS = 16


class Killed(BaseException):
    """The process is gone: nothing of it runs on."""


class Mortal:
    """Something outside, reached through a process that dies at a step, before or after the step is done."""

    def __init__(self, inner: Any, life: "Life") -> None:
        self._inner = inner
        self._life = life

    def __getattr__(self, name: str) -> Any:
        async def step(*given: Any, **named: Any) -> Any:
            self._life.go_on(before=True)
            result = await getattr(self._inner, name)(*given, **named)
            self._life.go_on(before=False)
            return result

        return step


class Life:
    def __init__(self, last_step: int, before: bool) -> None:
        self._left = last_step
        self._before = before
        self.over = False

    def go_on(self, before: bool) -> None:
        if self.over:
            raise Killed
        if before == self._before:
            self._left -= 1
            self.over = self._left == 0
        if self.over:
            raise Killed


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("last_step", range(1, MOST_STEPS))
@pytest.mark.parametrize("said_before", [False, True], ids=["first_news", "later_news"])
async def test_an_alert_is_said_once_whenever_the_worker_is_killed(
    slack: SlackStandin, door: SlackDoor, clock: HandClock, last_step: int, before: bool, said_before: bool
) -> None:
    books, outbox = SmallBooks(told=[a_report(summaries=[OPENED])]), SmallOutbox()
    story, message_id = Reporting(books, books).story, books.told[0].message.id
    if said_before:
        outbox.put(message_id=message_id)
        await Relay(outbox, Saying(books, story), door, clock, clock.sleep).turn()
        slack.delete("U0SENDER", slack.dm_of("U0SENDER")[0]["ts"])
    outbox.put(message_id=message_id)
    life = Life(last_step, before)

    await live(Relay(Mortal(outbox, life), Saying(books, story), Mortal(door, life), clock, clock.sleep), life)
    books.told = [replace(books.told[0], summaries=(replace(OPENED, opens=2),))]
    clock.now += 2 * LEASE
    await Relay(outbox, Saying(books, story), door, clock, clock.sleep).turn()

    (message,) = slack.dm_of("U0SENDER")
    assert set(outbox.fates) == {"said"}
    assert outbox.posts[message_id].ts == message["ts"]


async def live(relay: Relay, life: Life) -> None:
    for _ in range(2):
        try:
            await relay.turn()
        except Killed:
            return
        if life.over:
            return
