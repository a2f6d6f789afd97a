"""Each connected mailbox: the grant, how far it is followed, who tells us of news there, and its ticks."""

from datetime import datetime, timedelta

from tracker.checkup.findings import Finding, broken, look, ok
from tracker.checkup.inside import ago
from tracker.following import Followed
from tracker.mailbox import Mailboxes, NotGranted
from tracker.model import Account, AccountState, Profile
from tracker.ports import NotAuthorized, Refused, TryLater
from tracker.ticking import NAMES
from tracker.ticks import SHOWN, TickLabels
from tracker.watching import Watch

_LATE, _STUCK = timedelta(minutes=10), timedelta(hours=6)
_AGAIN = (
    "connect it again with /opens connect; if it happens every 7 days, whoever runs Twotick has to publish its consent"
    " screen at Google, which in Testing mode ends every grant after a week"
)
_WAIT = "nothing to do if it passes in an hour; otherwise whoever runs Twotick sees that its worker runs"
_CLIENT = "whoever runs Twotick sets GOOGLE_CLIENT_ID and its secret"
_SWITCH = "turn Ticks in Gmail off and on again, on the first page of Twotick in Gmail"


async def mailbox_finding(account: Account, followed: Followed, mailboxes: Mailboxes | None, now: datetime) -> Finding:
    """Whether Google still lets us in, and whether what happens there is seen in time."""
    if account.state is AccountState.RECONNECT:
        return broken(account.email, "Google withdrew the grant", _AGAIN)
    if mailboxes is None:
        return look(account.email, "cannot be reached without a Google client", _CLIENT)
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
        return broken(account.email, f"replies and own sends are not seen since {ago(late)}", _WAIT)
    if late > _LATE:
        return look(account.email, f"followed up to {ago(late)} ago", _WAIT)
    return ok(account.email, "Google lets us in, and it is followed")


def news_finding(account: Account, watch: Watch | None, topic: str, now: datetime) -> Finding | None:
    """Whether Gmail tells us of news at once; None where nobody asked it to, or it may not be asked."""
    if not topic or account.state is AccountState.RECONNECT or account.profile is Profile.SEND:
        return None
    about = f"{account.email}, news"
    if watch and watch.topic == topic and watch.until and watch.until > now:
        return ok(about, "Gmail tells of replies at once")
    ended = f" since {ago(now - watch.until)}" if watch and watch.until else ""
    says = f"Gmail does not tell of replies at once{ended}; they are looked for every few moments instead"
    return look(about, says, _WAIT)


def ticks_finding(account: Account, labels: TickLabels, *, wanted: bool) -> Finding | None:
    """Whether the ticks in Gmail move; None where the mailbox is to be connected again first."""
    if account.state is AccountState.RECONNECT:
        return None
    about = f"{account.email}, ticks in Gmail"
    if account.profile not in (None, Profile.FULL):
        return ok(about, "none, as it was connected without them; /opens connect full brings them")
    if not wanted:
        return ok(about, "switched off")
    if labels.refused:
        return look(about, "Google does not let their labels be moved", "allow it with /opens connect full")
    if gone := [NAMES[tick] for tick in SHOWN if tick in labels.deleted]:
        return look(about, f"the label {' and '.join(gone)} was deleted in Gmail", _SWITCH)
    if labels.failures:
        times = f"{labels.failures:,} time{'' if labels.failures == 1 else 's'}"
        return look(about, f"Gmail failed to move them {times} in a row; it is tried again by itself", _WAIT)
    return ok(about, "the labels are made with the first mail" if labels.missing else "they move")
