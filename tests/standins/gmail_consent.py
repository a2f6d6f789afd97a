"""From a link to Google's consent page to the code that comes back: what the Gmail stand-in checks on the way."""

import base64
import hashlib
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.standins.gmail_scopes import KNOWN, SIGN_IN, Grant, in_order, scopes_in

CODE_LASTS = timedelta(minutes=10)
_TAKEN = {"client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "login_hint", "hd"}
_TAKEN |= {"access_type", "prompt", "include_granted_scopes", "enable_granular_consent"}
_TAKEN |= {"code_challenge", "code_challenge_method"}


class WrongLink(Exception):
    """Google's own error page: nobody is sent back, as the address to go back to cannot be trusted."""

    def __init__(self, status: int, error: str, text: str) -> None:
        super().__init__(f"{error}: {text}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Link:
    """A consent link that passed every check."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    challenge: str
    nonce: str
    login_hint: str
    offline: bool
    asked_again: bool
    with_granted: bool

    @property
    def boxes(self) -> tuple[str, ...]:
        """The scopes that can be left out: all, but who it is."""
        return tuple(scope for scope in self.scopes if scope not in SIGN_IN)

    def back(self, **answer: str) -> str:
        """Where the browser goes next."""
        state = {"state": self.state} if self.state else {}
        return f"{self.redirect_uri}?{urlencode({**state, **answer})}"


@dataclass(frozen=True, slots=True)
class Given:
    """What a code stands for."""

    grant: Grant
    redirect_uri: str
    challenge: str
    nonce: str
    offline: bool
    asked_again: bool
    until: datetime


@dataclass(slots=True)
class Codes:
    """Each is good once, for ten minutes."""

    out: dict[str, Given] = field(default_factory=dict)

    def new(self, link: Link, grant: Grant, now: datetime) -> str:
        code = f"4/0{secrets.token_urlsafe(48)}"
        self.out[code] = Given(
            grant, link.redirect_uri, link.challenge, link.nonce, link.offline, link.asked_again, now + CODE_LASTS
        )
        return code

    def spent(self, form: Mapping[str, str], now: datetime) -> Given:
        """What this code stood for. Raises ValueError, and the code is gone all the same."""
        given = self.out.pop(form["code"], None)
        if given is None or given.until <= now:
            raise ValueError("Malformed auth code.")
        if given.redirect_uri != form["redirect_uri"]:
            raise ValueError("redirect_uri is not the one that the code was given for.")
        verifier = form.get("code_verifier", "")
        if bool(verifier) is not bool(given.challenge):
            raise ValueError("Missing code verifier." if given.challenge else "code_verifier without a challenge.")
        if given.challenge and _challenge(verifier) != given.challenge:
            raise ValueError("Invalid code verifier.")
        return given


def read_link(url: str, client_id: str, redirect_uris: Collection[str]) -> Link:
    """A link as Google reads it. Raises WrongLink."""
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    asked = dict(pairs)
    if len(asked) != len(pairs) or not set(asked) <= _TAKEN:
        raise WrongLink(400, "invalid_request", "Parameter not allowed for this message type, or given twice.")
    if asked.get("client_id") != client_id:
        raise WrongLink(401, "invalid_client", "The OAuth client was not found.")
    if asked.get("redirect_uri") not in redirect_uris:
        raise WrongLink(400, "redirect_uri_mismatch", f"{asked.get('redirect_uri')} is not registered.")
    _check_values(asked)
    return Link(
        asked["redirect_uri"],
        _scopes(asked.get("scope", "")),
        asked.get("state", ""),
        _checked_challenge(asked),
        asked.get("nonce", ""),
        asked.get("login_hint", ""),
        asked.get("access_type") == "offline",
        "consent" in asked.get("prompt", "").split(),
        asked.get("include_granted_scopes") == "true",
    )


def granted(link: Link, email: str, untick: Collection[str], before: Collection[str]) -> Grant:
    """What somebody lets happen who leaves all boxes ticked but these."""
    left = [scope for scope in link.scopes if scope not in link.boxes or scope not in untick]
    return Grant(email, in_order([*left, *(sorted(before) if link.with_granted else ())]))


def _check_values(asked: Mapping[str, str]) -> None:
    allowed = {
        "response_type": ("code",),
        "access_type": ("online", "offline"),
        "include_granted_scopes": ("true", "false"),
        "enable_granular_consent": ("true", "false"),
    }
    if "response_type" not in asked:
        raise WrongLink(400, "invalid_request", "Required parameter is missing: response_type")
    for name, values in allowed.items():
        if name in asked and asked[name] not in values:
            raise WrongLink(400, "invalid_request", f"Invalid parameter value for {name}: {asked[name][:40]}")
    if not set(asked.get("prompt", "").split()) <= {"consent", "select_account"}:
        raise WrongLink(400, "invalid_request", "Invalid parameter value for prompt")


def _scopes(text: str) -> tuple[str, ...]:
    scopes = scopes_in(text)
    if not scopes:
        raise WrongLink(400, "invalid_request", "Missing required parameter: scope")
    if unknown := [scope for scope in scopes if scope not in KNOWN]:
        raise WrongLink(400, "invalid_scope", f"Some requested scopes were invalid. {unknown}")
    return scopes


def _checked_challenge(asked: Mapping[str, str]) -> str:
    challenge, method = asked.get("code_challenge", ""), asked.get("code_challenge_method")
    if not challenge and method is None:
        return ""
    if method != "S256" or not re.fullmatch(r"[A-Za-z0-9_-]{43}", challenge):
        raise WrongLink(400, "invalid_request", "Invalid code_challenge: expected S256, 43 characters of base64url")
    return challenge


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
