"""What a new rule set would change, as a person and a program read it."""

from collections import Counter

from tracker.classify import RULESET
from tracker.cli.replay import replay_json, replay_lines
from tracker.model import Cause
from tracker.rejudging import Rejudged

MOVES = Counter({(Cause.UNKNOWN, Cause.SCANNER): 2, (Cause.LIKELY_HUMAN, Cause.SELF): 1})
FOUND = Rejudged(messages=40, hits=1340, moves=MOVES, of_message={"m1": MOVES})


def test_the_table_counts_from_which_verdict_to_which() -> None:
    shown = "\n".join(replay_lines(FOUND, applied=False))

    assert "3 of 1,340 hits on 40 mails would be judged otherwise:" in shown
    assert [line.split() for line in shown.splitlines()[1:3]] == [
        ["unknown", "→", "scanner", "2"],
        ["likely-human", "→", "self", "1"],
    ]


def test_a_preview_says_how_to_go_on() -> None:
    assert list(replay_lines(FOUND, applied=False))[-1] == "Nothing is changed yet. Add --apply to change it."


def test_an_applied_change_says_that_nobody_was_notified() -> None:
    shown = list(replay_lines(FOUND, applied=True))

    assert "are now judged otherwise" in shown[0]
    assert "nobody is notified" in shown[-1]


def test_no_change_is_said_in_a_line() -> None:
    (line,) = replay_lines(Rejudged(messages=2, hits=9), applied=False)

    assert line.startswith("Nothing changes")


def test_a_program_reads_the_changes_of_each_mail() -> None:
    told = replay_json(FOUND, applied=False)

    assert (told["rules"], told["applied"], told["changed"]) == (RULESET, False, 3)
    assert told["by_message"] == [{"id": "m1", "moves": told["moves"]}]
    assert told["moves"][0] == {"from": "unknown", "to": "scanner", "hits": 2}
