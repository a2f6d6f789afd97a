"""`twotick judge`: one verdict a line, whatever the lines hold."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracker.classify.labelled import HITS
from tracker.classify import classify
from tracker.classify.labelled import BadLine, labelled_hit
from tracker.cli import run

LINE = HITS.read_text().splitlines()[0]


@pytest.fixture
def hits(tmp_path: Path) -> Path:
    return tmp_path / "hits.jsonl"


def _verdicts(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, object]], str]:
    told = capsys.readouterr()
    return [json.loads(line) for line in told.out.splitlines()], told.err


def test_every_hit_gets_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["judge", str(HITS)])

    verdicts, _ = _verdicts(capsys)
    assert (code, len(verdicts)) == (0, len(HITS.read_text().splitlines()))


def test_a_verdict_says_why(hits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hits.write_text(LINE)

    run(["judge", str(hits), "--json"])

    verdict = {"id": "h001", "verdict": "prefetch", "confidence": 0.98, "reason": "gmail_prefetch_ua", "rules": ["D1"]}
    assert _verdicts(capsys)[0] == [verdict]


def test_with_labels_the_confusion_is_told_beside_the_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    run(["judge", str(HITS)])

    assert "scanner" in _verdicts(capsys)[1]


def test_programs_get_the_confusion_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    run(["judge", str(HITS), "--json"])

    facts = json.loads(_verdicts(capsys)[1])
    assert (facts["people_not_counted"], facts["machines_counted"]) == (0, 0)


def test_reasons_are_counted_only_where_the_labels_give_one(hits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = json.loads(LINE)
    hits.write_text("\n".join(json.dumps(one) for one in (row, {**row, "reason": ""})))
    run(["judge", str(hits)])
    some = _verdicts(capsys)[1]
    hits.write_text(json.dumps({**row, "reason": None}))

    run(["judge", str(hits)])

    assert "1 of 1 for the reason in the label" in some
    assert "for the reason" not in _verdicts(capsys)[1]


def test_without_labels_there_is_no_confusion(hits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = json.loads(LINE)
    hits.write_text(json.dumps({name: value for name, value in row.items() if name != "label"}))

    run(["judge", str(hits)])

    assert _verdicts(capsys)[1] == ""


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        ({"links_total": 5, "distinct_links_2s": 3}, "burst_links"),
        ({"links_total": 3, "distinct_links_10s": 3}, "burst_links"),
        ({"burst_same_second": 2}, "burst_links"),
        ({"distinct_tokens_60s": 3}, "fan_out"),
        ({"prior": [{"reason": "honeypot", "age_s": 100, "same_ip": True}]}, "same_actor_as_scanner"),
        ({"sender_ips": ["203.0.113.85"]}, "self_ip"),
        ({"sender_session_cookie": True}, "self_cookie"),
        ({"sender_headsup": True}, "self_headsup"),
        ({"bounced": True}, "bounced_message"),
        ({"corrected": "scanner"}, "corrected"),
        ({"armed": False}, "before_send"),
        ({"honeypot": True}, "honeypot"),
        ({"honeypot": False, "links_total": 5, "distinct_links_2s": 2}, "browser_navigation"),
    ],
)
def test_what_was_known_beside_a_hit_is_evidence(context: dict[str, object], reason: str) -> None:
    row = {
        "id": "x",
        "kind": "click",
        "ip": "203.0.113.85",
        "ua": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
        "headers": {"Sec-Fetch-Mode": "navigate"},
        "seconds_after_send": 600,
        "context": context,
    }

    labelled = labelled_hit(json.dumps(row))

    assert classify(labelled.hit, labelled.known).reason == reason


@pytest.mark.parametrize(
    "broken",
    [
        "not json",
        "[1]",
        "{}",
        '{"id": "x", "kind": "open"}',
        '{"id": "x", "kind": "tap", "seconds_after_send": 1}',
        '{"id": "x", "kind": "open", "seconds_after_send": 1e999}',
        '{"id": "x", "kind": "open", "seconds_after_send": NaN}',
        '{"id": "x", "kind": "open", "seconds_after_send": 1, "label": "nobody"}',
        '{"id": "x", "kind": "open", "seconds_after_send": 1, "context": [1]}',
        "[" * 100_000,
    ],
)
def test_a_broken_line_is_named_and_the_others_judged(
    hits: Path, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    hits.write_text(f"{LINE}\n{broken}\n\n{LINE}\n")

    code = run(["judge", str(hits)])

    verdicts, complaints = _verdicts(capsys)
    assert (code, len(verdicts), "line 2: " in complaints) == (1, 2, True)


def test_a_file_that_is_not_there_is_named(hits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["judge", str(hits)])

    assert (code, str(hits) in _verdicts(capsys)[1]) == (1, True)


def test_a_dash_reads_stdin(capsys: pytest.CaptureFixture[str], given_stdin: "StdIn") -> None:
    given_stdin(LINE.encode())

    run(["judge", "-"])

    assert len(_verdicts(capsys)[0]) == 1


class StdIn:
    def __init__(self) -> None:
        self._before = sys.stdin

    def __call__(self, said: bytes) -> None:
        sys.stdin = io.TextIOWrapper(io.BytesIO(said))

    def restore(self) -> None:
        sys.stdin = self._before


@pytest.fixture
def given_stdin() -> Iterator[StdIn]:
    stdin = StdIn()
    yield stdin
    stdin.restore()


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
_names = ["prior", "sender_ips", "links_total", "distinct_links_2s", "bounced", "burst_same_second", "recipient_mx"]


@given(
    row=st.fixed_dictionaries(
        {"id": _json, "kind": st.sampled_from(["open", "click"]), "seconds_after_send": _json},
        optional={
            "ip": _json,
            "asn": _json,
            "headers": _json,
            "method": _json,
            "ua": _json,
            "context": st.dictionaries(st.sampled_from(_names), _json, max_size=4) | _json,
        },
    )
)
def test_whatever_a_line_holds_is_a_hit_or_a_bad_line(row: dict[str, object]) -> None:
    read: object
    try:
        read = labelled_hit(json.dumps(row)).hit.id
    except BadLine as wrong:
        read = str(wrong)

    assert isinstance(read, str)
