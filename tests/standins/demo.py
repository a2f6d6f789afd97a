"""The demo account: the stand-in's mailbox, connected to the product by its own command."""

from collections.abc import Sequence
from typing import Any

from tests.standins.seeds import SENDER, SENDER_NAME
from tests.standins.terminal import Ran, as_typed, run
from tracker.model import AccountState


async def connect_demo(gmail: Any, slack_user: str, twotick: Sequence[str], fresh_token: str | None) -> str:
    """Connect the sender's mailbox unless it is, and its grant works; what came of it, as a sentence.

    `fresh_token` is the grant of a mailbox that is new: whatever account there
    was under this address holds a grant that the stand-in no longer knows.
    """
    if fresh_token is None and await _connected(twotick):
        return f"{SENDER} is connected to Twotick."
    if not slack_user:
        return "To connect the stand-in's mailbox, set STANDINS_SLACK_USER to your own Slack member id and start again."
    token = fresh_token or gmail.add_mailbox(SENDER, SENDER_NAME)
    command = _add(twotick, slack_user)
    added = await run(command, token.encode() + b"\n")
    return f"{SENDER} is connected to Twotick." if added.ok else _failed(command, added)


async def _connected(twotick: Sequence[str]) -> bool:
    listed = await run([*twotick, "accounts", "list"])
    lines = listed.output.splitlines() if listed.ok else []
    return any(SENDER in line.split() and AccountState.RECONNECT not in line.split() for line in lines)


def _add(twotick: Sequence[str], slack_user: str) -> list[str]:
    # The token goes in by stdin: a command line is readable by everyone on the machine.
    return [*twotick, "accounts", "add", "--email", SENDER, "--slack-user", slack_user, "--refresh-token-file", "-"]


def _failed(command: Sequence[str], ran: Ran) -> str:
    last = ran.output.splitlines()[-1] if ran.output else f"exit code {ran.code}"
    return f"The demo account could not be connected: {as_typed(command)} said: {last}"
