"""Nudging: a reply to one's own mail is laid into its conversation as a draft. It is never sent for anybody."""

from contextlib import suppress

import structlog

from tracker.granting import Granting
from tracker.mailbox import Mailbox, Mailboxes
from tracker.model import Copy
from tracker.nudge_mail import HEADERS, NothingToAnswer, nudge_mail
from tracker.outstanding import outstanding
from tracker.ports import Missing, NotAuthorized, Refused, Report
from tracker.reminders import NudgeBook, NudgeNote, ReminderKind

log = structlog.get_logger()

MOST = 10  # drafts that one press makes, where everybody got a mail of their own

CLOSED = "Nobody is left to nudge: it was answered, came back, or is not tracked any more."
UNANSWERABLE = "Gmail's copy of this mail does not say whom to answer. Write to them in Gmail yourself."
ERASED = "This message is not known any more."


class Nudging:
    def __init__(self, nudges: NudgeBook, mailboxes: Mailboxes, granting: Granting) -> None:
        self._nudges = nudges
        self._mailboxes = mailboxes
        self._granting = granting
        self._surplus: dict[str, str] = {}  # drafts of one who was overtaken, by their copy, until Gmail deletes them

    async def draft(self, report: Report, why: ReminderKind | None = None) -> list[Copy]:
        """Have a draft for each copy that is to be nudged; those copies. Asked again, the drafts are the same ones.

        Raises what a Mailbox raises; Refused says why in words for the sender.
        """
        wanted = to_nudge(report, why)[:MOST]
        if not wanted:
            raise Refused(CLOSED)
        try:
            mailbox = await self._mailboxes.of(report.account)
            for copy in wanted:
                await self._have_draft(mailbox, copy)
        except NotAuthorized:
            await self._granting.withdrawn(report.account)
            raise
        return wanted

    async def _have_draft(self, mailbox: Mailbox, copy: Copy) -> None:
        await self._drop_surplus(mailbox, copy)
        note = await self._nudges.begin(copy.id)
        if note and note.draft_id and not note.fresh:
            if await _is_there(mailbox, note.draft_id):
                return
            note = await self._nudges.begin_anew(note)  # it was sent, or thrown away
        if note is None:
            raise Refused(ERASED)
        if note.draft_id is None:
            await self._make(mailbox, copy, note)

    async def _make(self, mailbox: Mailbox, copy: Copy, note: NudgeNote) -> None:
        headers = (await mailbox.message(copy.gmail_id or "", HEADERS)).headers
        try:
            mail = nudge_mail(copy, headers, note.number)
        except NothingToAnswer:
            raise Refused(UNANSWERABLE) from None
        # Begun before, it may be there without our having heard of it. Not by Gmail's search, which lags behind.
        found = None if note.fresh else await mailbox.find_marked_draft(mail.mark)
        draft_id = found or await mailbox.create_draft(mail.raw, copy.thread_id)
        kept = await self._nudges.drafted(note, draft_id)
        if kept != draft_id:
            # Somebody pressed at the same moment and was first: one draft is enough.
            self._surplus[copy.id] = draft_id
            await self._drop_surplus(mailbox, copy)
        log.info("nudge_drafted", message=copy.message_id, number=note.number)

    async def _drop_surplus(self, mailbox: Mailbox, copy: Copy) -> None:
        """Delete what a press left too much. Raises TryLater, upon which the next press tries it again."""
        if draft_id := self._surplus.get(copy.id):
            with suppress(Missing):
                await mailbox.delete_draft(draft_id)
            self._surplus.pop(copy.id, None)


def to_nudge(report: Report, why: ReminderKind | None = None) -> list[Copy]:
    """Whom to nudge: who did not open their copy, or else who opened and did not answer.

    Who is reminded of answers (`why`) means those alone who owe one.
    """
    for kind in (why,) if why is ReminderKind.UNANSWERED else ReminderKind:
        if pairs := outstanding(report, kind):
            return [copy for copy, _ in pairs]
    return []


async def _is_there(mailbox: Mailbox, draft_id: str) -> bool:
    try:
        await mailbox.draft(draft_id)
    except Missing:
        return False
    return True
