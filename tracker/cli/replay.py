"""`twotick judge --replay`: what the present rules would say of the hits that are written down."""

import json
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from tracker.assembly import opened_store, rejudging_of
from tracker.classify import RULESET
from tracker.cli.choosing import account_of
from tracker.cli.parsers import Commands
from tracker.ports import Store
from tracker.rejudging import Belongs, Moves, Rejudged, anybodys
from tracker.settings import load_settings


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("judge", help="show what the present rules change about recorded hits")
    parser.add_argument("--replay", action="store_true", required=True, help="judge the hits in the database again")
    parser.add_argument("--apply", action="store_true", help="write what changes; nobody is notified")
    parser.add_argument("--account", metavar="E", help="only the mail of this Gmail address")
    parser.add_argument("--json", action="store_true", help="the changes as JSON, of each mail, too")
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    settings = load_settings()
    async with opened_store(settings) as store:
        belongs = await _belongs(store, arguments.account)
        rejudging = rejudging_of(settings, store)
        found = await (rejudging.apply(belongs) if arguments.apply else rejudging.preview(belongs))
    told = json.dumps(replay_json(found, arguments.apply), indent=2) if arguments.json else None
    print(told or "\n".join(replay_lines(found, arguments.apply)))
    return 0


def replay_lines(found: Rejudged, applied: bool) -> Iterator[str]:
    """The changes as a small table: how many hits go from which verdict to which."""
    if not found.changed:
        yield f"Nothing changes: every recorded hit is judged as the rules of {RULESET} judge it."
        return
    verb = "are now" if applied else "would be"
    yield f"{found.changed:,} of {found.hits:,} hits on {found.messages:,} mails {verb} judged otherwise:"
    for (old, new), number in found.moves.most_common():
        yield f"  {old:<14} → {new:<14} {number:>7,}"
    yield (
        "Cards in Slack follow; nobody is notified." if applied else "Nothing is changed yet. Add --apply to change it."
    )


def replay_json(found: Rejudged, applied: bool) -> dict[str, Any]:
    """The same for a program, with the changes of each mail."""
    return {
        "rules": RULESET,
        "applied": applied,
        "messages": found.messages,
        "hits": found.hits,
        "changed": found.changed,
        "moves": _moves_json(found.moves),
        "by_message": [{"id": name, "moves": _moves_json(moves)} for name, moves in found.of_message.items()],
    }


def _moves_json(moves: Moves) -> list[dict[str, Any]]:
    return [{"from": old.value, "to": new.value, "hits": number} for (old, new), number in moves.most_common()]


async def _belongs(store: Store, email: str | None) -> Belongs:
    if email is None:
        return anybodys
    account = await account_of(store.accounts, email)

    async def belongs(message_id: str) -> bool:
        message = await store.messages.get(message_id)
        return message is not None and message.account_id == account.id

    return belongs
