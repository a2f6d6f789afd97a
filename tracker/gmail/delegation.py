"""Domain-wide delegation: the operator's service account acts for a mailbox, without its owner's consent.

A JWT that the service account signs (RFC 7523) is exchanged for an access
token. google-auth's own credentials do it synchronously, and name an audience
that is no setting of theirs; of it we take the signature.
"""

from collections.abc import Mapping
from datetime import timedelta

from google.auth import jwt
from google.auth.aio.transport import Request
from google.auth.crypt import RSASigner

from tracker.clock import Clock
from tracker.gmail.auth import Grant, access_in, said_in
from tracker.ports import NotAuthorized, Refused
from tracker.service_account import ServiceAccount

SCOPES = ("https://www.googleapis.com/auth/gmail.modify",)  # those of the full profile
_LIFE = timedelta(minutes=55)  # Google takes an hour at the most
_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class DelegatedGrant(Grant):
    """One mailbox, by the service account. Without one every refresh is Refused, as the mailbox itself is in order."""

    def __init__(self, service_account: ServiceAccount | None, email: str, token_url: str, clock: Clock) -> None:
        super().__init__(token_url, clock)
        self._service_account = service_account
        self._email = email

    async def _fetched(self, request: Request) -> tuple[str, timedelta]:
        account = self._service_account
        if account is None:
            raise Refused(
                f"{self._email} is connected by a service account, and this Twotick has none: its operator should set"
                " GOOGLE_SERVICE_ACCOUNT_FILE."
            )
        answer = await self._exchange(request, {"grant_type": _BEARER, "assertion": self._assertion(account)})
        if not answer.good and (failure := _failure(said_in(answer), account, self._email)):
            raise failure
        return access_in(answer)

    def _assertion(self, account: ServiceAccount) -> str:
        now = self._clock()
        claims = {
            "iss": account.email,
            "sub": self._email,
            "scope": " ".join(SCOPES),
            "aud": self._token_url,
            "iat": int(now.timestamp()),
            "exp": int((now + _LIFE).timestamp()),
        }
        signer = RSASigner.from_string(account.private_key.reveal(), account.key_id)  # type: ignore[no-untyped-call]
        return str(jwt.encode(signer, claims).decode())  # type: ignore[no-untyped-call]


def _failure(said: Mapping[str, object], account: ServiceAccount, email: str) -> Exception | None:
    """What a refusal means where a service account asks; None where it means what it means for anybody."""
    error, why = said.get("error"), str(said.get("error_description", ""))
    if error in ("unauthorized_client", "access_denied"):
        return NotAuthorized(
            f"Google does not let the service account act for {email}. In admin.google.com, Security, API controls,"
            f" Domain-wide delegation, its client id {account.client_id} needs the scope {' '.join(SCOPES)}."
        )
    if error == "invalid_grant" and "JWT" in why:
        return Refused(
            "Google does not take the service account's signature: its operator should check that the key in"
            " GOOGLE_SERVICE_ACCOUNT_FILE is still good, and that this machine's clock is right."
        )
    if error == "invalid_grant":
        return NotAuthorized(f"Google knows no mailbox {email} for which the service account may act.")
    return None
