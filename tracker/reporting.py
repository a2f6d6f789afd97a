"""Answers to questions about tracked mail, from what is written down: nothing is counted here."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType

from tracker.classify.readers import possible_readers
from tracker.documents import document_in
from tracker.heat import LATELY, hottest
from tracker.model import Account, Copy, Heat, HitKind, Judged
from tracker.paging import Edge, Member, Page, Turn
from tracker.ports import HitLog, MessageBook, Report
from tracker.questions import Question, QuestionKind, wanted_of
from tracker.readings import readings_of
from tracker.stats import Stats, stats_of
from tracker.wording import reader_words, reason_words, source_words, what_words

SHOWN = 10  # messages in a list: what a phone shows in two thumbs' travel
LINES = 20  # of a timeline: two blocks each, and Slack shows fifty
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
    kind: HitKind = HitKind.OPEN
    begins: bool = False  # whether an opening or a click begins with it

    @property
    def source(self) -> str:
        """What it came by, and from where when that is known: "Outlook on Windows in Lyon, France"."""
        return source_words(self.client, self.place)


@dataclass(frozen=True, slots=True)
class Story:
    """All there is to say about one message; the timeline's latest line comes first.

    Of a timeline that is told a page at a time, `older` and `newer` lead to the pages around it.
    """

    report: Report
    timeline: tuple[TimelineLine, ...]
    older: Turn | None = None
    newer: Turn | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What we know for a question; `story` when a search found a single message.

    `older` and `newer` lead to the pages around this one; `heats` tell of hot messages, by their ids, why they are.
    """

    question: Question
    accounts: tuple[Account, ...]
    reports: tuple[Report, ...]
    story: Story | None = None
    older: Turn | None = None
    newer: Turn | None = None
    heats: Mapping[str, Heat] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def more(self) -> bool:
        """Whether the list goes on."""
        return self.older is not None


class Reporting:
    def __init__(self, messages: MessageBook, hits: HitLog) -> None:
        self._messages = messages
        self._hits = hits

    async def answer(
        self,
        accounts: Sequence[Account],
        question: Question,
        now: datetime,
        zone: tzinfo = UTC,
        turn: Turn | None = None,
        lines: int = LINES,
    ) -> Answer:
        """A page of what is known for a question, of the messages of these accounts only.

        Days begin in this zone. A single message that a search finds is told with its latest `lines`.
        """
        ids = [account.id for account in accounts]
        if question.kind is QuestionKind.HOT:
            page, heats = await self._hot(ids, now, turn)
        else:
            wanted, heats = wanted_of(question, now, zone), {}
            page = Page.of(await self._messages.page(ids, wanted, turn, SHOWN + 1), SHOWN, turn, _edge_of)
        if turn and _ran_out(page, turn):
            return await self.answer(accounts, question, now, zone, lines=lines)
        single = question.kind is QuestionKind.MATCHING and turn is None and len(page.members) == 1
        told = await self._page_of(page.members[0], None, lines) if single else None
        return Answer(question, tuple(accounts), page.members, told, page.older, page.newer, heats)

    async def story(self, message_id: str) -> Story | None:
        """Everything about one message; None when it is gone. Whether the asker may see it is the caller's to check."""
        report = await self._messages.report(message_id)
        return await self._told(report) if report else None

    async def page(self, message_id: str, turn: Turn | None = None) -> Story | None:
        """One message with a page of its timeline; None when it is gone. Whose it is, is the caller's to check."""
        report = await self._messages.report(message_id)
        return await self._page_of(report, turn, LINES) if report else None

    async def stats(self, accounts: Sequence[Account], days: float, now: datetime, zone: tzinfo) -> Stats:
        """What these accounts' mail of the last days adds up to, in this zone's hours."""
        sums = await self._messages.sums([account.id for account in accounts], now - timedelta(days=days))
        return stats_of(sums, days, zone)

    async def _hot(
        self, account_ids: Sequence[str], now: datetime, turn: Turn | None
    ) -> tuple[Page[Report], dict[str, Heat]]:
        since = now - LATELY
        found = await self._messages.hot(account_ids, since, turn, SHOWN + 1)
        page = Page.of(found, SHOWN, turn, _heated)
        heats = ((report.message.id, hottest(report.summaries, since)) for report in page.members)
        return page, {message_id: heat for message_id, heat in heats if heat}

    async def _page_of(self, report: Report, turn: Turn | None, lines: int) -> Story:
        copies = {copy.id: copy for copy in report.copies}
        found = await self._hits.page(list(copies), turn, lines + 1)
        page = Page.of(found, lines, turn, lambda one: Edge(one.hit.at, one.hit.id))
        if turn and _ran_out(page, turn):
            return await self._page_of(report, None, lines)
        told = tuple(_line_of(copies[one.hit.copy_id])(one) for one in page.members)
        return Story(report, told, page.older, page.newer)

    async def _told(self, report: Report) -> Story:
        lines: list[TimelineLine] = []
        for copy in report.copies:
            judged = await self._hits.timeline(copy.id, _LINES_A_COPY)
            lines += map(_line_of(copy, {reading.start.hit.id for reading in readings_of(judged)}), judged)
        return Story(report, tuple(sorted(lines, key=lambda line: line.at, reverse=True)))


def _ran_out(page: Page[Member], turn: Turn) -> bool:
    """Whether the first page, whole, is the better answer: nothing is left there, or nothing newer."""
    return not page.members or (turn.newer and page.newer is None)


def _edge_of(report: Report) -> Edge:
    return Edge(report.message.created_at, report.message.id)


def _heated(report: Report) -> Edge:
    heat = hottest(report.summaries)
    return Edge(heat.at if heat else report.message.created_at, report.message.id)


def _line_of(copy: Copy, openings: Container[str] = ()) -> Callable[[Judged], TimelineLine]:
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
            judged.hit.kind,
            judged.hit.id in openings or (judged.hit.kind is HitKind.CLICK and judged.verdict.counts),
        )

    return line
