"""Showing a card to a Slack that may not take it whole."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import structlog

from bot.blocks import Card
from bot.charts import with_pictures
from bot.ports import CardRefused, NotAllowed, Slack

log = structlog.get_logger()

_Said = TypeVar("_Said")


async def shown(card: Card, say: Callable[[Card], Awaitable[_Said]], slack: Slack, channel: str) -> _Said:
    """A chart that Slack does not know is said as a picture, a refused card as text: plain news beat none."""
    try:
        return await say(card)
    except CardRefused as refused:
        log.error("card_refused", code=str(refused), text=card.text)
    try:
        pictured = await with_pictures(card, partial(slack.upload, for_channel=channel))
        if pictured:
            return await say(pictured)
    except (CardRefused, NotAllowed) as refused:
        log.error("pictures_refused", code=str(refused), text=card.text)
    return await say(Card(card.text))
