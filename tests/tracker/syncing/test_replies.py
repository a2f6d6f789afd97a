"""A person's reply is noted and told once; programs, and the sender themselves, are no repliers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.tracker.syncing.conftest import ADA, Desk
from tracker.clock import utc_now
from tracker.following import AnswerKind
from tracker.model import AlertKind


async def test_a_reply_is_noted_with_its_moment_and_author(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.answered()

    await desk.follow()

    [answer] = await desk.answers(copy)
    assert (answer.kind, answer.who) == (AnswerKind.REPLY, ADA)
    assert (await desk.summary(copy)).replied_at == answer.at


async def test_a_reply_is_told_once_however_many_follow(desk: Desk) -> None:
    await desk.sent()
    desk.answered()
    await desk.follow()
    desk.answered(text="And another thing.")
    await desk.follow()

    assert await desk.told() == [AlertKind.REPLIED]


async def test_a_reply_belongs_to_the_copy_it_answers(desk: Desk) -> None:
    _, [for_ada, for_bob] = await desk.sent(f"{ADA}, bob@acme.example", per_recipient=True)
    desk.answered("bob@acme.example")

    await desk.follow()

    assert (await desk.summary(for_ada)).replied_at is None
    assert (await desk.summary(for_bob)).replied_at


async def test_an_answer_under_another_subject_is_found_by_what_it_names(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.written(In_Reply_To=str((await desk.copy(copy.id)).rfc_message_id))

    await desk.follow()

    assert (await desk.summary(copy)).replied_at


async def test_a_colleague_in_the_conversation_counts_as_a_reply(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.written("carl@acme.example", References=str((await desk.copy(copy.id)).rfc_message_id))

    await desk.follow()

    assert [answer.who for answer in await desk.answers(copy)] == ["carl@acme.example"]


async def test_a_mail_about_nothing_of_ours_is_no_reply(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.written()

    await desk.follow()

    assert await desk.answers(copy) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner=x"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"Subject": "Automatic reply: Q3 proposal"},
        {"Subject": "Out of the office"},
        {"Subject": "Abwesenheitsnotiz"},
        {"Subject": "=?utf-8?q?R=C3=A9ponse_automatique?= : Q3"},
    ],
)
async def test_what_a_program_answers_is_no_reply(desk: Desk, headers: dict[str, str]) -> None:
    _, [copy] = await desk.sent()
    desk.written(In_Reply_To=str((await desk.copy(copy.id)).rfc_message_id), **headers)

    await desk.follow()

    assert (await desk.summary(copy)).replied_at is None
    assert await desk.told() == []


async def test_auto_submitted_no_is_a_person(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.written(In_Reply_To=str((await desk.copy(copy.id)).rfc_message_id), Auto_Submitted="no")

    await desk.follow()

    assert (await desk.summary(copy)).replied_at


async def test_the_sender_writing_on_in_the_conversation_is_no_reply(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.gmail.reply(desk.account.email, str((await desk.copy(copy.id)).gmail_id), "One more thing.")

    await desk.follow()

    assert await desk.answers(copy) == []


async def test_the_sender_writing_from_another_address_of_theirs_is_no_reply(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.gmail.add_alias(desk.account.email, "me@private.example")
    desk.written("me@private.example", In_Reply_To=str((await desk.copy(copy.id)).rfc_message_id))

    await desk.follow()

    assert await desk.answers(copy) == []


async def test_after_its_sender_stopped_a_message_its_replies_are_let_be(desk: Desk) -> None:
    message, [copy] = await desk.sent()
    await desk.store.messages.stop(message.id, utc_now())
    desk.answered()

    await desk.follow()

    assert await desk.answers(copy) == []


async def test_a_mail_from_before_ours_in_the_conversation_is_no_reply(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    sent = await desk.copy(copy.id)
    desk.answered()
    later = utc_now() + timedelta(minutes=1)
    await desk.store.messages.arm(replace(sent, sent_at=later))

    await desk.follow()

    assert await desk.answers(copy) == []
