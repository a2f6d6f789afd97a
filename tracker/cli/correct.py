"""`twotick correct`: says of one hit by whom it really was."""

from argparse import Namespace

from tracker.assembly import correcting_of, opened_store
from tracker.cli.choosing import account_of
from tracker.cli.failing import Failed
from tracker.cli.parsers import Commands
from tracker.clock import utc_now
from tracker.correcting import Corrected, NotYours
from tracker.model import Cause
from tracker.plain import report_line
from tracker.settings import load_settings

_CAUSES = {"me": Cause.SELF, "scanner": Cause.SCANNER, "open": Cause.HUMAN}


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("correct", help="say of one hit that it was you, a scanner, or a real open")
    parser.add_argument("--account", required=True, metavar="E", help="the Gmail address")
    parser.add_argument("hit", metavar="HIT", help="the hit's name, as `twotick opens --hits` shows it")
    parser.add_argument("--as", dest="cause", required=True, choices=_CAUSES, help="who it was")
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    settings = load_settings()
    async with opened_store(settings) as store:
        account = await account_of(store.accounts, arguments.account)
        cause = _CAUSES[arguments.cause]
        try:
            corrected = await correcting_of(settings, store).correct([account], arguments.hit, cause, utc_now())
        except NotYours:
            raise Failed(
                f"there is no hit {arguments.hit} on a mail of {account.email}."
                f" `twotick opens --account {account.email} --hits WORDS` shows those there are."
            ) from None
        report = await store.messages.report(corrected.message_id)
    print(_changed(corrected))
    if report:
        print(report_line(report))
    return 0


def _changed(corrected: Corrected) -> str:
    if not corrected.others:
        return "corrected"
    return f"corrected, and with it {corrected.others} other hit{'' if corrected.others == 1 else 's'} like it"
