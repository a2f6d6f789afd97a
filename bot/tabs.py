"""What the bot listens to outside of messages: Home, windows and their forms, shortcuts."""

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.app import IsNews, always_news, value_of
from bot.cards.forms import PICK, PICK_INSTEAD, WRITE, WRITE_INSTEAD, Asked, asked_in, sending_modal
from bot.cards.guidance import trouble_card
from bot.cards.home import SEND_FORM
from bot.happenings import Happening, Told
from bot.home import Home
from bot.shortcuts import Sender, Shortcuts, nothing_to_send_with
from bot.stage import AT_HOME, LOST, Press, Stage
from bot.surfaces import LINK, MORE, Modal, card_modal
from tracker.slack_shortcuts import SEND_AS_MAIL, SEND_TRACKED

# A form is acknowledged with what comes next, where that is known in time: Slack waits three seconds.
_PATIENCE_SECONDS = 1.5
_LINKS = re.compile(r"^(gmail\d*|connect)$")  # buttons that open a page
_ANYTHING = re.compile("")

log = structlog.get_logger()


class Tabs:
    """Acknowledges at once, and answers in a task of its own, as `bot.app.Listeners` do for messages."""

    def __init__(
        self,
        home: Home,
        stage: Stage,
        shortcuts: Shortcuts | None,
        is_news: IsNews = always_news,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        self._home = home
        self._stage = stage
        self._shortcuts = shortcuts
        self._is_news = is_news
        self._patience = patience_seconds
        self._running: set[asyncio.Task[None]] = set()

    def attach(self, app: AsyncApp) -> None:
        """Listen, before anybody else does: what is pressed in a view has no message to be answered under."""
        app.action(_ANYTHING, matchers=[_is_in_view])(self.pressed)
        app.shortcut(SEND_TRACKED)(self.called)
        app.shortcut(SEND_AS_MAIL)(self.called)
        app.view(re.compile(f"^({PICK}|{WRITE})$"))(self.handed_in)

    @property
    def told(self) -> Mapping[str, Told]:
        """Whom each kind of event is told to."""
        return {"app_home_opened": self.opened}

    async def opened(self, happening: Happening) -> None:
        """A person looks at Home; the tab of messages is opened by the same event."""
        if happening.event.get("tab", "home") == "home":
            await self._shown(self._home.show(happening.team, happening.user))

    async def pressed(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        action = body["actions"][0]
        press = press_in(body)
        if _LINKS.match(action["action_id"]) or (press.action == MORE and press.value == LINK):
            return  # the browser does the rest
        match press.action:
            case action_id if action_id == SEND_FORM:
                sender = Sender(press.team, press.user, memory=AT_HOME)
                self._start(body, self._stage.open(press.team, press.trigger, self._picking(sender)))
            case action_id if action_id in (WRITE_INSTEAD, PICK_INSTEAD):
                self._start(body, self._stage.follow(press.team, press.view_id, self._other_form(press)))
            case _:
                self._start(body, self._stage.pressed(press))

    async def called(self, ack: Any, body: dict[str, Any]) -> None:
        """A shortcut: a global one, or one on a message."""
        await ack()
        sender, trigger = Sender(*_who(body)), str(body["trigger_id"])
        modals = self._quoting(sender, body["message"]) if "message" in body else self._picking(sender)
        self._start(body, self._stage.open(sender.team, trigger, modals))

    async def handed_in(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A form: refused beside its fields, or acknowledged with what becomes of the mail."""
        view = body["view"]
        asked, written = asked_in(view["state"]["values"]), view["callback_id"] == WRITE
        sender = Sender(*_who(body), window=str(view["id"]), memory=str(view.get("private_metadata") or ""))
        if self._shortcuts is None:
            await ack()
            return
        if problems := self._shortcuts.problems(asked, written=written):
            await ack(response_action="errors", errors=dict(problems))
            return
        going = self._shortcuts.written(sender, asked) if written else self._shortcuts.picked(sender, asked)
        modals = _in_words(going, sender.memory)
        first = asyncio.ensure_future(anext(modals))
        done, _ = await asyncio.wait({first}, timeout=self._patience)
        shown = first.result() if done else sending_modal(sender.memory)
        await ack(response_action="update", view=shown.view)
        self._spawn(self._shown(self._followed(sender, modals, None if done else first)))

    async def _followed(
        self, sender: Sender, modals: AsyncIterator[Modal], first: asyncio.Future[Modal] | None
    ) -> None:
        if first:
            await self._stage.follow(sender.team, sender.window, _alone(await first))
        await self._stage.follow(sender.team, sender.window, modals)
        if sender.memory == AT_HOME:
            await self._home.show(sender.team, sender.user)

    def _picking(self, sender: Sender) -> AsyncIterator[Modal]:
        return _in_words(self._shortcuts.pick(sender) if self._shortcuts else nothing_to_send_with(), sender.memory)

    def _quoting(self, sender: Sender, message: Mapping[str, Any]) -> AsyncIterator[Modal]:
        text = str(message.get("text") or "")
        return _in_words(self._shortcuts.quote(sender, text) if self._shortcuts else nothing_to_send_with())

    def _other_form(self, press: Press) -> AsyncIterator[Modal]:
        sender = Sender(press.team, press.user, press.view_id, press.memory)
        if press.action == PICK_INSTEAD or self._shortcuts is None:
            return self._picking(sender)
        return _in_words(self._shortcuts.write(sender, Asked()), sender.memory)

    def _start(self, body: Mapping[str, Any], work: Coroutine[Any, Any, None]) -> None:
        self._spawn(self._once(body, work))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _once(self, body: Mapping[str, Any], work: Coroutine[Any, Any, None]) -> None:
        """What is played again is not done again."""
        if await self._is_news(body):
            await self._shown(work)
        else:
            work.close()
            log.warning("asked_again", what="a press or a shortcut that was answered already")

    async def _shown(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except LOST as lost:
            log.warning("view_not_shown", why=type(lost).__name__, detail=str(lost))
        except Exception:
            # The door of everything outside of messages: nobody is there to raise to.
            log.exception("view_failed")


def press_in(body: Mapping[str, Any]) -> Press:
    """What was pressed, and where."""
    view, action = body["view"], body["actions"][0]
    team, user = _who(body)
    return Press(
        team,
        user,
        action=str(action["action_id"]),
        value=value_of(action),
        trigger=str(body.get("trigger_id") or ""),
        view_id=str(view["id"]),
        at_home=view["type"] == "home",
        hash=str(view.get("hash") or ""),
        memory=str(view.get("private_metadata") or ""),
    )


async def _is_in_view(body: Mapping[str, Any]) -> bool:
    return bool(body.get("view"))


def _who(body: Mapping[str, Any]) -> tuple[str, str]:
    """Team and user; apps installed for a whole organisation are told of no team."""
    user = body["user"]
    team = body["team"]["id"] if body.get("team") else user.get("team_id") or ""
    return str(team), str(user["id"])


async def _alone(modal: Modal) -> AsyncIterator[Modal]:
    yield modal


async def _in_words(modals: AsyncIterator[Modal], memory: str = "") -> AsyncIterator[Modal]:
    """The windows; words where something breaks before the first."""
    told = False
    try:
        async for modal in modals:
            told = True
            yield modal
    except Exception:
        # The same door, for whoever waits before a window.
        log.exception("answer_failed")
        if not told:
            yield card_modal(trouble_card(), memory)
