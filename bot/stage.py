"""The stage: where the answers to presses in Home and in windows are shown, as no message is there to answer under."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import structlog

from bot.actions import Pressed
from bot.blocks import Card
from bot.cards.guidance import trouble_card
from bot.home import Home
from bot.ordered import Story
from bot.ports import (
    CardGone,
    CardRefused,
    NoAnswer,
    NobodyThere,
    NotAllowed,
    NotReached,
    TooFast,
    TooLate,
    Views,
)
from bot.surfaces import Modal, card_modal, wait_modal

AT_HOME = "home"  # what a window remembers that was opened from Home, which is drawn anew after it

# Slack lets nothing be opened later than three seconds after a press, of which the way here took some.
_PATIENCE_SECONDS = 0.7
LOST = (CardGone, CardRefused, NoAnswer, NobodyThere, NotAllowed, NotReached, TooFast, TooLate)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Press:
    """Something pressed or chosen in Home or in a window. `memory` is what its window remembers."""

    team: str
    user: str
    action: str
    value: str
    trigger: str
    view_id: str
    at_home: bool
    hash: str = ""
    memory: str = ""


class Stage:
    def __init__(
        self,
        presses: Mapping[str, Pressed],
        stories: Mapping[str, Story],
        home: Home,
        views: Views,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        self._presses = presses
        self._stories = stories
        self._home = home
        self._views = views
        self._patience = patience_seconds

    async def pressed(self, press: Press) -> None:
        """Save it, or show the answer in a window: in the one that it was pressed in, or else in a new one."""
        if press.action in self._home.controls:
            await self._home.change(press.team, press.user, press.action, press.value)
            await self._home.show(press.team, press.user, press.hash)
            return
        memory = AT_HOME if press.at_home else press.memory
        modals = _drawn(self._asked(press), memory)
        if press.at_home:
            await self.open(press.team, press.trigger, modals)
        else:
            await self.follow(press.team, press.view_id, modals)
        if memory == AT_HOME:
            await self._home.show(press.team, press.user)

    async def open(self, team: str, trigger: str, modals: AsyncIterator[Modal], memory: str = "") -> None:
        """Show windows, one in place of the other, in a new one that is there in time."""
        first = asyncio.ensure_future(anext(modals))
        done, _ = await asyncio.wait({first}, timeout=self._patience)
        try:
            shown = first.result() if done else wait_modal(memory)
            view_id = await self._views.open(team, trigger, shown.view)
        except LOST as lost:
            log.warning("window_not_opened", why=type(lost).__name__, detail=str(lost))
            view_id = ""
        if not done:
            await self._show(team, view_id, await first)
        await self.follow(team, view_id, modals)

    async def follow(self, team: str, view_id: str, modals: AsyncIterator[Modal]) -> None:
        """Show what comes in a window; what was asked for is done all the same when that is closed."""
        async for modal in modals:
            await self._show(team, view_id, modal)

    async def _show(self, team: str, view_id: str, modal: Modal) -> None:
        try:
            if view_id:
                await self._views.update(team, view_id, modal.view)
        except CardGone:
            pass  # they have closed it: the answer is in Home and in `/opens`
        except LOST as lost:
            log.warning("window_not_drawn", why=type(lost).__name__, detail=str(lost))

    async def _asked(self, press: Press) -> AsyncIterator[Card]:
        who_and_what = press.team, press.user, press.value
        if story := self._stories.get(press.action):
            async for card in story(*who_and_what):
                yield card
        else:
            yield await self._presses[press.action](*who_and_what)


async def _drawn(cards: AsyncIterator[Card], memory: str) -> AsyncIterator[Modal]:
    """Cards as windows; words where something breaks before the first."""
    told = False
    try:
        async for card in cards:
            told = True
            yield card_modal(card, memory)
    except Exception:
        # The door of a press: whatever breaks behind it, a person waits for words, not for a stack trace.
        log.exception("answer_failed")
        if not told:
            yield card_modal(trouble_card(), memory)
