"""One form for all logs: JSON where no person is watching."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from tracker.logs import set_up_logs


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_our_lines_and_those_of_libraries_are_json_alike() -> None:
    stream = io.StringIO()
    set_up_logs("auto", stream)

    structlog.get_logger().warning("full", missed=3)
    logging.getLogger("asyncio").warning("slow %s", "callback")

    ours, theirs = map(json.loads, stream.getvalue().splitlines())
    assert (ours["event"], ours["missed"], ours["level"]) == ("full", 3, "warning")
    assert theirs["event"] == "slow callback"


def test_a_failure_keeps_its_traceback_in_one_line() -> None:
    stream = io.StringIO()
    set_up_logs("auto", stream)

    try:
        raise ValueError("of course")
    except ValueError:
        structlog.get_logger().exception("failed")

    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert "ValueError: of course" in line["exception"]


def test_a_person_at_a_terminal_reads_lines() -> None:
    stream = Terminal()
    set_up_logs("auto", stream)

    structlog.get_logger().info("ready", port=8080)

    assert "ready" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


@pytest.mark.parametrize("form", ["lines", "json"])
def test_the_values_of_variables_are_never_shown_with_a_failure(form: str) -> None:
    stream = io.StringIO()
    set_up_logs(form, stream)

    def failing(token: str) -> None:
        raise ValueError(len(token))

    try:
        failing("ya29." + "secret")
    except ValueError:
        structlog.get_logger().exception("failed")

    assert "ValueError: 11" in stream.getvalue()
    assert "ya29.secret" not in stream.getvalue()
