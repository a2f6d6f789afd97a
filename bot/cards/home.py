"""Home: what wants action, then the settings; or the way in."""

from collections.abc import Sequence
from datetime import datetime

from bot.blocks import Block, actions, button
from bot.cards.board import board_blocks
from bot.cards.mailboxes import broken_blocks, mailbox_blocks, welcome_blocks
from bot.surfaces import Home
from tracker.board import Board
from tracker.model import Account

SEND_FORM = "send_form"  # opens the form to send a tracked mail
_DIVIDER: Block = {"type": "divider"}


def home_of(
    accounts: Sequence[Account],
    board: Board,
    settings: Sequence[Sequence[Block]],
    now: datetime,
    *,
    can_connect: bool,
    can_send: bool,
) -> Home:
    """`settings` are the blocks of each family of settings."""
    send = {**button("Send a tracked mail", SEND_FORM, "new"), "style": "primary"}
    return Home(
        (
            *([actions(send)] if can_send else []),
            *broken_blocks(accounts),
            *board_blocks(board, now),
            *(block for family in settings for block in (_DIVIDER, *family)),
            _DIVIDER,
            *mailbox_blocks(accounts, can_connect=can_connect),
        )
    )


def welcome_home(user: str, *, can_connect: bool) -> Home:
    return Home(tuple(welcome_blocks(can_connect=can_connect, user=user)))
