"""Chores: done again whatever happens, until their process ends."""

import asyncio
from datetime import timedelta

import pytest

from tracker.chores import again_and_again


async def test_a_chore_that_fails_is_done_again() -> None:
    tries: list[int] = []

    async def fails_once() -> None:
        tries.append(len(tries))
        if len(tries) == 1:
            raise OSError("the database is away")
        if len(tries) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await again_and_again("failing", fails_once, timedelta(0))

    assert tries == [0, 1, 2]


async def test_a_chore_rests_between_two_goes() -> None:
    done: list[float] = []

    async def look_at_the_clock() -> None:
        done.append(asyncio.get_running_loop().time())
        if len(done) == 2:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await again_and_again("resting", look_at_the_clock, timedelta(seconds=0.05))

    assert done[1] - done[0] >= 0.04
