"""The doctor, exports and erasures on the command line."""

import json
import stat
from pathlib import Path

import pytest

from tests.makers import a_copy, a_message
from tests.tracker.cli.conftest import Twotick
from tracker.store.opening import open_store


@pytest.fixture
async def written(connected: Twotick, tmp_path: Path, encryption_key: bytes) -> Twotick:
    """The same, with a mail to Ada."""
    async with await open_store(f"sqlite://{tmp_path / 'data' / 'twotick.sqlite3'}", [encryption_key]) as store:
        account = await store.accounts.by_email("mara@studio.example")
        assert account
        message = a_message(account_id=account.id)
        await store.messages.begin(message, [a_copy(message_id=message.id)])
    return connected


def test_the_doctor_says_what_is_broken_and_ends_with_one(migrated: Twotick) -> None:
    ended = migrated("doctor", PUBLIC_URL="http://127.0.0.1:9")

    assert ended.code == 1
    assert "BROKEN  address: http://127.0.0.1:9 does not lead here" in ended.said
    assert "BROKEN  worker: it was never seen" in ended.said
    assert "ok      database" in ended.said
    assert "Traceback" not in ended.errors


@pytest.mark.parametrize(
    ("settings", "about"), [({"PORT": "eighty"}, "settings"), ({"DATABASE_URL": "sqlite:///nowhere/x.db"}, "database")]
)
def test_what_keeps_us_from_starting_is_a_finding_too(twotick: Twotick, settings: dict[str, str], about: str) -> None:
    ended = twotick("doctor", "--json", **settings)

    assert ended.code == 1
    assert [one["about"] for one in json.loads(ended.out) if one["state"] == "broken"] == [about]


def test_an_export_is_lines_of_json(written: Twotick) -> None:
    ended = written("export", "--account", "mara@studio.example")

    entries = [json.loads(line) for line in ended.said.splitlines()]
    assert [entry["entry"] for entry in entries] == ["account", "message", "copy"]
    assert entries[2]["recipients"][0][:2] == ["ada@acme.example", "Ada Lovelace"]


def test_an_exported_file_is_for_its_owner_and_never_written_over(written: Twotick, tmp_path: Path) -> None:
    written("export", "--account", "mara@studio.example", "--out", "all.jsonl")
    again = written("export", "--account", "mara@studio.example", "--out", "all.jsonl")

    assert stat.S_IMODE((tmp_path / "all.jsonl").stat().st_mode) == 0o600
    assert (again.code, "cannot make all.jsonl" in again.errors) == (1, True)


def test_a_recipient_is_erased_after_a_yes_only(written: Twotick) -> None:
    asked = written("erase", "--recipient", "Ada@acme.example")
    still = written("export", "--account", "mara@studio.example").said
    done = written("erase", "--recipient", "Ada@acme.example", "--yes")

    assert (asked.code, "--yes" in asked.errors) == (1, True)
    assert "ada@acme" in still
    assert "mails to them alone: 1" in done.said
    assert "ada@acme" not in written("export", "--account", "mara@studio.example").said
    assert "ada@acme" not in done.errors.lower()


def test_an_account_is_erased_with_everything_about_it(written: Twotick) -> None:
    assert "erased mara@studio.example" in written("erase", "--account", "mara@studio.example", "--yes").said
    assert "None is connected yet" in written("export", "--account", "mara@studio.example").errors


def test_nobody_is_told_so(written: Twotick) -> None:
    assert "nothing is kept about x@y.example" in written("erase", "--recipient", "x@y.example", "--yes").errors


def test_stats_and_pages_are_answered_in_the_terminal(written: Twotick) -> None:
    told = json.loads(written("opens", "--account", "mara@studio.example", "--json", "stats", "30d").out)

    assert (told["question"], told["days"], len(told["by_hour"])) == ("stats", 30.0, 24)
    assert "expected an age" in written("opens", "--account", "mara@studio.example", "stats", "soon").errors
    assert "--page: expected" in written("opens", "--account", "mara@studio.example", "--page", "x").errors
