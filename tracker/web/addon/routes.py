"""The add-on's door: which address is answered by what, and what everybody else gets there."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

from tracker.model import Account
from tracker.ports import AccountBook, TryLater
from tracker.web.addon import paths
from tracker.web.addon.answers import Answer, Json, press_answer, trigger_answer
from tracker.web.addon.callers import Callers, Deployment, TurnedAway
from tracker.web.addon.cards.home import stranger_card
from tracker.web.addon.cards.trouble import late_card, trouble_card, unasked_card
from tracker.web.addon.desk import Desk
from tracker.web.addon.events import Event, read_event

log = structlog.get_logger()

PATIENCE_SECONDS = 1.8  # people wait for the card; Google itself would wait longer

Action = Callable[[Account, Event], Awaitable[Answer]]


class Door:
    """Lets in what Google proves to be its own call for a person, and answers in time, whatever happens."""

    def __init__(
        self,
        callers: Callers,
        accounts: AccountBook,
        desk: Desk,
        deployment: Deployment,
        patience_seconds: float = PATIENCE_SECONDS,
        *,
        reply: Action,
        link_for: Callable[[str], str] | None = None,
    ) -> None:
        self._callers = callers
        self._accounts = accounts
        self._deployment = deployment
        self._patience = patience_seconds
        self._link_for = link_for  # where the owner of an address connects it, when it can be done at all
        self._actions: Mapping[str, Action] = {
            paths.HOME: desk.home,
            paths.SETTINGS: desk.home,
            paths.MESSAGE: desk.message,
            paths.COMPOSE: desk.compose,
            paths.PREFER: desk.prefer,
            paths.TRACK: desk.track,
            paths.SEND: desk.send,
            paths.TAKE_BACK: desk.take_back,
            paths.STOP: desk.stop,
            paths.SHOW: desk.show,
            paths.LOOK_AGAIN: desk.look_again,
            paths.REPLY: reply,
            paths.REMIND: desk.remind,
        }

    def routes(self) -> list[web.RouteDef]:
        return [web.post(path, self.answer) for path in self._actions]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        deadline = asyncio.get_running_loop().time() + self._patience
        try:
            async with asyncio.timeout_at(deadline):
                body = await self._callers.body_from_google(request, path)
        except TurnedAway as turned_away:
            return web.Response(status=turned_away.status)
        except (TryLater, TimeoutError) as why:
            # Google's keys could not be had: nobody is believed without them.
            log.warning("addon_caller_unverified", path=path, why=str(why))
            return web.Response(status=503)
        return web.json_response(await self._told(path, body, deadline), headers={"Cache-Control": "no-store"})

    async def _told(self, path: str, body: bytes, deadline: float) -> Json:
        shaped = trigger_answer if path in paths.TRIGGERS else press_answer
        try:
            async with asyncio.timeout_at(deadline):
                return shaped(await self._served(path, body))
        except (TryLater, TimeoutError) as why:
            log.warning("addon_answer_late", path=path, why=str(why) or "no answer in time")
            return shaped(Answer(late_card()))
        # The door of the add-on: whatever breaks behind it, a person waits for a card. The
        # event itself never goes into the log, as it carries tokens.
        except Exception:
            log.exception("addon_answer_failed", path=path)
            return shaped(Answer(trouble_card()))

    async def _served(self, path: str, body: bytes) -> Answer:
        event = read_event(body)
        if event is None:
            return Answer(trouble_card())
        email = await self._callers.person(event)
        if email is None:
            return Answer(unasked_card())
        account = await self._accounts.by_email(email)
        if account is None:
            link = self._link_for(email) if self._link_for else ""
            return Answer(stranger_card(email, self._deployment.address, link))
        return await self._actions[path](account, event)
