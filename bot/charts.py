"""Charts in cards: Slack's own chart block, and the picture in its place where a workspace does not know it yet.

Limits: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block (a title of 50
characters, two charts a message, a value for each category, no category twice).
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.blocks import Block, Card
from bot.pictures import png_of
from tracker.charts import Bars, bars_svg

Upload = Callable[[bytes, str, str], Awaitable[str]]

KIND = "data_visualization"
_MAX_TITLE = 50
_MAX_ALT = 1000  # of a file; an image block takes twice as much


def chart(bars: Bars) -> Block:
    """Bars as Slack draws them, in the reader's own theme."""
    data = [{"label": label, "value": value} for label, value in bars.bars]
    return {
        "type": KIND,
        "title": bars.title[:_MAX_TITLE],
        "chart": {
            "type": "bar",
            "series": [{"name": bars.unit, "data": data}],
            "axis_config": {"categories": [label for label, _ in bars.bars]},
        },
    }


async def with_pictures(card: Card, upload: Upload) -> Card | None:
    """The card with pictures where its charts were; None when it has none."""
    if not any(block["type"] == KIND for block in card.blocks):
        return None
    return replace(card, blocks=tuple([await _pictured(block, upload) for block in card.blocks]))


async def _pictured(block: Block, upload: Upload) -> Block:
    if block["type"] != KIND:
        return block
    bars = _bars_in(block)
    alt = bars.words[:_MAX_ALT]
    file_id = await upload(png_of(bars_svg(bars)), bars.title, alt)
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": alt}


def _bars_in(block: Block) -> Bars:
    """The bars that a chart block of ours was made from."""
    (series,) = block["chart"]["series"]
    return Bars(block["title"], tuple((one["label"], one["value"]) for one in series["data"]), series["name"])
