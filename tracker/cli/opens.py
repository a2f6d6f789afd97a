"""`twotick opens`: the answers of `/opens`, in the terminal."""

import json
from argparse import Namespace

from tracker.assembly import opened_store
from tracker.cli.choosing import account_of
from tracker.cli.parsers import Commands
from tracker.clock import utc_now
from tracker.plain import answer_json, answer_lines
from tracker.questions import parse_question
from tracker.reporting import Reporting
from tracker.settings import load_settings


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("opens", help="who read what, when, how often")
    parser.add_argument("--account", required=True, metavar="E", help="the Gmail address")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")
    parser.add_argument("--hits", action="store_true", help="show each hit's name, for `twotick correct`")
    parser.add_argument("words", nargs="*", metavar="WORDS", help="as after /opens: a name, a subject, unopened 3d")
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    async with opened_store(load_settings()) as store:
        account = await account_of(store.accounts, arguments.account)
        question = parse_question(" ".join(_quoted(word) for word in arguments.words))
        answer = await Reporting(store.messages, store.hits).answer([account], question, utc_now())
    print(
        json.dumps(answer_json(answer), indent=2, ensure_ascii=False)
        if arguments.json
        else "\n".join(answer_lines(answer, hits=arguments.hits))
    )
    return 0


def _quoted(word: str) -> str:
    """The shell took the quotes of a phrase; the question's grammar wants them back."""
    return f'"{word}"' if " " in word else word
