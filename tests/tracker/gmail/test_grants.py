"""Access tokens: fetched once, renewed quietly, and what happens when the grant is gone."""

import asyncio
import traceback
from datetime import timedelta

import pytest

from tests.makers import NOON, an_account
from tests.standins.gmail import GmailStandin
from tests.standins.gmail_caller import SENDER, a_mail
from tests.tracker.gmail.desk import TOKEN, Desk, open_desk
from tracker.gmail.mailers import GoogleMailers
from tracker.mailbox import NotGranted
from tracker.model import AccountState
from tracker.ports import NotAuthorized, Refused, TryLater, Undone

COMPOSE = "https://www.googleapis.com/auth/gmail.compose"


async def test_twenty_calls_at_once_fetch_one_token(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())

    await asyncio.gather(*(desk.mailer.draft(draft_id) for _ in range(20)))

    assert desk.asked(TOKEN) == 1


async def test_twenty_calls_with_a_stale_token_fetch_one_new_one(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    await desk.mailer.draft(draft_id)
    desk.gmail.forget_access(SENDER)

    await asyncio.gather(*(desk.mailer.draft(draft_id) for _ in range(20)))

    assert desk.asked(TOKEN) == 2


async def test_twenty_calls_share_one_failure_too():
    async with open_desk(delays=()) as desk:
        desk.gmail.faults.fail(TOKEN, 503, times=20)

        said = await asyncio.gather(*(desk.mailer.draft("r1") for _ in range(20)), return_exceptions=True)

    assert {type(failure) for failure in said} == {Undone}
    assert desk.asked(TOKEN) == 1


async def test_a_token_is_renewed_before_it_ends():
    times = [NOON]
    async with open_desk(standin=GmailStandin(clock=lambda: times[-1])) as desk:
        draft_id = desk.gmail.save_draft(SENDER, a_mail())
        await desk.mailer.draft(draft_id)
        times.append(NOON + timedelta(seconds=3590))

        await desk.mailer.draft(draft_id)

    assert [called for called, _ in desk.gmail.calls].count("gmail.users.drafts.get") == 2
    assert desk.asked(TOKEN) == 2


async def test_a_revoked_grant_wants_its_owner(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    await desk.mailer.draft(draft_id)
    desk.gmail.revoke(SENDER)

    with pytest.raises(NotAuthorized, match="connect it again"):
        await desk.mailer.send_draft(draft_id, a_mail(), None)


async def test_a_mailbox_that_was_connected_again_works_at_once(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.revoke(SENDER)
    with pytest.raises(NotAuthorized):
        await desk.mailer.draft(draft_id)

    for account_id in desk.grants:
        desk.grants[account_id] = desk.gmail.add_mailbox(SENDER)

    assert (await desk.mailer.draft(draft_id)).id == draft_id


async def test_a_token_that_stays_refused_wants_the_owner(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.fail("gmail.users.drafts.get", 401, "authError", times=2)

    with pytest.raises(NotAuthorized):
        await desk.mailer.draft(draft_id)

    assert desk.asked(TOKEN) == 2


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_token_endpoint_in_trouble_is_waited_out(desk: Desk, status: int):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.fail(TOKEN, status, times=2)

    assert (await desk.mailer.draft(draft_id)).id == draft_id
    assert desk.asked(TOKEN) == 3


async def test_a_wrong_client_is_the_operators_affair(desk: Desk):
    async def refresh_token(account_id: str) -> str:
        return "1//anything"

    wrong = GoogleMailers("nobody", "nothing", desk.served.api_url, desk.served.token_url, refresh_token)
    mailer = await wrong.of(an_account())

    with pytest.raises(Refused, match="GOOGLE_CLIENT_ID"):
        await mailer.draft("r1")

    await wrong.close()


async def test_an_account_to_be_reconnected_gets_no_mailer(desk: Desk):
    with pytest.raises(NotAuthorized):
        await desk.mailers.of(an_account(state=AccountState.RECONNECT))


async def test_an_unreadable_grant_is_known_before_anything_is_begun(desk: Desk):
    async def refresh_token(account_id: str) -> str:
        raise NotAuthorized("no key decrypts it")

    mailers = GoogleMailers("id", "secret", desk.served.api_url, desk.served.token_url, refresh_token)

    with pytest.raises(NotAuthorized):
        await mailers.of(an_account())


async def test_no_failure_shows_a_secret(desk: Desk):
    secrets = [desk.gmail.client_secret, *desk.grants.values()]
    desk.gmail.faults.drop_before(TOKEN, times=5)

    with pytest.raises(TryLater) as failure:
        await desk.mailer.draft("r1")

    shown = "".join(traceback.format_exception(failure.value)) + repr(vars(failure.value))
    assert not any(secret in shown for secret in secrets)


async def test_a_late_refusal_of_the_old_token_does_not_spoil_the_new_one(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    await desk.mailer.draft(draft_id)
    desk.gmail.forget_access(SENDER)
    desk.gmail.faults.slow("gmail.users.drafts.get", 0.1)
    late = asyncio.create_task(desk.mailer.draft(draft_id))
    await asyncio.sleep(0.02)
    await desk.mailer.draft(draft_id)

    assert (await late).id == draft_id
    assert desk.asked(TOKEN) == 2


async def test_what_the_owner_consented_to_since_counts_at_once(desk: Desk):
    [account_id] = desk.grants
    desk.grants[account_id] = desk.gmail.add_mailbox(SENDER, scopes=[COMPOSE])
    with pytest.raises(NotGranted):
        await desk.mailer.labels()

    desk.grants[account_id] = desk.gmail.add_mailbox(SENDER)

    assert await desk.mailer.labels()


async def test_a_fresh_token_that_allows_too_little_is_no_reason_to_fetch_another(desk: Desk):
    [account_id] = desk.grants
    desk.grants[account_id] = desk.gmail.add_mailbox(SENDER, scopes=[COMPOSE])

    with pytest.raises(NotGranted):
        await desk.mailer.labels()

    assert desk.asked(TOKEN) == 1
