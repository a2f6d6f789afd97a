"""How long `/opens` takes with 100,000 messages and a million hits of one person."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks.generate import Size, generate, slack_user
from bot.blocks import Card
from bot.commands import Commands
from bot.figures import Figures
from bot.grammar_of_account import ShowStats
from bot.lists import Lists
from tests.postgres import postgres_binaries, running_postgres
from tracker.reporting import Reporting
from tracker.store.opening import open_store

QUESTIONS = (
    *("", "ada", "ada.lovelace12", '"q3 proposal"', "no such word", "Q1 proposal 4000"),
    *("unopened", "unopened 30d", "today", "week", "hot", "stats 30d", "stats 180d"),
)
_ROUNDS = 5
_FEWEST, _MOST_MS = 5, 3000.0  # a slow question is put less often
_PROMISED = 500.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the milliseconds that each of its answers took."""

    question: str
    took: tuple[float, ...]

    def percentile(self, share: float) -> float:
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def asked(url: str, rounds: int = _ROUNDS) -> list[Asked]:
    """Put every question so many times at the most, and turn to its second page; once unmeasured first."""
    async with await open_store(url, [bytes(32)]) as store:
        reporting = Reporting(store.messages, store.hits)
        lists = Lists(store.accounts, reporting)
        figures = Figures(store.accounts, reporting, store.vitals, None)
        commands = Commands(store.accounts, reporting, lists=lists, others={ShowStats: figures.answer})
        found: list[Asked] = []
        for text in QUESTIONS:
            one, card = await _timed(
                f"/opens {text}", rounds, lambda text=text: commands.answer("T1", slack_user(0), text)
            )
            found.append(one)
            if older := _older(card):
                page = f"/opens {text} - Older"
                found.append(
                    (await _timed(page, rounds, lambda older=older: lists.turn("T1", slack_user(0), older)))[0]
                )
        return found


async def measure(url: str) -> None:
    """Print the median and the worst of some rounds."""
    for one in await asked(url):
        late = "  LATE" if one.percentile(0.5) > _PROMISED else ""
        print(f"{one.question:<40}{one.percentile(0.5):>9.1f} ms {one.percentile(1):>9.1f} ms{late}")


async def _timed(name: str, rounds: int, ask: Callable[[], Awaitable[Card]]) -> tuple[Asked, Card]:
    took: list[float] = []
    card = await ask()
    while len(took) < min(rounds, _FEWEST) or (len(took) < rounds and sum(took) < _MOST_MS):
        began = time.perf_counter()
        card = await ask()
        took.append((time.perf_counter() - began) * 1000)
    return Asked(name, tuple(took)), card


def _older(card: Card) -> str:
    presses = [press for block in card.blocks if block["type"] == "actions" for press in block["elements"]]
    return next((press["value"] for press in presses if press["action_id"] == "older"), "")


async def _generated(url: str, name: str) -> None:
    began = time.monotonic()
    await generate(url, Size())
    print(f"\n{name}, generated in {time.monotonic() - began:.0f} s: median and worst of {_ROUNDS}")
    await measure(url)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_generated(f"sqlite://{folder}/large.sqlite3", "SQLite"))
    binaries = postgres_binaries()
    if binaries:
        with running_postgres(binaries, settings=()) as server:
            asyncio.run(_generated(server.fresh(), "PostgreSQL"))


if __name__ == "__main__":
    main()
