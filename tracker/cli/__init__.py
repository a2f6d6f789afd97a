"""The console script: one module a command, each with its arguments beside what it does."""

import argparse
import os
import sys
from collections.abc import Coroutine, Sequence
from importlib import import_module

from tracker.cli.failing import Failed
from tracker.failures import NotAuthorized, Refused, TryLater
from tracker.settings import WrongSetting
from tracker.store.errors import CannotOpen

_COMMANDS = (
    *("serve", "record", "migrate", "tag", "accounts", "send", "opens", "correct", "judge", "manifest"),
    *("doctor", "export", "erase"),
)
_INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run one command. Whatever the user can mend ends with one sentence on stderr, and exit code 1."""
    parsed = _parser(arguments).parse_args(arguments or ["serve"])
    try:
        return int(parsed.runner(parsed.run(parsed)))
    except (Failed, Refused, WrongSetting, CannotOpen) as problem:
        return _complain(str(problem))
    except NotAuthorized as problem:
        return _complain(f"{problem} Connect the account again with `twotick accounts add`.")
    except TryLater as problem:
        return _complain(f"{problem} Nothing is lost: run the same command again.")
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`twotick opens | head`); Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _complain(problem: str) -> int:
    print(f"twotick: {problem}", file=sys.stderr)
    return 1


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="twotick", description="Two ticks when they have read it. Without a command, the web process starts."
    )
    parser.set_defaults(runner=_run_to_its_end)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    # Google's and the database's libraries take longer to import than tagging a mail takes: load what is asked for.
    for module in _modules(arguments):
        import_module(f"tracker.cli.{module}").add_to(commands)
    return parser


def _run_to_its_end(command: Coroutine[object, object, int]) -> int:
    return int(import_module("asyncio").run(command))


def _modules(arguments: Sequence[str]) -> Sequence[str]:
    named = arguments[0] if arguments else "serve"
    if named == "judge" and "--replay" in arguments:
        return ("replay",)  # the one way of judging that needs the database
    return (named,) if named in _COMMANDS else _COMMANDS
