"""Each connected mailbox: the grant, and how far it is followed."""

from datetime import datetime, timedelta

from tracker.checkup.findings import Finding, broken, look, ok
from tracker.checkup.inside import ago
from tracker.following import Followed
from tracker.mailbox import Mailboxes, NotGranted
from tracker.model import Account, AccountState
from tracker.ports import NotAuthorized, Refused, TryLater

_LATE, _STUCK = timedelta(minutes=10), timedelta(hours=6)
_AGAIN = (
    "connect it again with /opens connect; if it happens every 7 days, publish the consent screen at Google, which in"
    " Testing mode ends every grant after a week"
)
_WAIT = "nothing to do if it passes; otherwise see that the worker runs"


async def mailbox_finding(account: Account, followed: Followed, mailboxes: Mailboxes | None, now: datetime) -> Finding:
    """Whether Google still lets us in, and whether what happens there is seen in time."""
    if account.state is AccountState.RECONNECT:
        return broken(account.email, "Google withdrew the grant", _AGAIN)
    if mailboxes is None:
        return look(account.email, "cannot be reached without a Google client", "set GOOGLE_CLIENT_ID and its secret")
    try:
        await (await mailboxes.of(account)).profile()
    except NotAuthorized:
        return broken(account.email, "Google does not let us in", _AGAIN)
    except NotGranted:
        more = "for replies and bounces, allow more: /opens connect"
        return look(account.email, "may only be sent from, as its owner wished", more)
    except Refused as refused:
        return broken(account.email, str(refused)[:200], _AGAIN)
    except TryLater as later:
        return look(account.email, f"Gmail does not answer now: {str(later)[:120]}", "ask again in a minute")
    return _following(account, followed, now)


def _following(account: Account, followed: Followed, now: datetime) -> Finding:
    if followed.at is None:
        return look(account.email, "Google lets us in; it was never followed", _WAIT)
    late = now - followed.at
    if late > _STUCK:
        return broken(
            account.email, f"replies and own sends are not seen since {ago(late)}", "see that the worker runs"
        )
    if late > _LATE:
        return look(account.email, f"followed up to {ago(late)} ago", _WAIT)
    return ok(account.email, "Google lets us in, and it is followed")
