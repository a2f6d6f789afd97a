"""What Google lends an add-on with one event: a token of the person's, and one that opens the mail on their screen."""

import secrets
from collections.abc import Iterable, Mapping

from tests.standins.gmail_errors import GoogleError
from tests.standins.gmail_oauth import LIFE, Grants
from tests.standins.gmail_scopes import Grant, in_order

_ADDONS = "https://www.googleapis.com/auth/gmail.addons."
LENT_SCOPES = (f"{_ADDONS}execute", f"{_ADDONS}current.action.compose", f"{_ADDONS}current.message.metadata")
_OF_ONE_MAIL = f"{_ADDONS}current.message."
MAIL_TOKEN = "X-Goog-Gmail-Access-Token"


class LendingOut:
    """Of the stand-in: `mail_tokens` are those that open one mail each."""

    grants: Grants
    mail_tokens: dict[str, str]

    def lent_token(self, email: str, scopes: Iterable[str] = LENT_SCOPES) -> str:
        """What an event carries as `userOAuthToken`."""
        token = f"ya29.lent-{secrets.token_urlsafe(96)}"
        self.grants.access_tokens[token] = (Grant(email.lower(), in_order(scopes)), self.grants.clock() + LIFE)
        return token

    def mail_token(self, gmail_id: str) -> str:
        """What an event carries as `accessToken`, for the mail that is open."""
        token = f"mail-{secrets.token_urlsafe(48)}"
        self.mail_tokens[token] = gmail_id
        return token

    def check_lent(
        self, usable: frozenset[str], arguments: Mapping[str, str], form: str | None, headers: Mapping[str, str]
    ) -> None:
        """Raises GoogleError unless a scope beyond the open mail's is usable, or just that mail is asked for."""
        if any(not scope.startswith(_OF_ONE_MAIL) for scope in usable):
            return
        if self.mail_tokens.get(headers.get(MAIL_TOKEN, "")) != arguments.get("id"):
            raise GoogleError(403, "forbidden", "Missing access token for authorization.")
        if form not in ("metadata", "minimal"):
            raise GoogleError(403, "forbidden", "Metadata scope doesn't allow format FULL")
