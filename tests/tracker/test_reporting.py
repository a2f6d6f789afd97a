"""Stories: every hit of a message as a line."""

from collections.abc import Sequence

from tests.makers import a_hit, a_judged, a_sent_copy, a_sent_message, a_summary, a_verdict, after, an_account
from tracker.model import Cause, Copy, Judged, Recipient
from tracker.ports import Report
from tracker.reporting import Reporting, TimelineLine

ADA = Recipient("ada@gmail.com", "Ada", "google")
ZOE = Recipient("zoe@gmail.com", "Zoë", "google")
ALAN = Recipient("alan@outlook.com", "Alan", "microsoft")


class OneMessage:
    """The books of one message."""

    def __init__(self, copy: Copy, *hits: Judged) -> None:
        self.told = Report(an_account(), a_sent_message(), (copy,), (a_summary(),))
        self.hits = hits

    async def report(self, message_id: str) -> Report:
        return self.told

    async def timeline(self, copy_id: str) -> Sequence[Judged]:
        return self.hits


async def lines(copy: Copy, *hits: Judged) -> Sequence[TimelineLine]:
    books = OneMessage(copy, *hits)
    story = await Reporting(books, books).story("m")
    assert story
    return story.timeline


def through_gmail() -> Judged:
    verdict = a_verdict(cause=Cause.LIKELY_HUMAN, reason="gmail_proxy_open")
    return a_judged(verdict=verdict, client="through Gmail")


async def test_a_line_names_its_hit_its_copy_and_its_place() -> None:
    copy, judged = a_sent_copy(), a_judged(place="Lyon, France")

    (line,) = await lines(copy, judged)

    assert (line.hit_id, line.copy_id, line.place) == (judged.hit.id, copy.id, "Lyon, France")
    assert line.source == "Outlook on Windows in Lyon, France"


async def test_the_latest_line_comes_first() -> None:
    early, late = a_judged(hit=a_hit(at=after(60))), a_judged(hit=a_hit(at=after(90)))

    assert [line.hit_id for line in await lines(a_sent_copy(), early, late)] == [late.hit.id, early.hit.id]


async def test_a_shared_picture_names_those_whose_mail_system_could_have_loaded_it() -> None:
    (line,) = await lines(a_sent_copy(recipients=(ADA, ZOE, ALAN)), through_gmail())

    assert line.who == "Ada or Zoë (of 3)"


async def test_a_direct_client_may_be_anybodys() -> None:
    (line,) = await lines(a_sent_copy(recipients=(ADA, ZOE, ALAN)), a_judged())

    assert line.who == "Someone of 3"
