"""What is shared lives on where it stands: its card is kept true, its thread tells what came, its end is an end."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.blocks import Card, when
from bot.cards.sharing import answered_card, share_lost_card, shared_card, unshared_card
from bot.cards.thread import line_card, untold
from bot.cards.words import who
from bot.ports import CardGone, CardRefused, Failure, NobodyThere, NotAllowed, NotInstalled, Slack
from tracker.clock import Clock, utc_now
from tracker.reporting import Story
from tracker.shares import Share, ShareBook

_A_TURN = timedelta(seconds=45)  # whoever dies leaves it to the next after that; Slack away is tried again then, too
_AT_ONCE = 20

log = structlog.get_logger()


class Shared:
    """Redraws what changed. Of several workers each share is one's at a time."""

    def __init__(
        self,
        book: ShareBook,
        tell: Callable[[str], Awaitable[Story | None]],
        slack: Slack,
        clock: Clock = utc_now,
    ) -> None:
        self._book = book
        self._tell = tell
        self._slack = slack
        self._clock = clock
        self._drawn: dict[str, Card] = {}  # what we drew last: what did not change is not said again

    async def run_once(self) -> int:
        """Bring up to date what is not; how many shares were looked at."""
        now = self._clock()
        due = await self._book.due(now, now + _A_TURN, _AT_ONCE)
        for share in due:
            try:
                await self._look(share)
            except Failure as failed:
                log.warning("share_not_drawn", share=share.id, why=type(failed).__name__, detail=str(failed))
        return len(due)

    async def _look(self, share: Share) -> None:
        now = self._clock()
        story = None if share.stopped else await self._tell(share.message_id)
        try:
            await self._slack.channel_in(share.channel, share.team)
            if story is None or story.report.account.id != share.account_id:
                await self._update(share, unshared_card(share))
                await self._end(share)
                return
            await self._draw(share, story, when(now))
        except (NobodyThere, NotInstalled, CardGone) as over:
            log.info("share_is_over", share=share.id, channel=share.channel, why=str(over))
            if await self._end(share) and story and isinstance(over, NobodyThere):
                await self._tell_owner(share, story)
            return
        await self._book.drawn(share.id, now)
        await self._say_in_thread(share, story)

    async def _draw(self, share: Share, story: Story, now_is: str) -> None:
        timeless = shared_card(story.report, share, "")
        if self._drawn.get(share.id) == timeless:
            return
        await self._update(share, shared_card(story.report, share, now_is))
        self._drawn[share.id] = timeless

    async def _update(self, share: Share, card: Card) -> None:
        mark = f"share:{share.message_id}:{share.channel}"
        try:
            await self._slack.update(share.channel, share.ts, card, mark)
        except CardRefused as refused:
            log.error("card_refused", code=str(refused), text=card.text)
            await self._slack.update(share.channel, share.ts, Card(card.text), mark)

    async def _end(self, share: Share) -> bool:
        self._drawn.pop(share.id, None)
        return await self._book.end(share.id)

    async def _say_in_thread(self, share: Share, story: Story) -> None:
        """One line for what came since the card was drawn last; noted before, so that a kill costs a line, not two."""
        for number, card in enumerate(_lines(share, story)):
            mark = f"share:{share.id}:{share.drawn_at}:{number}"
            try:
                await self._slack.post(share.channel, card, mark, thread=share.ts)
            except (CardGone, CardRefused, NobodyThere, NotAllowed) as never:
                log.info("share_line_dropped", share=share.id, why=str(never))

    async def _tell_owner(self, share: Share, story: Story) -> None:
        """Once, as far as Slack lets us: it was ended before."""
        channel = await self._slack.dm_with(share.user, share.team)
        await self._slack.post(channel, share_lost_card(story.report, share), f"share_lost:{share.id}")


def _lines(share: Share, story: Story) -> list[Card]:
    lines = untold(story, share.drawn_at)
    if share.hide:  # a document's name says as much as a subject
        lines = [replace(line, document="") for line in lines]
    report = story.report
    replied = [
        who(copy)
        for copy, summary in zip(report.copies, report.summaries, strict=True)
        if summary.replied_at and (share.drawn_at is None or summary.replied_at > share.drawn_at)
    ]
    opened = line_card(story, lines)
    return [*([opened] if opened else []), *([answered_card(replied)] if replied else [])]
