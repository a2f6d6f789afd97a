"""What our client makes of Gmail's bad days."""

import asyncio
from datetime import timedelta

import pytest

from tests.makers import NOON
from tests.standins.gmail import GmailStandin
from tests.standins.gmail_caller import SENDER, a_mail
from tests.tracker.gmail.desk import CREATE, GET, SEND, TOKEN, Desk, open_desk
from tracker.ports import Refused, TryLater


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (429, "rateLimitExceeded"),
        (403, "rateLimitExceeded"),
        (403, "userRateLimitExceeded"),
        (500, "backendError"),
        (503, ""),
        (502, ""),
    ],
)
async def test_a_passing_refusal_is_waited_out(desk: Desk, status: int, reason: str):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.fail(GET, status, reason, times=2)

    draft = await desk.mailer.draft(draft_id)

    assert draft.id == draft_id
    assert desk.waited == [0.5, 1.0]


async def test_patience_ends(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.fail(GET, 503, "backendError", times=5)

    with pytest.raises(TryLater, match="trouble right now"):
        await desk.mailer.draft(draft_id)

    assert desk.waited == [0.5, 1.0, 2.0, 4.0]


async def test_gmails_own_word_about_when_to_come_back_is_kept(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.fail(GET, 429, "rateLimitExceeded", headers={"Retry-After": "7"})

    await desk.mailer.draft(draft_id)

    assert desk.waited == [7.0]


async def test_a_wait_beyond_our_patience_is_left_to_the_caller(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.fail(GET, 429, "rateLimitExceeded", headers={"Retry-After": "3600"})

    with pytest.raises(TryLater, match="slow down"):
        await desk.mailer.draft(draft_id)

    assert desk.waited == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("forbidden", "does not allow"),
        ("insufficientPermissions", "connect the mailbox again"),
        ("domainPolicy", "administrator"),
        ("accessNotConfigured", "not switched on"),
    ],
)
async def test_a_forbidden_thing_is_refused_once_and_for_all(desk: Desk, reason: str, words: str):
    desk.gmail.faults.fail(GET, 403, reason)

    with pytest.raises(Refused, match=words):
        await desk.mailer.draft(desk.gmail.save_draft(SENDER, a_mail()))

    assert desk.asked(GET) == 1


async def test_a_spent_daily_limit_is_left_to_the_caller(desk: Desk):
    desk.gmail.faults.fail(GET, 403, "dailyLimitExceeded")

    with pytest.raises(TryLater, match="today"):
        await desk.mailer.draft(desk.gmail.save_draft(SENDER, a_mail()))

    assert desk.asked(GET) == 1


async def test_a_cut_connection_is_tried_again_when_reading(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.drop_before(GET)

    assert (await desk.mailer.draft(draft_id)).id == draft_id


async def test_a_silent_gmail_is_given_up_in_time():
    async with open_desk(seconds=0.1, delays=(0.0,)) as desk:
        draft_id = desk.gmail.save_draft(SENDER, a_mail())
        desk.gmail.faults.hang(GET, times=2)

        with pytest.raises(TryLater, match="did not answer"):
            await desk.mailer.draft(draft_id)


async def test_a_slow_answer_is_still_an_answer(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.slow(GET, 0.05)

    assert (await desk.mailer.draft(draft_id)).id == draft_id


async def test_a_send_that_was_accepted_but_not_answered_is_not_repeated(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.drop_after(SEND)

    with pytest.raises(TryLater):
        await desk.mailer.send_draft(draft_id, a_mail("The mark"), None)

    assert desk.asked(SEND) == 1
    assert await desk.mailer.find_sent(desk.gmail.clock(), ["The mark"])


async def test_a_send_that_was_cut_before_it_was_accepted_is_not_repeated_either(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.drop_before(SEND)

    with pytest.raises(TryLater):
        await desk.mailer.send_draft(draft_id, a_mail("The mark"), None)

    assert desk.asked(SEND) == 1
    assert await desk.mailer.find_sent(desk.gmail.clock(), ["The mark"]) is None


@pytest.mark.parametrize("method", [SEND, CREATE])
async def test_trouble_at_gmails_end_never_makes_two_of_anything(desk: Desk, method: str):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.fail(method, 503, "backendError")

    with pytest.raises(TryLater):
        await (
            desk.mailer.send_draft(draft_id, a_mail(), None)
            if method == SEND
            else desk.mailer.create_draft(a_mail(), None)
        )

    assert desk.asked(method) == 1


async def test_a_send_refused_for_its_rate_is_repeated_as_nothing_was_done(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.fail(SEND, 429, "rateLimitExceeded")

    await desk.mailer.send_draft(draft_id, a_mail(), None)

    assert desk.asked(SEND) == 2
    assert len(desk.box.labelled("SENT")) == 1


async def test_a_send_waits_for_a_token_endpoint_in_trouble():
    times = [NOON]
    async with open_desk(standin=GmailStandin(clock=lambda: times[-1])) as desk:
        draft_id = desk.gmail.save_draft(SENDER, a_mail())
        await desk.mailer.draft(draft_id)
        times.append(NOON + timedelta(hours=2))
        desk.gmail.faults.drop_before(TOKEN)

        await desk.mailer.send_draft(draft_id, a_mail(), None)

        assert len(desk.box.labelled("SENT")) == 1


async def test_a_cancelled_call_leaves_the_mailer_usable(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.hang(TOKEN)
    impatient = asyncio.create_task(desk.mailer.draft(draft_id))
    await asyncio.sleep(0.05)
    impatient.cancel()

    assert (await desk.mailer.draft(draft_id)).id == draft_id


async def test_an_answer_from_somebody_else_is_no_answer(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.garble(GET)

    with pytest.raises(TryLater, match="no sense"):
        await desk.mailer.draft(draft_id)


async def test_a_send_whose_answer_is_garbled_is_not_repeated(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.garble(SEND)

    with pytest.raises(TryLater):
        await desk.mailer.send_draft(draft_id, a_mail(), None)

    assert desk.asked(SEND) == 1


async def test_a_garbled_token_is_asked_for_again(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.garble(TOKEN)

    assert (await desk.mailer.draft(draft_id)).id == draft_id
