"""`twotick tag`: tags a mail from a file or stdin, without any account."""

import sys
from argparse import Namespace
from pathlib import Path

from tracker.cli.failing import Failed
from tracker.cli.parsers import Commands
from tracker.clock import new_id
from tracker.settings import load_settings
from tracker.tagger import Tagger
from tracker.tagging import Untaggable
from tracker.tokens import Tokens

UNTOUCHED = 3  # the mail is on stdout as it came, and cannot be tracked


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("tag", help="tag a mail: IN.eml > OUT.eml")
    parser.add_argument("mail", metavar="IN.eml", help="a MIME message; - reads it from stdin")
    parser.add_argument("--links", action="store_true", help="track its links, too")
    parser.add_argument("--token-url-base", metavar="URL", help="where tokens lead to, instead of PUBLIC_URL")
    parser.set_defaults(run=_run, runner=int)  # nothing to wait for: asyncio would take as long as the tagging


def _run(arguments: Namespace) -> int:
    settings = load_settings()
    tokens = Tokens([key.reveal() for key in settings.secret_keys])
    tagger = Tagger(tokens, arguments.token_url_base or settings.public_url)
    tagged = tagger.tag(read_mail(arguments.mail), new_id(), links=arguments.links)
    sys.stdout.buffer.write(tagged.raw)
    sys.stdout.buffer.flush()
    if isinstance(tagged, Untaggable):
        print(f"twotick: left untouched: {tagged.reason}", file=sys.stderr)
        return UNTOUCHED
    for note in tagged.notes:
        print(f"twotick: {note}", file=sys.stderr)
    return 0


def read_mail(name: str) -> bytes:
    """A mail's bytes from a file, or from stdin for `-`. Raises Failed."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as refused:
        raise Failed(f"cannot read {name}: {refused.strerror}. Name a file that holds one mail.") from None
    if not raw.strip():
        raise Failed(f"{'stdin' if name == '-' else name} is empty; expected a mail (a .eml file).")
    return raw
