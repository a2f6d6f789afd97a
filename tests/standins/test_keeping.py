"""What the stand-ins know outlives them, whole or not at all."""

import asyncio
import json
import stat
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.standins.keeping import Kept


@dataclass
class Part:
    known: dict[str, Any] = field(default_factory=dict)
    asked: int = 0

    def snapshot(self) -> dict[str, Any]:
        self.asked += 1
        return self.known

    def restore(self, kept: dict[str, Any]) -> None:
        self.known = {**kept}


def test_a_second_start_finds_what_the_first_knew(tmp_path):
    Kept(tmp_path / "standins.json", {"gmail": Part({"drafts": 3})}).save()
    second = Part()

    Kept(tmp_path / "standins.json", {"gmail": second}).restore()

    assert second.known == {"drafts": 3}


def test_a_first_start_finds_nothing_and_says_nothing(tmp_path):
    assert Kept(tmp_path / "standins.json", {"gmail": Part()}).restore() is None


def test_a_part_that_is_not_in_use_stays_as_it_was(tmp_path):
    Kept(tmp_path / "standins.json", {"slack": Part({"messages": 2})}).save()

    Kept(tmp_path / "standins.json", {"gmail": Part({"drafts": 3})}).save()

    assert json.loads((tmp_path / "standins.json").read_text()) == {"slack": {"messages": 2}, "gmail": {"drafts": 3}}


def test_only_its_owner_can_read_it(tmp_path):
    Kept(tmp_path / "standins.json", {"gmail": Part()}).save()

    assert stat.S_IMODE((tmp_path / "standins.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["{", "[]", '{"gmail": 3}', "\x00", "null"])
def test_an_unreadable_memory_is_set_aside_and_said(tmp_path, text):
    (tmp_path / "standins.json").write_text(text)

    said = Kept(tmp_path / "standins.json", {"gmail": Part()}).restore()

    assert "set aside" in str(said)
    assert (tmp_path / "standins.broken").read_text() == text


async def test_changes_that_come_together_are_written_together(tmp_path):
    part = Part()
    kept = Kept(tmp_path / "standins.json", {"gmail": part}, gather_seconds=0.01)

    for _ in range(10):
        kept.soon()
    await asyncio.sleep(0.05)

    assert part.asked == 1
    assert (tmp_path / "standins.json").exists()


async def test_closing_writes_what_was_still_to_be_written(tmp_path):
    kept = Kept(tmp_path / "standins.json", {"gmail": Part({"drafts": 1})}, gather_seconds=60)
    kept.soon()

    kept.close()

    assert json.loads((tmp_path / "standins.json").read_text()) == {"gmail": {"drafts": 1}}
