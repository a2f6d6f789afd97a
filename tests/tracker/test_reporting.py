"""Reporting, on every database: the asker's own messages, as the question wants them."""

from collections.abc import Sequence

from tests.makers import a_hit, a_judged, a_sent_copy, a_sent_message, a_summary, a_verdict, after, an_account
from tests.ports.givens import given_account, given_message, judged_hit, recorded
from tracker.model import Account, Cause, Copy, Judged, Message, Recipient, Summary
from tracker.ports import Report, Store
from tracker.questions import Question, QuestionKind
from tracker.reporting import SHOWN, Answer, Reporting, TimelineLine

LATEST = Question(QuestionKind.LATEST)


UNOPENED = Question(QuestionKind.UNOPENED, days=3)


NOW = after(days=4)


async def _sent(store: Store, account: Account, summary: Summary | None = None, **facts: object) -> Message:
    message = a_sent_message(account_id=account.id, **facts)
    copy = a_sent_copy(message_id=message.id)
    await store.messages.begin(message, [copy])
    if summary:
        await store.hits.record([recorded(copy, summary=summary)])
    return message


async def _asked(store: Store, account: Account, question: Question) -> Answer:
    return await Reporting(store.messages, store.hits).answer([account], question, NOW)


def _ids(answer: Answer) -> list[str]:
    return [report.message.id for report in answer.reports]


async def test_a_list_that_goes_on_says_so(store: Store) -> None:
    account = await given_account(store)
    for number in range(SHOWN + 1):
        await _sent(store, account, created_at=after(number))

    answer = await _asked(store, account, LATEST)

    assert (len(answer.reports), answer.more, answer.story) == (SHOWN, True, None)


async def test_a_list_that_just_fits_is_whole(store: Store) -> None:
    account = await given_account(store)
    for _ in range(SHOWN):
        await _sent(store, account)

    assert not (await _asked(store, account, LATEST)).more


async def test_messages_of_others_are_never_told(store: Store) -> None:
    mine, theirs = await given_account(store), await given_account(store)
    await _sent(store, theirs)

    assert [_ids(await _asked(store, mine, question)) for question in (LATEST, UNOPENED)] == [[], []]


async def test_what_waits_long_enough_and_was_not_read_is_unopened(store: Store) -> None:
    account = await given_account(store)
    waiting = await _sent(store, account, a_summary(machines=1, unsure=1))
    await _sent(store, account, a_summary(opens=1))
    await _sent(store, account, a_summary(clicks=1))
    await _sent(store, account, sent_at=after(days=1, seconds=1))
    await _sent(store, account, untracked="This mail has plain text only.")

    assert _ids(await _asked(store, account, UNOPENED)) == [waiting.id]


async def test_a_message_of_exactly_that_age_is_unopened(store: Store) -> None:
    account = await given_account(store)
    message = await _sent(store, account, sent_at=after(days=1))

    assert _ids(await _asked(store, account, UNOPENED)) == [message.id]


async def test_a_search_that_finds_one_message_tells_its_story(store: Store) -> None:
    account = await given_account(store)
    message = await _sent(store, account, subject="Lunch")
    await _sent(store, account, subject="Dinner")

    answer = await _asked(store, account, Question(QuestionKind.MATCHING, ("lunch",)))

    assert answer.story
    assert answer.story.report.message.id == message.id


async def test_a_search_that_finds_two_messages_lists_them(store: Store) -> None:
    account = await given_account(store)
    for _ in range(2):
        await _sent(store, account, subject="Lunch")

    answer = await _asked(store, account, Question(QuestionKind.MATCHING, ("lunch",)))

    assert (len(answer.reports), answer.story) == (2, None)


async def test_a_single_latest_message_is_a_list_all_the_same(store: Store) -> None:
    account = await given_account(store)
    await _sent(store, account)

    assert (await _asked(store, account, LATEST)).story is None


async def test_a_story_tells_the_hits_of_all_copies_latest_first_each_with_its_reason(store: Store) -> None:
    given = await given_message(store, copies=2)
    one, other = given.copies
    early = judged_hit(one, at=after(10), verdict={"cause": Cause.SCANNER, "reason": "method_head"})
    late = judged_hit(other, at=after(20))
    await store.hits.record([recorded(one, early), recorded(other, late)])

    story = await Reporting(store.messages, store.hits).story(given.message.id)

    assert story
    assert [(line.at, line.what, line.counts) for line in story.timeline] == [
        (after(20), "Opened", True),
        (after(10), "Checked by a machine", False),
    ]
    assert story.timeline[1].reason == "a program asked whether it is there, without loading it"


async def test_a_message_that_is_gone_has_no_story(store: Store) -> None:
    assert await Reporting(store.messages, store.hits).story("no-such-message") is None


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

    async def timeline(self, copy_id: str, latest: int | None = None) -> Sequence[Judged]:
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
