"""`twotick send --at` takes a time to come, and says what it expected when it is given another thing."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tracker.cli import run


def tried(at: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        run(["send", "--account", "you@example.com", "--draft", "r1", "--at", at])
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("at", ["tomorrow", "", "2026-13-40", "9:00", "99999-01-01", "0001-01-01T00:00+23:59"])
def test_what_is_no_time_is_refused_with_an_example(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "expected a time such as 2026-12-01T09:00" in tried(at, capsys)


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-9))])
def test_a_time_that_is_past_is_refused_whatever_its_offset(zone: timezone, capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime.now(zone) - timedelta(minutes=1)

    assert "is past" in tried(at.isoformat(), capsys)
