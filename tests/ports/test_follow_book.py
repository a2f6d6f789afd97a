"""What every FollowBook promises."""

from dataclasses import replace

from tests.makers import after, an_alert
from tests.ports.givens import Given, given_account, given_message
from tracker.following import Answer, AnswerKind, Followed, LookThrough
from tracker.model import AlertKind, Copy
from tracker.ports import Store

FIRST, SECOND, OTHER = Followed("1", after(1)), Followed("2", after(2)), Followed("3", after(3))


async def armed(store: Store, given: Given, **facts: str) -> Copy:
    sent = {"gmail_id": "g1", "thread_id": "t1", "rfc_message_id": "<1@mail.example>", **facts}
    copy = replace(given.copy, sent_at=after(0), **sent)
    await store.messages.arm(copy)
    return copy


async def noted(store: Store, given: Given) -> Answer:
    answer = Answer(given.copy.id, "g9", AnswerKind.BOUNCE, "ada@acme.example", after(9), "no such address")
    about = {"account_id": given.account.id, "message_id": given.message.id, "copy_id": given.copy.id}
    await store.following.note(answer, an_alert(kind=AlertKind.BOUNCED, key="bounced", **about))
    return answer


async def test_a_new_account_is_followed_from_nowhere(store: Store) -> None:
    account = await given_account(store)

    assert await store.following.where(account.id) == Followed()


async def test_how_far_an_account_is_followed_is_remembered(store: Store) -> None:
    account = await given_account(store)

    await store.following.keep(account.id, Followed(), FIRST)

    assert await store.following.where(account.id) == FIRST


async def test_of_two_who_went_on_from_one_mark_the_first_is_kept(store: Store) -> None:
    account = await given_account(store)
    await store.following.keep(account.id, Followed(), FIRST)
    await store.following.keep(account.id, FIRST, SECOND)

    await store.following.keep(account.id, FIRST, OTHER)

    assert await store.following.where(account.id) == SECOND


async def test_connecting_again_forgets_nothing_of_it(store: Store) -> None:
    account = await given_account(store)
    await store.following.keep(account.id, Followed(), FIRST)

    await store.accounts.add(account, "another grant")

    assert await store.following.where(account.id) == FIRST


async def test_a_copy_is_found_for_its_account_alone(store: Store) -> None:
    given, other = await given_message(store), await given_account(store)

    assert await store.following.copy(given.account.id, given.copy.id) == (given.message, given.copy)
    assert await store.following.copy(other.id, given.copy.id) is None


async def test_a_tagged_message_awaits_sending_until_it_is_finished_or_stopped(store: Store) -> None:
    given = await given_message(store)
    before = await store.following.awaited_since(given.account.id, after(-1))

    await store.messages.stop(given.message.id, after(1))

    assert before == given.message.created_at
    assert await store.following.awaited_since(given.account.id, after(-1)) is None


async def test_what_was_begun_too_long_ago_is_not_awaited_any_more(store: Store) -> None:
    given = await given_message(store)

    assert await store.following.awaited_since(given.account.id, after(1)) is None


async def test_a_mail_that_gmail_deleted_keeps_all_but_its_name_there(store: Store) -> None:
    given, other = await given_message(store), await given_message(store)
    copy, theirs = await armed(store, given), await armed(store, other)

    await store.following.deleted(given.account.id, ["g1"])

    assert await store.following.in_threads(given.account.id, ["t1"]) == [replace(copy, gmail_id=None)]
    assert await store.following.in_threads(other.account.id, ["t1"]) == [theirs]


async def test_a_look_through_a_mailbox_is_remembered_until_it_ends(store: Store) -> None:
    account = await given_account(store)
    look = LookThrough("7", after(3), after(-9), "g5", 25, 100)

    await store.following.note_look(account.id, look)
    under_way = await store.following.look_through(account.id)
    await store.following.keep(account.id, Followed(), FIRST)

    assert (under_way, await store.following.look_through(account.id)) == (look, None)


async def test_armed_copies_are_found_by_thread_and_by_message_id(store: Store) -> None:
    given = await given_message(store)
    copy = await armed(store, given)

    assert await store.following.in_threads(given.account.id, ["t1", "t2"]) == [copy]
    assert await store.following.with_message_ids(given.account.id, ["<1@mail.example>"]) == [copy]


async def test_nothing_of_another_account_is_found(store: Store) -> None:
    await armed(store, await given_message(store))
    other = await given_account(store)

    assert await store.following.in_threads(other.id, ["t1"]) == []
    assert await store.following.with_message_ids(other.id, ["<1@mail.example>"]) == []


async def test_no_names_find_nothing(store: Store) -> None:
    given = await given_message(store)

    assert await store.following.in_threads(given.account.id, []) == []


async def test_what_came_back_is_noted_once(store: Store) -> None:
    given = await given_message(store)

    answer = await noted(store, given)
    await noted(store, given)

    assert await store.following.answers(given.copy.id) == [answer]


async def test_what_came_back_is_told_once(store: Store) -> None:
    given = await given_message(store)
    await noted(store, given)
    await noted(store, given)

    [leased] = await store.alerts.lease(after(60), after(120), 10)

    assert [(alert.kind, leased.topic) for alert in leased.alerts] == [(AlertKind.BOUNCED, f"bounced:{given.copy.id}")]


async def test_what_came_back_about_a_forgotten_message_is_let_go(store: Store) -> None:
    given = await given_message(store)
    await store.messages.forget(after(hours=1))

    await noted(store, given)

    assert await store.following.answers(given.copy.id) == []


async def test_a_message_begun_since_then_is_known(store: Store) -> None:
    given = await given_message(store)

    assert await store.following.began_since(given.account.id, after(-1))
    assert not await store.following.began_since(given.account.id, after(1))
