"""`twotick doctor`: checks everything end to end, and says what to do about it."""

import json
from argparse import Namespace
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict

from tracker.assembly import opened_mailers, opened_store
from tracker.checkup import Finding, State
from tracker.checkup.findings import broken, ok
from tracker.cli.parsers import Commands
from tracker.consulting import checkup_of
from tracker.plain import printable
from tracker.settings import Settings, WrongSetting, load_settings
from tracker.store.errors import CannotOpen

_MARKS = {State.OK: "ok     ", State.LOOK: "look   ", State.BROKEN: "BROKEN "}


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("doctor", help="check everything end to end; exit 1 when something is broken")
    parser.add_argument("--json", action="store_true", help="the findings as JSON")
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    findings = await _findings()
    if arguments.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        _tell(findings)
    return int(any(finding.state is State.BROKEN for finding in findings))


async def _findings() -> list[Finding]:
    try:
        settings = load_settings()
    except WrongSetting as wrong:
        return [broken("settings", str(wrong), "mend it in .env or in the environment, then ask again")]
    read = ok("settings", "can be read")
    try:
        async with AsyncExitStack() as opened:
            return [read, *await _opened_findings(settings, opened)]
    except CannotOpen as cannot:
        return [read, broken("database", str(cannot), "do what it says, then ask again")]


async def _opened_findings(settings: Settings, opened: AsyncExitStack) -> list[Finding]:
    store = await opened.enter_async_context(opened_store(settings))
    mailboxes = await opened.enter_async_context(opened_mailers(settings, store)) if settings.google_ready else None
    checkup = checkup_of(settings, store, mailboxes)
    reached = ok("database", "reached, and its schema is current")
    accounts = await store.accounts.all()
    return [reached, *await checkup.general(), *await checkup.of_mailboxes(accounts)]


def _tell(findings: Sequence[Finding]) -> None:
    for finding in findings:
        print(f"{_MARKS[finding.state]} {printable(finding.about)}: {printable(finding.says)}")
        if finding.what_to_do:
            print(f"        -> {printable(finding.what_to_do)}")
    broken_ones = sum(finding.state is State.BROKEN for finding in findings)
    looks = sum(finding.state is State.LOOK for finding in findings)
    print(f"{broken_ones} broken, {looks} to look at, {len(findings) - broken_ones - looks} fine")
