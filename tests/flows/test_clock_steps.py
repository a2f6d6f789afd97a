"""A machine whose clock steps: nothing waits for the time that was taken back, nothing is told twice."""

import os
import sqlite3
from pathlib import Path

import pytest

from tests.flows.conftest import SENDER, Product, until
from tests.flows.test_main_line import ADA, a_mail, grown_up

HOUR = 3600.0


class Clock:
    """The clock of the machine on which the product runs; Gmail, Slack and the recipient have the true one."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._file = product.folder / "clock"
        self.step(0)

    def step(self, seconds: float) -> None:
        """Set it so far from the true time."""
        written = Path(f"{self._file}.new")
        written.write_text(str(seconds))
        os.replace(written, self._file)

    async def govern(self) -> None:
        """Start web and worker again, by this clock, and whatever is run from now on."""
        for name in ("web", "worker"):
            await self._product.end(name)
        self._product.runs_by = ("tests.flows.own_clock", str(self._file))
        await self._product.start_web()
        await self._product.start_worker()


@pytest.mark.parametrize("step", [-HOUR, HOUR], ids=["back", "ahead"])
async def test_a_clock_that_steps_an_hour_neither_loses_nor_doubles_nor_holds_up_an_alert(
    product: Product, step: float
) -> None:
    clock = Clock(product)
    await clock.govern()
    await _sent(product, "Before")
    await product.opened_by(ADA, "outlook")
    await until(lambda: len(_told(product)) == 1, "the sender is told of the first mail")

    clock.step(step)
    await product.opened_by(ADA, "thunderbird")  # the mail of before, at another place
    await _sent(product, "After")
    await product.opened_by(ADA, "outlook")

    await until(lambda: len(_told(product)) == 2, "the sender is told of the second mail")
    await until(lambda: _hits(product) == 3, "each fetch is recorded once")
    assert [text.split('"')[1] for text in _told(product)] == ["Before", "After"]
    assert "recording failed" not in product.log("web")
    assert "Traceback" not in product.log("worker")


async def _sent(product: Product, subject: str) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail(subject))
    await grown_up()


def _told(product: Product) -> list[str]:
    return [message["text"] for message in product.dm()]


def _hits(product: Product) -> int:
    connection = sqlite3.connect(product.folder / "twotick.sqlite3", timeout=10)
    try:
        return int(connection.execute("SELECT count(*) FROM hit").fetchone()[0])
    finally:
        connection.close()
