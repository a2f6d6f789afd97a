"""Gmail as the add-on meets it: Google's signed calls to a running site, and what comes back."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt

from tests.tracker.web.addon.google import accept
from tests.tracker.web.addon.identities import LocalIdentities
from tests.tracker.web.addon.lending import SleepingLending
from tests.tracker.web.site import Site, running_site
from tracker.composing import Composing
from tracker.judging import judge
from tracker.lending import Lending
from tracker.model import Account
from tracker.noticing import Noticing
from tracker.ports import Identities, Store
from tracker.recording import Recording
from tracker.reminding import Reminding
from tracker.replying import Replying
from tracker.reporting import Reporting
from tracker.tokens import Tokens
from tracker.web.addon.callers import Callers, Deployment
from tracker.web.addon.desk import Books, Desk, pixel_of
from tracker.web.addon.naming import Naming
from tracker.web.addon.paths import TRIGGERS
from tracker.web.addon.replies import ReplyDesk
from tracker.web.addon.routes import PATIENCE_SECONDS, Door

DEPLOYMENT = Deployment("addon@project.iam.gserviceaccount.com", "123.apps.example", "https://track.example")
TOKENS = Tokens(["a key for tests only"])
NOW = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


@dataclass
class Watch:
    """The time as the product sees it; tests move it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of ours."""

    status: int
    json: Any
    text: str

    @property
    def card(self) -> Any:
        """The card that it shows, if it shows one."""
        action = self.json.get("action") or self.json["renderActions"]["action"]
        return next((step.get("pushCard") or step.get("updateCard") for step in action.get("navigations", ())), None)

    @property
    def word(self) -> str:
        return str(self.json["renderActions"]["action"].get("notification", {}).get("text", ""))

    @property
    def inserted(self) -> str:
        """What it puts into the mail that is being written."""
        host = self.json.get("renderActions", {}).get("hostAppAction")
        if not host or "updateDraftActionMarkup" not in host["gmailAction"]:
            return ""
        [content] = host["gmailAction"]["updateDraftActionMarkup"]["updateBody"]["insertContents"]
        return str(content["content"])

    @property
    def draft(self) -> Any:
        """The draft that Gmail is asked to open."""
        return (
            self.json["renderActions"]
            .get("hostAppAction", {})
            .get("gmailAction", {})
            .get("openCreatedDraftActionMarkup")
        )

    def press(self, text: str) -> Mapping[str, str]:
        """The parameters of the button or switch with this text, and its address under ``""``."""
        for widget in _widgets(self.card):
            action = _action_of(widget, text)
            if action:
                given = {one["key"]: one["value"] for one in action.get("parameters", ())}
                return {"": action["function"].removeprefix(DEPLOYMENT.public_url), **given}
        raise AssertionError(f"the card has nothing called {text}: {self.text}")


@dataclass
class GmailPage:
    """The add-on in one person's Gmail."""

    site: Site
    key: rsa.RSAPrivateKey
    account: Account
    watch: Watch
    store: Store
    system: dict[str, Any] = field(default_factory=dict)
    user: dict[str, Any] = field(default_factory=dict)

    async def opens(self, path: str, *, event: Any = None, headers: Mapping[str, str] | None = None) -> Said:
        """Google calls this path for the person."""
        sent = {"Authorization": f"Bearer {self.system_token(path)}", **(headers or {})}
        body = json.dumps(self.event() if event is None else event).encode()
        return await self.posts(path, body, {"Content-Type": "application/json; charset=utf-8", **sent})

    async def presses(self, said: Said, text: str, *, on: Sequence[str] = (), **about: Any) -> Said:
        """The person presses something on a card; `on` are the switches that are on then."""
        parameters = dict(said.press(text))
        return await self.opens(parameters.pop(""), event=self.event(on=on, parameters=parameters, **about))

    async def posts(self, path: str, body: bytes, headers: Mapping[str, str]) -> Said:
        async with self.site.http.post(self.site.url(path), data=body, headers=headers) as answer:
            text = await answer.text()
            if answer.status != 200:
                return Said(answer.status, {}, text)
            accept(json.loads(text), trigger=path in TRIGGERS)
            return Said(answer.status, json.loads(text), text)

    def event(
        self, on: Sequence[str] = (), parameters: Mapping[str, str] | None = None, **gmail: Any
    ) -> dict[str, Any]:
        inputs = {name: {"stringInputs": {"value": ["on"]}} for name in on}
        return {
            "authorizationEventObject": {"userIdToken": self.user_token(), "userOAuthToken": "ya29.secret"},
            "commonEventObject": {
                "hostApp": "GMAIL",
                "platform": "WEB",
                "timeZone": {"id": "Europe/Paris", "offset": 3600000},
                "parameters": dict(parameters or {}),
                "formInputs": inputs,
            },
            "gmail": gmail,
        }

    def system_token(self, path: str) -> str:
        audience = f"{DEPLOYMENT.public_url}{path}"
        return self.token({"aud": audience, "email": DEPLOYMENT.service_account, **self.system})

    def user_token(self) -> str:
        return self.token({"aud": DEPLOYMENT.client_id, "email": self.account.email, **self.user})

    def token(self, claims: Mapping[str, Any]) -> str:
        now = int(datetime.now(UTC).timestamp())
        standard = {"iss": "https://accounts.google.com", "sub": "1", "email_verified": True, "iat": now - 5}
        signer = crypt.RSASigner(self.key, key_id="local")
        return jwt.encode(signer, {**standard, "exp": now + 3600, **claims}).decode()


