"""Logs: JSON for machines, lines for a person at a terminal. Never a token, never a secret."""

import logging
import sys
from typing import TextIO

import structlog


def set_up_logs(form: str = "auto", stream: TextIO = sys.stderr) -> None:
    """Send everything that is logged, by us or by a library, to the stream in one form.

    `form` is json, lines, or auto: lines on a terminal, JSON elsewhere.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ending(form, stream)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)


def _ending(form: str, stream: TextIO) -> list[structlog.typing.Processor]:
    if form == "lines" or (form == "auto" and stream.isatty()):
        # Where other packages are installed, structlog would show the values of variables, tokens among them.
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
