"""The crash rounds' own book-keeping: a check that cannot fail would show nothing."""

from typing import Any

import pytest

from benchmarks.reckoning import doubled, unsaid


def an_alert_row(**facts: Any) -> dict[str, Any]:
    return {"topic": "m1", "done_at": 1, "buried": None, "crowd_id": None, "blind": False, **facts}


@pytest.mark.parametrize("mark", ["m1", "m1/0/news"])
def test_what_stands_in_slack_was_said(mark: str) -> None:
    assert unsaid([an_alert_row()], {mark: 1}) == 0


@pytest.mark.parametrize(
    "row", [an_alert_row(), an_alert_row(done_at=None), an_alert_row(topic="m", done_at=1), an_alert_row(crowd_id="c1")]
)
def test_what_stands_nowhere_was_not_said(row: dict[str, Any]) -> None:
    marks = {"m2": 1, "m10": 1, "crowd:c2": 1} if row["done_at"] else {"m1": 1}

    assert unsaid([row], marks) == 1


def test_one_of_a_crowd_stands_in_the_crowds_message() -> None:
    assert unsaid([an_alert_row(crowd_id="c1")], {"crowd:c1": 1}) == 0


def test_a_doubt_about_one_topic_excuses_no_other() -> None:
    marks = {"m1": 2, "m2/0/news": 2}

    assert (doubled(marks, {}), doubled(marks, {"m1": 1}), doubled(marks, {"m1": 5})) == (2, 1, 1)
