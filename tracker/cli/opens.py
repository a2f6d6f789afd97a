"""`twotick opens`: the answers of `/opens`, in the terminal."""

import json
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC

from tracker.assembly import opened_store
from tracker.cli.choosing import account_of
from tracker.cli.failing import Failed
from tracker.cli.parsers import Commands
from tracker.clock import utc_now
from tracker.paging import read_turn
from tracker.plain import answer_json, answer_lines, stats_json, stats_lines
from tracker.questions import parse_age, parse_question
from tracker.reporting import Reporting
from tracker.settings import load_settings
from tracker.stats import Stats

_LINES = 500  # of a timeline: a terminal scrolls
_USUAL_DAYS = 30.0


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("opens", help="who read what, when, how often")
    parser.add_argument("--account", required=True, metavar="E", help="the Gmail address")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")
    parser.add_argument("--hits", action="store_true", help="show each hit's name, for `twotick correct`")
    parser.add_argument("--page", metavar="PAGE", help="the page that an earlier answer offered")
    parser.add_argument(
        "words",
        nargs="*",
        metavar="WORDS",
        help="as after /opens: a name, a subject, unopened 3d, hot, stats 30d",
    )
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    turn = read_turn(arguments.page) if arguments.page else None
    if arguments.page and turn is None:
        raise Failed("--page: expected what an earlier answer offered, such as o1764590400000000.0a1b2c3d4e5f6a7b.")
    async with opened_store(load_settings()) as store:
        account = await account_of(store.accounts, arguments.account)
        reporting, here = Reporting(store.messages, store.hits), utc_now().astimezone().tzinfo or UTC
        days = _days_of_stats(arguments.words)
        if days is not None:
            _tell_stats(await reporting.stats([account], days, utc_now(), here), as_json=arguments.json)
            return 0
        question = parse_question(" ".join(_quoted(word) for word in arguments.words))
        answer = await reporting.answer([account], question, utc_now(), here, turn, lines=_LINES)
    print(
        json.dumps(answer_json(answer), indent=2, ensure_ascii=False)
        if arguments.json
        else "\n".join(answer_lines(answer, hits=arguments.hits))
    )
    return 0


def _days_of_stats(words: Sequence[str]) -> float | None:
    """The days of `stats` and `stats 30d`; None for anything else. Raises Failed for an age that cannot be read."""
    if not words or words[0].lower() != "stats" or len(words) > 2:
        return None
    days = parse_age(words[1]) if len(words) == 2 else _USUAL_DAYS
    if not days:
        raise Failed(f"stats: expected an age such as 30d or 2w, not {words[1]}.")
    return days


def _tell_stats(stats: Stats, *, as_json: bool) -> None:
    print(json.dumps(stats_json(stats), indent=2) if as_json else "\n".join(stats_lines(stats)))


def _quoted(word: str) -> str:
    """The shell took the quotes of a phrase; the question's grammar wants them back."""
    return f'"{word}"' if " " in word else word
