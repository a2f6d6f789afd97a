"""How somebody wants to be told, as controls in Home: drawn, pressed, saved."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import time

import pytest

from bot.blocks import Block
from bot.noise_at_home import NoiseAtHome
from tests.makers import NOON
from tests.ports.givens import given_account
from tests.standins.slack_blocks import faults_of
from tests.standins.slack_words import words_of
from tracker.model import Account
from tracker.noise import DigestEvery, Hours, Noise
from tracker.ports import Store
from tracker.store.opening import open_store

NIGHT = Hours(time(20), time(8))


@pytest.fixture
async def store(sqlite_url: str, encryption_key: bytes) -> AsyncIterator[Store]:
    async with await open_store(sqlite_url, [encryption_key]) as opened:
        yield opened


@pytest.fixture
async def accounts(store: Store) -> Sequence[Account]:
    return [await given_account(store, email=f"{name}@x.example", slack_user="U0MARA") for name in ("a", "b")]


@pytest.fixture
def family(store: Store) -> NoiseAtHome:
    return NoiseAtHome(store.noise, lambda: NOON)


def drawn(blocks: Sequence[Block]) -> str:
    assert faults_of(list(blocks)) == []
    return words_of({"blocks": list(blocks)})


async def wanted(store: Store, accounts: Sequence[Account]) -> list[Noise]:
    return [replace(await store.noise.of(one.id), account_id="") for one in accounts]


@pytest.mark.parametrize(
    ("action", "value", "after"),
    [
        ("quiet", "20:00-8:00", Noise("", quiet=NIGHT)),
        ("weekends", "on", Noise("", quiet_weekends=True)),
        ("repeats", "off", Noise("", repeats=False)),
        ("digest", "weekly", Noise("", digest=DigestEvery.WEEKLY, digest_set_at=NOON)),
        ("quiet", "25:00-8:00", Noise("")),
        ("quiet", "weekends", Noise("")),
        ("digest", "hourly", Noise("")),
    ],
)
async def test_a_choice_is_kept_for_all_mailboxes_and_an_invented_one_is_not(
    store: Store, accounts: Sequence[Account], family: NoiseAtHome, action: str, value: str, after: Noise
) -> None:
    await family.changes[f"hush:{action}"](accounts, value)

    assert await wanted(store, accounts) == [after, after]


async def test_quiet_hours_that_no_menu_offers_are_shown_and_can_be_ended(
    store: Store, accounts: Sequence[Account], family: NoiseAtHome
) -> None:
    await store.noise.keep(Noise(accounts[0].id, quiet=Hours(time(19, 30), time(6)), quiet_weekends=True))

    before = drawn(await family.blocks(accounts))
    await family.changes["hush:quiet"](accounts, "off")

    assert "Quiet hours\n19:30 to 6:00 ·" in before
    assert await wanted(store, accounts[:1]) == [Noise("", quiet_weekends=True)]
    assert "Quiet hours\nNone ·" in drawn(await family.blocks(accounts))


async def test_where_news_is_told_is_shown_without_what_a_channels_name_could_do(
    store: Store, accounts: Sequence[Account], family: NoiseAtHome
) -> None:
    await store.noise.keep(Noise(accounts[0].id, channel="C1", channel_name="*sales* <!here>"))

    blocks = await family.blocks(accounts)

    assert "told in #" in drawn(blocks)
    assert not any(harm in str(blocks) for harm in ("<!here>", "*sales*"))
