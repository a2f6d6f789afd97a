"""What the bot listens to in Slack: the table of listeners, and what each does."""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions import Pressed
from bot.blocks import Card
from bot.cards import gone_card, trouble_card
from bot.happenings import Happening, Told, happening_in
from bot.ordered import Story
from bot.surfaces import LINK, MORE

log = structlog.get_logger()

Answer = Callable[[str, Card, str], Awaitable[None]]  # where to, what, and in which workspace
IsNews = Callable[[Mapping[str, Any]], Awaitable[bool]]

_ENDING_SECONDS = 2.5  # Slack waits three for its acknowledgement, and tells again what it did not get one for
_EVERYTHING = re.compile("")


async def always_news(body: Mapping[str, Any]) -> bool:
    """For a bot that nobody asks twice."""
    return True


class Commands(Protocol):
    """What people are answered who type."""

    async def answer(self, team: str, user: str, text: str) -> Card: ...


class Listeners:
    """Acknowledges at once, and answers in a task of its own: Slack waits three seconds, a database may take longer.

    An exception right after an acknowledgement would take it back, so that
    nothing after it may raise inside the listener.
    """

    def __init__(
        self,
        commands: Commands,
        presses: Mapping[str, Pressed],
        answer_privately: Answer,
        is_news: IsNews = always_news,
        told: Mapping[str, Told] | None = None,
        endings: Mapping[str, Told] | None = None,
        stories: Mapping[str, Story] | None = None,
    ) -> None:
        self._commands = commands
        self._presses = presses
        self._stories = stories or {}
        self._answer_privately = answer_privately
        self._is_news = is_news
        self._told = told or {}
        self._endings = endings or {}
        self._running: set[asyncio.Task[None]] = set()

    async def opens(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._start(body, self._answer(body))

    async def press(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        if press_of(body["actions"][0]) != (LINK, ""):
            self._start(body, self._pressed(body))

    async def happened(self, ack: Any, body: dict[str, Any]) -> None:
        """An event, once, to whoever is in the table for its kind."""
        await ack()
        happening = happening_in(body)
        told = happening and self._told.get(happening.kind)
        if happening and told:
            self._spawn(self._tell(told, happening, body))

    async def end_first(self, body: dict[str, Any], next_: Callable[[], Awaitable[Any]]) -> None:
        """What ends an installation is done before it is acknowledged: Slack tells again what we failed to do."""
        happening = happening_in(body)
        ending = happening and self._endings.get(happening.kind)
        if happening and ending:
            async with asyncio.timeout(_ENDING_SECONDS):
                await ending(happening)
        await next_()

    async def followed_link(self, ack: AsyncAck) -> None:
        """A button that is a link: the browser does the rest, and Slack wants to be heard."""
        await ack()

    async def _answer(self, body: dict[str, Any]) -> AsyncGenerator[Card]:
        yield await self._commands.answer(str(body["team_id"]), str(body["user_id"]), str(body.get("text") or ""))

    async def _pressed(self, body: dict[str, Any]) -> AsyncGenerator[Card]:
        name, value = press_of(body["actions"][0])
        who_and_what = team_in(body), str(body["user"]["id"]), value
        if story := self._stories.get(name):
            async for card in story(*who_and_what):
                yield card
        elif press := self._presses.get(name):
            yield await press(*who_and_what)
        else:
            yield gone_card()

    @property
    def commands(self) -> Commands:
        return self._commands

    @property
    def presses(self) -> Mapping[str, Pressed]:
        """What answers which press with one card; `stories` do it with several."""
        return self._presses

    @property
    def stories(self) -> Mapping[str, Story]:
        return self._stories

    @property
    def pressable(self) -> re.Pattern[str]:
        """The names of everything that can be pressed or chosen and that we answer."""
        return re.compile(f"^({'|'.join(map(re.escape, [*self._presses, *self._stories, MORE]))})$")

    def _start(self, body: dict[str, Any], asked: AsyncGenerator[Card]) -> None:
        self._spawn(self._say(body, asked))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _tell(self, told: Told, happening: Happening, body: dict[str, Any]) -> None:
        try:
            if await self._is_news(body):
                await told(happening)
        except Exception:
            # The door of an event: nobody waits for an answer, so that the log is all there is.
            log.exception("event_failed", kind=happening.kind)

    async def _say(self, body: dict[str, Any], asked: AsyncGenerator[Card]) -> None:
        where, told = (str(body.get("response_url") or ""), team_in(body)), False
        try:
            if not await self._is_news(body):
                log.warning("asked_again", what="a request that was answered already; it is not answered twice")
                return
            async for card in asked:
                await self._deliver(*where, card)
                told = True
        except Exception:
            # The door of a command: whatever breaks behind it, a person waits for words, not for a stack trace.
            # Who was told already is better off with what they read.
            log.exception("answer_failed")
            if not told:
                await self._deliver(*where, trouble_card())
        finally:
            await asked.aclose()

    async def _deliver(self, response_url: str, team: str, card: Card) -> None:
        try:
            await self._answer_privately(response_url, card, team)
        except Exception as lost:
            # The same door on its way out: a private answer cannot be looked up, so it is not said twice.
            log.warning("answer_not_delivered", why=type(lost).__name__, detail=str(lost))


def team_in(body: Mapping[str, Any]) -> str:
    """The workspace of whoever typed or pressed; apps installed for a whole organisation are told of no team."""
    said = body.get("team_id") or (body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id")
    return str(said or "")


def press_of(action: dict[str, Any]) -> tuple[str, str]:
    """The name of a press and its value; what is chosen behind three dots names the press that it is."""
    if action["action_id"] != MORE:
        return str(action["action_id"]), value_of(action)
    name, _, about = value_of(action).partition(":")
    return name, about


def value_of(action: dict[str, Any]) -> str:
    """What was pressed or chosen; a conversation comes with the name of the menu, which says what it was chosen for."""
    if "selected_conversation" in action:
        return f"{action['selected_conversation']} {action['block_id']}"
    return str((action.get("selected_option") or action).get("value") or "")


def slack_app(
    client: AsyncWebClient, listeners: Listeners, first: Callable[[AsyncApp], None] = lambda app: None
) -> AsyncApp:
    """The bolt app. Its requests are verified before they get here, on the raw bytes.

    `first` listens before our own listeners do: the first that matches is told.
    """
    app = AsyncApp(
        client=client,
        logger=_quiet_logger(),
        authorize=_authorize_with(client.token or ""),
        request_verification_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        # Ours do nothing but acknowledge, and go on in tasks of their own: bolt then answers at once, where it would
        # look every ten milliseconds whether it may.
        process_before_response=True,
    )
    app.middleware(listeners.end_first)
    first(app)
    app.command("/opens")(listeners.opens)
    app.event(_EVERYTHING)(listeners.happened)
    app.action(listeners.pressable)(listeners.press)
    app.action(re.compile(r"^(gmail\d*|connect|export)$"))(listeners.followed_link)
    return app


def _quiet_logger() -> logging.Logger:
    """Bolt's log from errors on: every start would warn that a token in the environment is not used."""
    logger = logging.getLogger("twotick.bolt")
    logger.setLevel(logging.ERROR)
    return logger


def _authorize_with(token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Bolt's own would ask Slack's `auth.test` before the first acknowledgement, and miss it when Slack is slow."""

    async def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
        bot_token = token or None  # with many workspaces, who needs one asks `bot.teams` for it, acknowledged
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=bot_token)

    return authorize
