"""Connecting a mailbox: who is invited in Slack consents at Google, and comes back; and the end of it.

Nothing of it is kept until it is done: what has to survive the way to Google
and back travels with the browser, signed or sealed.
"""

import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog

from tracker.access import Access, ConsentDesk, Profile
from tracker.clock import Clock, new_id, utc_now
from tracker.model import Account, AccountState
from tracker.ports import AccountBook, NotAuthorized, Refused, TryLater
from tracker.sealing import Sealer
from tracker.tokens import Tokens

INVITED_FOR = timedelta(minutes=10)
CONSENT_WITHIN = timedelta(minutes=10)
_AGAIN = "Type /opens connect in Slack for a new link."
_LEAST_FIRST = (Profile.SEND, Profile.STANDARD, Profile.FULL)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Invited:
    """A Slack member who asked for the link, and what for."""

    team: str
    user: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser brings back from the consent page; each may be empty, or anybody's invention."""

    state: str
    code: str
    error: str


@dataclass(frozen=True, slots=True)
class Connected:
    account: Account
    profile: Profile


class Connecting:
    """The way in and the way out of one Twotick."""

    def __init__(
        self,
        accounts: AccountBook,
        desk: ConsentDesk,
        tokens: Tokens,
        sealer: Sealer,
        public_url: str,
        clock: Clock = utc_now,
        stop_watch: Callable[[Account], Awaitable[object]] | None = None,
    ) -> None:
        self._stop_watch = stop_watch
        self._accounts = accounts
        self._desk = desk
        self._tokens = tokens
        self._sealer = sealer
        self._base = public_url.rstrip("/")
        self._clock = clock

    def invitation(self, team: str, user: str, profile: Profile) -> str:
        """The address at which this Slack member can connect a mailbox, for ten minutes."""
        words = _said(Invited(team, user, profile), self._clock() + INVITED_FOR)
        return f"{self._base}/google/connect?{urlencode({'t': self._tokens.invitation(words)})}"

    def begin(self, token: str, browser: str) -> str:
        """Where an invitation leads: the consent page. Only this browser can bring its answer. Raises Refused."""
        said = self._tokens.read_invitation(token)
        invited = said and _heard(said, self._clock())
        if not invited:
            raise Refused(f"This link is too old, or was changed on its way. {_AGAIN}")
        verifier = secrets.token_urlsafe(48)
        asked = _said(invited, self._clock() + CONSENT_WITHIN, verifier=verifier)
        return self._desk.link(invited.profile, self._sealer.seal(asked, _consent_in(browser)), verifier)

    async def finish(self, answer: Answer, browser: str) -> Connected:
        """Connect the mailbox that its owner let us into. Raises Refused, TryLater: then nothing was connected."""
        asked = browser and self._sealer.open(answer.state, _consent_in(browser))
        invited = asked and _heard(asked, self._clock())
        if not asked or not invited:
            raise Refused(f"This answer took too long, or belongs to another browser. {_AGAIN}")
        if not answer.code:
            declined = "You did not agree." if answer.error == "access_denied" else "Google did not let us in."
            raise Refused(f"{declined} Nothing was stored. {_AGAIN}")
        access = await self._desk.exchange(answer.code, _verifier_in(asked))
        account = await self._owned(access, invited)
        connected = await self._accounts.add(account, access.refresh_token)
        log.info("account_connected", account=connected.id, profile=access.profile)
        return Connected(connected, access.profile or invited.profile)

    async def disconnect(self, account: Account) -> bool:
        """Forget the account with everything about it; False when Google could not be told that the grant is over.

        Google first: forgetting first could leave a living grant that nobody knows of.
        """
        if self._stop_watch:
            await self._stop_watch(account)  # while the grant still lets us
        try:
            await self._desk.revoke(await self._accounts.refresh_token(account.id))
            revoked = True
        except (TryLater, NotAuthorized):
            revoked = False
        await self._accounts.remove(account.email)
        log.info("account_disconnected", account=account.id, revoked=revoked)
        return revoked

    async def _owned(self, access: Access, invited: Invited) -> Account:
        """The account that this access makes. Raises Refused when it covers too little, or has another owner."""
        known = await self._accounts.by_email(access.email)
        if known and not _is_of(known, invited):
            # Its grant is not revoked: Google would end the other member's along with it.
            raise Refused(
                f"{access.email} is connected to another member of Slack already."
                " They can release it with /opens disconnect, or whoever runs Twotick can."
            )
        if not _covers(access.profile, invited.profile):
            if known is None:
                await self._give_back(access)
            raise Refused(
                "A box on Google's page was not ticked, and without it this does not work."
                " Type /opens connect in Slack again, and leave all boxes ticked."
            )
        account = known or Account(new_id(), access.email, invited.user)
        return replace(account, slack_team=invited.team, state=AccountState.CONNECTED)

    async def _give_back(self, access: Access) -> None:
        try:
            await self._desk.revoke(access.refresh_token)
        except TryLater:
            log.warning("unwanted_grant_not_revoked")


def _is_of(account: Account, invited: Invited) -> bool:
    return account.slack_user == invited.user and account.slack_team in ("", invited.team)


def _covers(granted: Profile | None, wanted: Profile) -> bool:
    return granted is not None and _LEAST_FIRST.index(granted) >= _LEAST_FIRST.index(wanted)


def _consent_in(browser: str) -> str:
    return f"consent asked for in browser {browser}"


def _said(invited: Invited, until: datetime, **more: str) -> str:
    said = {"team": invited.team, "user": invited.user, "profile": invited.profile, "until": until.timestamp()}
    return json.dumps({**said, **more}, separators=(",", ":"))


def _heard(words: str, now: datetime) -> Invited | None:
    """Who was invited, in words of ours; None when it is too late."""
    said = json.loads(words)
    in_time = now.timestamp() < said["until"]
    return Invited(said["team"], said["user"], Profile(said["profile"])) if in_time else None


def _verifier_in(words: str) -> str:
    return str(json.loads(words)["verifier"])
