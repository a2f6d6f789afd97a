"""Answering privately, plainer where a workspace cannot draw a card's charts or tables yet."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import structlog

from bot.app import Answer
from bot.blocks import Block, Card
from bot.charts import KIND as CHART
from bot.charts import with_pictures
from bot.ports import CardRefused, NoAnswer, NobodyThere, NotAllowed, NotReached, TooFast
from bot.tables import KIND as TABLE
from bot.tables import as_lines

UploadIn = Callable[[str, bytes, str, str], Awaitable[str]]  # a picture, in which workspace

log = structlog.get_logger()


def with_fallback(answer: Answer, upload: UploadIn) -> Answer:
    """Answer with the card; when Slack refuses it, with lines for tables and pictures for charts; then without these.

    What no other form helps is said by the card's text alone.
    """

    async def answered(response_url: str, card: Card, team: str) -> None:
        try:
            await answer(response_url, card, team)
        except CardRefused as refused:
            log.info("card_refused", code=str(refused))
            await _plainer(response_url, card, team)

    async def _plainer(response_url: str, card: Card, team: str) -> None:
        plain = without_tables(card)
        try:
            pictured = await with_pictures(plain, partial(upload, team))
            if pictured or plain != card:
                await answer(response_url, pictured or plain, team)
                return
        except (CardRefused, NotAllowed, NotReached, NoAnswer, TooFast, NobodyThere) as lost:
            log.warning("pictures_refused", why=type(lost).__name__, code=str(lost))
        await _plainest(response_url, card, team)

    async def _plainest(response_url: str, card: Card, team: str) -> None:
        words = tuple(block for block in without_tables(card).blocks if block["type"] != CHART)
        try:
            if words and words != card.blocks:
                await answer(response_url, replace(card, blocks=words), team)
                return
        except CardRefused as refused:
            log.warning("card_refused", code=str(refused))
        await answer(response_url, replace(card, blocks=()), team)

    return answered


def without_tables(card: Card) -> Card:
    """The card with lines where its tables were."""
    return replace(card, blocks=tuple(plain for block in card.blocks for plain in _plain(block)))


def _plain(block: Block) -> list[Block]:
    return as_lines(block) if block["type"] == TABLE else [block]
