"""Answers to questions about tracked mail, from what is written down: nothing is counted here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from tracker.classify.readers import possible_readers
from tracker.documents import document_in
from tracker.model import Account, Copy, Judged
from tracker.ports import HitLog, MessageBook, Report
from tracker.questions import Question, QuestionKind
from tracker.stats import Stats, stats_of
from tracker.wording import reader_words, reason_words, source_words, what_words

SHOWN = 10  # messages in a list: what a phone shows in two thumbs' travel
_UNOPENED_WITHIN = timedelta(days=60)
_LOOKED_THROUGH = 500
_LINES_A_COPY = 500  # whoever holds a token can fetch it a million times, and must not make us draw a million lines


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One hit in words. `counts` says whether it is an open or click, `hit_id` names it for a correction.

    `document` is the name of the document that was fetched, as its sender's program wrote it.
    """

    hit_id: str
    copy_id: str
    at: datetime
    who: str
    what: str
    client: str
    place: str
    reason: str
    counts: bool
    document: str = ""

    @property
    def source(self) -> str:
        """What it came by, and from where when that is known: "Outlook on Windows in Lyon, France"."""
        return source_words(self.client, self.place)


@dataclass(frozen=True, slots=True)
class Story:
    """All there is to say about one message; the timeline's latest line comes first."""

    report: Report
    timeline: tuple[TimelineLine, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What we know for a question; `story` when a search found a single message, `more` when the list goes on."""

    question: Question
    accounts: tuple[Account, ...]
    reports: tuple[Report, ...]
    story: Story | None = None
    more: bool = False


class Reporting:
    def __init__(self, messages: MessageBook, hits: HitLog) -> None:
        self._messages = messages
        self._hits = hits

    async def answer(self, accounts: Sequence[Account], question: Question, now: datetime) -> Answer:
        """Answer for the messages of these accounts only."""
        found = await self._found([account.id for account in accounts], question, now)
        single = question.kind is QuestionKind.MATCHING and len(found) == 1
        return Answer(
            question,
            tuple(accounts),
            tuple(found[:SHOWN]),
            await self._told(found[0]) if single else None,
            more=len(found) > SHOWN,
        )

    async def story(self, message_id: str) -> Story | None:
        """Everything about one message; None when it is gone. Whether the asker may see it is the caller's to check."""
        report = await self._messages.report(message_id)
        return await self._told(report) if report else None

    async def stats(self, accounts: Sequence[Account], days: float, now: datetime, zone: tzinfo) -> Stats:
        """What these accounts' mail of the last days adds up to, in this zone's hours."""
        fates = await self._messages.fates([account.id for account in accounts], now - timedelta(days=days))
        return stats_of(fates, days, zone)

    async def _found(self, account_ids: Sequence[str], question: Question, now: datetime) -> Sequence[Report]:
        if question.kind is QuestionKind.MATCHING:
            return await self._messages.search(account_ids, question.words, SHOWN + 1)
        if question.kind is QuestionKind.UNOPENED:
            sent = await self._messages.reports(account_ids, now - _UNOPENED_WITHIN, _LOOKED_THROUGH)
            return [report for report in sent if _unopened(report, now - timedelta(days=question.days))]
        return await self._messages.reports(account_ids, None, SHOWN + 1)

    async def _told(self, report: Report) -> Story:
        lines: list[TimelineLine] = []
        for copy in report.copies:
            lines += map(_line_of(copy), await self._hits.timeline(copy.id, _LINES_A_COPY))
        return Story(report, tuple(sorted(lines, key=lambda line: line.at, reverse=True)))


def _line_of(copy: Copy) -> Callable[[Judged], TimelineLine]:
    def line(judged: Judged) -> TimelineLine:
        return TimelineLine(
            judged.hit.id,
            copy.id,
            judged.hit.at,
            reader_words(judged, possible_readers(judged, copy.recipients), copy),
            what_words(judged),
            judged.client,
            judged.place,
            reason_words(judged.verdict),
            judged.verdict.counts,
            document_in(judged.hit.link),
        )

    return line


def _unopened(report: Report, sent_before: datetime) -> bool:
    sent_at = report.message.sent_at
    if sent_at is None or sent_at > sent_before or report.message.untracked:
        return False
    return not any(summary.opens or summary.clicks for summary in report.summaries)
