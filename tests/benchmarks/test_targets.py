"""What a run says about a promise, and where it is kept."""

import pytest

from benchmarks.results import with_block
from benchmarks.targets import Finding, Section, summing_up, table


@pytest.mark.parametrize(
    ("finding", "verdict"),
    [
        (Finding("p99", 9.99, 10, "ms"), "reached"),
        (Finding("p99", 12.5, 10, "ms"), "**missed by 2.50 ms** (25%)"),
        (Finding("rate", 2_000, 2_000, at_least=True), "reached"),
        (Finding("rate", 1_500, 2_000, at_least=True, digits=0), "**missed by 500** (25%)"),
        (Finding("lost", 3, 0, digits=0), "**missed by 3**"),
        (Finding("idle", 0.1 * 3, 0.3, "%"), "reached"),  # 0.30000000000000004
        (Finding("ratio", None, 0.75, why_not="no server here"), "not measured: no server here"),
    ],
)
def test_a_finding_says_whether_its_promise_is_reached_or_by_how_much_it_is_missed(
    finding: Finding, verdict: str
) -> None:
    assert finding.verdict == verdict


def test_a_run_is_summed_up_by_what_it_missed_and_what_it_could_not_measure() -> None:
    section = Section(
        1, "Pixels", [Finding("SQLite", 1, 1), Finding("p99", 2, 1, "ms"), Finding("PostgreSQL", None, 1, why_not="x")]
    )

    assert summing_up([section]) == "1 of 3 promises reached. missed: 1: p99. not measured: 1: PostgreSQL."


def test_columns_stand_under_each_other() -> None:
    assert list(table([("what", "hits"), ("ours", "1,000"), ("theirs", "5")])) == [
        "| what   | hits  |",
        "|--------|-------|",
        "| ours   | 1,000 |",
        "| theirs |     5 |",
    ]


def test_a_run_takes_the_place_of_the_one_before_and_leaves_the_rest_of_the_page() -> None:
    page = with_block("# Measured\n\nFirst words.\n\n## Earlier\n\nSlow.\n", "first run")

    again = with_block(page, "second run")

    assert again.startswith("# Measured\n\nFirst words.\n\n<!--")
    assert "second run" in again
    assert "first run" not in again
    assert again.endswith("-->\n\n## Earlier\n\nSlow.\n")
    assert with_block(again, "second run") == again
