"""What the crash rounds take for a promise: an answer that the process did not count as missed."""

from pathlib import Path

import pytest

from benchmarks.fleet import Member
from benchmarks.ledger import Life

MISSED = b'{"event": "hits are answered but not stored"}\n'


def a_life(folder: Path, log: bytes, *counts: int) -> Life:
    """A process that answered at second 10, whose counter was looked at in the seconds 1, 11, 21 …"""
    (folder / "log").write_bytes(log)
    looks = [(1.0 + 10 * place, 1.1 + 10 * place, count) for place, count in enumerate(counts)]
    return Life(Member("web", (), {}, folder), 0, [(10.0, "90.0.0.1")], looks)


@pytest.mark.parametrize(("log", "counts"), [(b"", (0, 0)), (MISSED, (4, 4)), (b"", (0,))])
def test_an_answer_is_a_promise_when_nothing_was_missed_around_it(
    tmp_path: Path, log: bytes, counts: tuple[int, ...]
) -> None:
    assert a_life(tmp_path, log, *counts).promised() == (["90.0.0.1"], [])


@pytest.mark.parametrize(("log", "counts"), [(b"", (0, 1)), (MISSED, (4, 5)), (MISSED, (0,))])
def test_an_answer_is_no_promise_when_something_may_have_been_missed(
    tmp_path: Path, log: bytes, counts: tuple[int, ...]
) -> None:
    assert a_life(tmp_path, log, *counts).promised() == ([], ["90.0.0.1"])
