"""Everything that the bot says, drawn from what is known now."""

from bot.cards.answers import bounced_card, replied_card
from bot.cards.connecting import (
    cannot_connect_card,
    connect_card,
    disconnect_card,
    disconnected_card,
    unknown_mailbox_card,
)
from bot.cards.correcting import corrected_card, read_choice
from bot.cards.guidance import (
    gone_card,
    not_connected_card,
    not_sent_card,
    reconnect_card,
    reconnected_card,
    refusal_card,
    trouble_card,
)
from bot.cards.lists import empty_card, list_card
from bot.cards.opened import open_card, passed_on_card, retracted_card, worth_saying
from bot.cards.timeline import read_page, timeline_card

__all__ = [
    "bounced_card",
    "cannot_connect_card",
    "connect_card",
    "corrected_card",
    "disconnect_card",
    "disconnected_card",
    "empty_card",
    "gone_card",
    "list_card",
    "not_connected_card",
    "not_sent_card",
    "open_card",
    "passed_on_card",
    "read_choice",
    "read_page",
    "reconnect_card",
    "reconnected_card",
    "refusal_card",
    "replied_card",
    "retracted_card",
    "timeline_card",
    "trouble_card",
    "unknown_mailbox_card",
    "worth_saying",
]
