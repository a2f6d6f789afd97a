"""`twotick judge`: the classifier over recorded hits, one JSON verdict a line."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from tracker.classify import classify
from tracker.classify.confusion import Confusion
from tracker.classify.labelled import BadLine, Labelled, labelled_hit
from tracker.cli.failing import Failed
from tracker.cli.parsers import Commands
from tracker.model import Verdict

LONGEST_LINE = 10_000_000  # bytes; a longer one is no hit, and is not held in memory


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("judge", help="judge recorded hits: one JSON verdict a line")
    parser.epilog = "twotick judge --replay shows what these rules change about the hits in the database (--replay -h)."
    parser.add_argument("hits", metavar="HITS.jsonl", help="one JSON object a line; - reads stdin")
    parser.add_argument("--json", action="store_true", help="the confusion table as JSON, too (always on stderr)")
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    confusion, broken = Confusion(), False
    with _opened(arguments.hits) as lines:
        for number, line in enumerate(_bounded(lines), 1):
            if line.strip():
                broken |= not _judge(line, number, confusion)
    sys.stdout.flush()
    if confusion:
        _tell(confusion, as_json=arguments.json)
    return int(broken)


def _judge(line: bytes, number: int, confusion: Confusion) -> bool:
    """Print one line's verdict, or what is wrong with the line; returns whether it was judged."""
    try:
        labelled = _read(line)
    except BadLine as wrong:
        print(f"twotick: line {number}: {wrong}", file=sys.stderr)
        return False
    verdict = classify(labelled.hit, labelled.known)
    print(json.dumps(_facts(labelled.hit.id, verdict)))
    if labelled.cause is not None:
        confusion.add(labelled.cause, labelled.reason, verdict)
    return True


def _read(line: bytes) -> Labelled:
    if len(line) > LONGEST_LINE:
        raise BadLine(f"it is longer than {LONGEST_LINE:,} bytes")
    return labelled_hit(line.decode("utf-8-sig", "replace"))


def _facts(hit_id: str, verdict: Verdict) -> dict[str, object]:
    return {
        "id": hit_id,
        "verdict": verdict.cause.value,
        "confidence": verdict.confidence,
        "reason": verdict.reason,
        "rules": list(verdict.rules),
    }


def _tell(confusion: Confusion, *, as_json: bool) -> None:
    # On stderr in both forms, so that stdout is one verdict a line for whatever reads it.
    told = [json.dumps(confusion.facts())] if as_json else confusion.lines()
    print("\n".join(told), file=sys.stderr)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(name, "rb")  # noqa: SIM115
    except OSError as refused:
        raise Failed(f"cannot read {name}: {refused.strerror}. Name a file with one JSON object a line.") from None
    with file:
        try:
            yield file
        except IsADirectoryError:
            raise Failed(f"{name} is a directory. Name a file with one JSON object a line.") from None


def _bounded(lines: BinaryIO) -> Iterator[bytes]:
    """Each line, cut where it is longer than any hit; the rest of such a line is passed over."""
    while line := lines.readline(LONGEST_LINE + 1):
        yield line
        while line and not line.endswith(b"\n") and len(line) > LONGEST_LINE:
            line = lines.readline(LONGEST_LINE + 1)
