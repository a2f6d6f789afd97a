"""Connecting a mailbox: who is invited consents at Google, and comes back; and the end of it.

What has to survive the way to Google and back travels with the browser, signed
or sealed; kept is only which invitations were followed, as each is good once.
"""

import secrets
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

import structlog

from tracker.access import Access, ConsentDesk
from tracker.clock import Clock, new_id, utc_now
from tracker.inviting import NEW_LINK, Invited, browser_name, heard, said, verifier_in
from tracker.model import Account, AccountState, Profile
from tracker.ports import AccountBook, InvitationBook, NotAuthorized, Refused, TryLater
from tracker.sealing import Sealer
from tracker.tokens import Tokens

INVITED_FOR = timedelta(minutes=10)
CONSENT_WITHIN = timedelta(minutes=10)

log = structlog.get_logger()


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
    """The way in and the way out of one Twotick. `domains` are those whose mailboxes may come by our own page."""

    def __init__(
        self,
        accounts: AccountBook,
        invitations: InvitationBook,
        desk: ConsentDesk,
        tokens: Tokens,
        sealer: Sealer,
        public_url: str,
        clock: Clock = utc_now,
        domains: Collection[str] = (),
        stop_watch: Callable[[Account], Awaitable[object]] | None = None,
    ) -> None:
        self._stop_watch = stop_watch
        self._accounts = accounts
        self._invitations = invitations
        self._desk = desk
        self._tokens = tokens
        self._sealer = sealer
        self._base = public_url.rstrip("/")
        self._clock = clock
        self.domains = tuple(domains)

    def invitation(self, team: str, user: str, profile: Profile) -> str:
        """The address at which this Slack member can connect a mailbox, once, for ten minutes."""
        return self._address(Invited(secrets.token_hex(16), profile, team=team, user=user))

    def invitation_to(self, email: str) -> str:
        """The address at which the owner of this mailbox can connect it, and no other; once, for ten minutes."""
        return self._address(Invited(secrets.token_hex(16), Profile.STANDARD, email=email))

    def ticket(self, browser: str) -> str:
        """What our own page gives to the browser that opened it, so that no other page can begin in its name."""
        invited = Invited(secrets.token_hex(16), Profile.STANDARD, browser=browser_name(browser))
        return self._token(invited)

    async def begin(self, token: str, browser: str) -> str:
        """Where an invitation leads: the consent page. Only this browser can bring its answer.

        Raises Refused, also when another browser followed it before; TryLater.
        """
        words = self._tokens.read_invitation(token)
        invited = words and heard(words, self._clock())
        if not invited or invited.browser not in ("", browser_name(browser)):
            raise Refused(f"This link is too old, or was changed on its way. {NEW_LINK}")
        until = self._clock() + INVITED_FOR + CONSENT_WITHIN
        if not await self._invitations.begin(invited.name, browser_name(browser), until):
            raise Refused(f"This link was used already: each is good once. {invited.again}")
        verifier = secrets.token_urlsafe(48)
        asked = said(invited, self._clock() + CONSENT_WITHIN, verifier=verifier)
        sealed = self._sealer.seal(asked, _consent_in(browser))
        return self._desk.link(invited.profile, sealed, verifier, invited.email)

    async def finish(self, answer: Answer, browser: str) -> Connected:
        """Connect the mailbox that its owner let us into. Raises Refused, TryLater: then nothing was connected."""
        asked = browser and self._sealer.open(answer.state, _consent_in(browser))
        invited = asked and heard(asked, self._clock())
        if not asked or not invited:
            raise Refused(f"This answer took too long, or belongs to another browser. {NEW_LINK}")
        if not answer.code:
            declined = "You did not agree." if answer.error == "access_denied" else "Google did not let us in."
            raise Refused(f"{declined} Nothing was stored. {invited.again}")
        if not await self._invitations.complete(invited.name):
            raise Refused(f"This link was used already: each is good once. {invited.again}")
        access = await self._desk.exchange(answer.code, verifier_in(asked))
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
        revoked = account.delegated or await self._revoked(account)
        await self._accounts.remove(account.email)
        log.info("account_disconnected", account=account.id, revoked=revoked)
        return revoked

    async def _revoked(self, account: Account) -> bool:
        try:
            await self._desk.revoke(await self._accounts.refresh_token(account.id))
        except (TryLater, NotAuthorized):
            return False
        return True

    async def _owned(self, access: Access, invited: Invited) -> Account:
        """The account that this access makes. Raises Refused when it is too little, not for us, or another's."""
        known = await self._accounts.by_email(access.email)
        if known and not _is_of(known, invited):
            # Its grant is not revoked: Google would end the other member's along with it.
            raise Refused(
                f"{access.email} is connected to another member of Slack already."
                " They can release it with /opens disconnect, or whoever runs Twotick can."
            )
        if refusal := _refusal(access, invited, self.domains):
            if known is None:
                await self._give_back(access)
            raise Refused(refusal)
        if known and _would_lose(known, access):
            raise Refused(
                f"{access.email} lets Twotick do more already, and Google gives less this time: nothing was changed."
                " To let it do less, type /opens disconnect first, and connect again."
            )
        account = known or Account(new_id(), access.email, invited.user)
        ours = {"slack_user": invited.user, "slack_team": invited.team} if invited.user else {}
        return replace(account, **ours, state=AccountState.CONNECTED, profile=access.profile, delegated=False)

    async def _give_back(self, access: Access) -> None:
        try:
            await self._desk.revoke(access.refresh_token)
        except TryLater:
            log.warning("unwanted_grant_not_revoked")

    def _address(self, invited: Invited) -> str:
        return f"{self._base}/google/connect?{urlencode({'t': self._token(invited)})}"

    def _token(self, invited: Invited) -> str:
        return self._tokens.invitation(said(invited, self._clock() + INVITED_FOR))


def _refusal(access: Access, invited: Invited, domains: Collection[str]) -> str:
    """Why this access is not what was asked for; empty when it is."""
    if wrong := invited.wrong_mailbox(access.email, domains):
        return wrong
    if access.profile is None or not access.profile.covers(invited.profile):
        return (
            "A box on Google's page was not ticked, and without it this does not work."
            f" {invited.again} Leave all boxes ticked then."
        )
    return ""


def _is_of(account: Account, invited: Invited) -> bool:
    """Whether the guest, whom Google verified as the mailbox's owner, may give this account a new grant.

    One that nobody in Slack owns is free; a guest without a Slack name leaves it to whom it belongs.
    """
    if not account.slack_user or not invited.user:
        return True
    return account.slack_user == invited.user and account.slack_team in ("", invited.team)


def _would_lose(account: Account, access: Access) -> bool:
    if account.state is not AccountState.CONNECTED or account.delegated or account.profile is None:
        return False
    return access.profile is None or not access.profile.covers(account.profile)


def _consent_in(browser: str) -> str:
    return f"consent asked for in browser {browser}"
