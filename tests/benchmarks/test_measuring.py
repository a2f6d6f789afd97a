"""The benchmarks run, on what is smallest, and find what they look for: figures are for `make bench` alone."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks import commands, starting
from benchmarks.answers import QUESTIONS, asked
from benchmarks.counting import kept_hits
from benchmarks.efforts import QUICK
from benchmarks.generate import Size, batches, copy_ids, generate
from benchmarks.pixels import Design, compare, own_server
from benchmarks.recorder import recorded
from benchmarks.steady import section as steady
from benchmarks.web_process import ENCRYPTION_KEY
from tests.makers import NOON, a_hit
from tracker.clock import utc_now
from tracker.judging import judge
from tracker.recording import Recording
from tracker.store.intake import open_intake
from tracker.store.opening import open_store
from tracker.tagger import Tagger
from tracker.tagging import Untaggable
from tracker.tokens import Tokens

SMALL = replace(QUICK, seconds=0.2, steady_seconds=0.4, flat_hits=200, messages=50, few_hits=100)


def test_designs_are_compared_with_the_first(tmp_path: Path) -> None:
    designs = [
        Design("bare", own_server("bare", "-")),
        Design("ours", own_server("durable", f"sqlite://{tmp_path}/ours.sqlite3"), counts=True),
        Design("naive", own_server("tortoise", f"sqlite://{tmp_path}/naive.sqlite3")),
    ]

    bare, ours, naive = compare(designs, rounds=1, seconds=0.3)

    assert bare.ratio == 1
    assert ours.ratio > naive.ratio > 0
    assert ours.rate > 0


def test_every_hit_of_a_full_intake_is_recorded(sqlite_url: str) -> None:
    took = recorded(sqlite_url, 100)

    assert took.hits == 100
    assert took.cpu > 0


def test_a_hit_that_is_recorded_and_not_crossed_out_is_counted_once(sqlite_url: str) -> None:
    copy_id = copy_ids(1)[0]

    async def fill() -> None:
        await generate(sqlite_url, Size(messages=1, hits=0))
        intake = await open_intake(sqlite_url)
        await asyncio.gather(*(intake.append(a_hit(copy_id=copy_id)) for _ in range(5)))
        async with await open_store(sqlite_url, [ENCRYPTION_KEY]) as store:
            await Recording(store.hits, judge, timedelta(0), utc_now).record((await intake.take(5))[:3])
        await intake.close()

    asyncio.run(fill())

    assert kept_hits(sqlite_url) == (3, 2)


def test_a_web_process_is_led_through_steady_load_bursts_and_many_hits() -> None:
    found = {finding.what: finding for finding in steady(SMALL).findings}

    assert found["hits answered and not kept"].ours == 0
    assert found["fetches unanswered, steady and in bursts"].ours == 0


def test_commands_are_answered_while_pixels_come_in() -> None:
    acknowledged, answered = commands.section(SMALL).findings

    assert acknowledged.ours
    assert answered.ours
    assert answered.ours > 0


async def test_every_question_is_put_as_often_as_it_is_told(sqlite_url: str) -> None:
    await generate(sqlite_url, Size(messages=50, hits=100))

    found = await asked(sqlite_url, rounds=2)

    assert len(found) >= len(QUESTIONS)
    assert {len(one.took) for one in found} == {2}


@pytest.mark.parametrize("hits", [1, 3, 20])
def test_there_are_about_as_many_hits_as_were_asked_for(hits: int) -> None:
    size = Size(messages=2_000, hits=2_000 * hits)

    made = sum(len(rows.hit) for rows in batches(size, NOON))

    assert made == pytest.approx(size.hits, rel=0.1)


def test_the_mail_that_is_tagged_can_be_tagged_and_has_its_size() -> None:
    mail = starting.a_mail(100_000)

    tagged = Tagger(Tokens(["a key"]), "https://twotick.example").tag(mail, copy_ids(1)[0], links=True)

    assert not isinstance(tagged, Untaggable)
    assert len(mail) == pytest.approx(100_000, abs=10)
