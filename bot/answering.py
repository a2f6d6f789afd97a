"""Answering privately, with pictures where a workspace cannot draw a card's charts yet."""

from dataclasses import replace

import structlog

from bot.app import Answer
from bot.blocks import Card
from bot.charts import Upload, with_pictures
from bot.ports import CardRefused, NoAnswer, NotAllowed, NotReached, TooFast

log = structlog.get_logger()


def with_fallback(answer: Answer, upload: Upload) -> Answer:
    """Answer with the card; with pictures when its charts are refused; with its text when those are, too."""

    async def answered(response_url: str, card: Card) -> None:
        try:
            await answer(response_url, card)
        except CardRefused as refused:
            log.info("charts_refused", code=str(refused))
            await _plainer(response_url, card)

    async def _plainer(response_url: str, card: Card) -> None:
        try:
            pictured = await with_pictures(card, upload)
            if pictured:
                await answer(response_url, pictured)
                return
        except (CardRefused, NotAllowed, NotReached, NoAnswer, TooFast) as lost:
            log.warning("pictures_refused", why=type(lost).__name__, code=str(lost))
        await answer(response_url, replace(card, blocks=()))

    return answered