@asynccontextmanager
async def gmail_page(
    store: Store,
    account: Account,
    key: rsa.RSAPrivateKey,
    identities: Identities | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
    link_for: Callable[[str], str] | None = None,
    lending: Lending | None = None,
    answer_seconds: float = 0.5,
) -> AsyncIterator[GmailPage]:
    watch = Watch()
    recording = Recording(store.hits, judge, timedelta(0), watch)
    reporting = Reporting(store.messages, store.hits)
    reminding = Reminding(store.reminders, store.messages, store.preferences, watch)
    kept = (store.accounts, store.messages, store.preferences, store.orders)
    books = Books(*kept, reporting, store.following, store.reminders, reminding, store.ticks)
    composing, noticing = Composing(store.messages, watch), Noticing(store.messages, recording.judge_again, watch)
    lent = lending or SleepingLending()
    desk = Desk(books, composing, noticing, TOKENS, DEPLOYMENT, watch, Naming(lent, answer_seconds))
    replying = Replying(store.messages, lent, partial(pixel_of, TOKENS, DEPLOYMENT), watch, answer_seconds)
    reply = ReplyDesk(store.messages, store.following, replying, lent, DEPLOYMENT).reply
    callers = Callers(DEPLOYMENT, identities or LocalIdentities(key.public_key()))
    door = Door(callers, store.accounts, desk, DEPLOYMENT, patience_seconds, reply=reply, link_for=link_for)
    async with running_site(doors=door.routes()) as site:
        yield GmailPage(site, key, account, watch, store)
    await replying.close()


def _widgets(card: Any) -> list[dict[str, Any]]:
    return [widget for section in card["sections"] for widget in section["widgets"]]


def _action_of(widget: Mapping[str, Any], text: str) -> Any:
    for button in widget.get("buttonList", {}).get("buttons", ()):
        if button["text"] == text:
            return button["onClick"]["action"]
    line = widget.get("decoratedText", {})
    if line.get("button", {}).get("text") == text:
        return line["button"]["onClick"]["action"]
    if line.get("text") == text and "switchControl" in line:
        return line["switchControl"].get("onChangeAction")
    choice = widget.get("selectionInput", {})
    return choice.get("onChangeAction") if choice.get("label") == text else None
