"""Reporting, on every database: the asker's own messages, as the question wants them."""

from tests.makers import a_sent_copy, a_sent_message, a_summary, after
from tests.ports.givens import given_account, given_message, judged_hit, recorded
from tracker.model import Account, Cause, Message, Summary
from tracker.ports import Store
from tracker.questions import Question, QuestionKind
from tracker.reporting import SHOWN, Answer, Reporting

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
