"""Tracked reply, pressed beside a mail: which mail is meant, and what the person gets to see."""

from collections.abc import Awaitable, Callable
from functools import partial

from tracker.clock import new_id
from tracker.following import FollowBook
from tracker.lending import Lending, NewDraft
from tracker.model import Account, AccountState, Copy
from tracker.ports import MessageBook, Refused, Report
from tracker.replying import Reply, Replying, ReplyState
from tracker.tagging import ANSWERED_HEADERS, Answered, answered_by
from tracker.web.addon.answers import Answer
from tracker.web.addon.callers import Deployment
from tracker.web.addon.cards.reply import refused_card, slow_card, unknown_outcome_card
from tracker.web.addon.events import Event

_OPEN_IT = "Open the mail that you want to answer in Gmail, and press Tracked reply beside it."

_RECONNECT = (
    "Google withdrew Twotick's access to this mailbox, so that a reply would not be tracked. Connect it again with"
    " /opens connect in Slack."
)
_NOT_FOLLOWED = (
    "Twotick does not see yet what this mailbox sends, so that a reply would not be tracked. Unless that changes within"
    " a minute: connect it again with /opens connect in Slack, and leave every box ticked."
)


class ReplyDesk:
    """Answers the press. The only place of the add-on that waits for Gmail, and never long."""

    def __init__(
        self,
        messages: MessageBook,
        following: FollowBook,
        replying: Replying,
        lending: Lending,
        deployment: Deployment,
    ) -> None:
        self._messages = messages
        self._following = following
        self._replying = replying
        self._lending = lending
        self._address = deployment.address

    async def reply(self, account: Account, event: Event) -> Answer:
        press = event.name("press")
        if not press:
            return Answer(word="Close this card and open it anew.")
        report = await self._own(account, event.name("message"))
        if hindrance := await self._hindrance(account):
            return self._answer(Reply(ReplyState.REFUSED, why=hindrance), press, report, event)
        find = _knowing(report, event) or partial(self._read, event, report)
        reply = await self._replying.draft(account, press, event.lent, find)
        return self._answer(reply, press, report, event)

    def _answer(self, reply: Reply, press: str, report: Report | None, event: Event) -> Answer:
        message_id = report.message.id if report else ""
        if reply.state is ReplyState.UNDER_WAY:
            return Answer(slow_card(press, message_id, self._address))
        if reply.state is ReplyState.UNKNOWN:
            return Answer(unknown_outcome_card(new_id(), message_id, self._address))
        if reply.state is ReplyState.REFUSED:
            return Answer(refused_card(reply.why, press, message_id, self._address))
        thread_id = reply.thread_id or _thread_of(report, event)
        if not thread_id:
            return Answer(word="Your reply is among your drafts in Gmail, tracked.")
        word = "This reply is tracked. Write it, then press Gmail's own Send."
        return Answer(word=word, opened=NewDraft(reply.draft_id, thread_id))

    async def _hindrance(self, account: Account) -> str:
        """Why a reply would go out untracked: its pixel is armed by whoever follows the mailbox. Empty when it is."""
        if account.state is not AccountState.CONNECTED:
            return _RECONNECT
        return "" if (await self._following.where(account.id)).mark else _NOT_FOLLOWED

    async def _read(self, event: Event, report: Report | None) -> Answered:
        """The open mail, from its head as Gmail tells it. Raises Refused, TryLater."""
        name = event.gmail_id or event.local_name
        if not name:
            raise Refused(_OPEN_IT)
        mail = await self._lending.mail(event.lent, name, ANSWERED_HEADERS)
        if report and mail.thread_id not in _threads(report):  # the card of one mail, beside another
            raise Refused(_OPEN_IT)
        return answered_by(mail.headers, mail.thread_id, own="SENT" in mail.labels)

    async def _own(self, account: Account, message_id: str) -> Report | None:
        report = await self._messages.report(message_id) if message_id else None
        return report if report and report.account.id == account.id else None


def _knowing(report: Report | None, event: Event) -> Callable[[], Awaitable[Answered]] | None:
    """How to answer a mail of ours without asking Gmail for it; None when we do not know enough.

    Of several recipients we do not know who of them was meant to stay unseen.
    """
    copy = _open_copy(report, event)
    if report is None or copy is None or not (copy.thread_id and copy.rfc_message_id) or len(copy.recipients) != 1:
        return None
    answered = Answered(copy.thread_id, copy.rfc_message_id, report.message.subject, copy.recipients)

    async def known() -> Answered:
        return answered

    return known


def _open_copy(report: Report | None, event: Event) -> Copy | None:
    """The copy that is on the screen; the only one where that is not known, or of another conversation."""
    if report is None:
        return None
    if open_one := next((copy for copy in report.copies if event.gmail_id and copy.gmail_id == event.gmail_id), None):
        return open_one
    # A name of the page's own is one of a mail that was written there: ours, not an answer to it.
    theirs = event.gmail_id and event.thread_id in _threads(report)
    return report.copies[0] if len(report.copies) == 1 and not theirs else None


def _threads(report: Report) -> frozenset[str]:
    return frozenset(copy.thread_id for copy in report.copies if copy.thread_id)


def _thread_of(report: Report | None, event: Event) -> str:
    """Where a draft that is found again belongs."""
    if report is None or event.thread_id in _threads(report):
        return event.thread_id or ""
    return min(_threads(report), default="")
