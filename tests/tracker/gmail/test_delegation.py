"""The operator's service account acts for mailboxes: what Google is shown, and what its refusals mean for whom."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.makers import NOON, an_account
from tests.standins.gmail import GmailStandin, start_gmail
from tests.standins.gmail_caller import SENDER
from tests.standins.gmail_signing import foreign_key
from tracker.gmail.asking import Patience
from tracker.gmail.delegation import SCOPES
from tracker.gmail.mailers import GoogleMailers
from tracker.mailbox import Mailbox
from tracker.model import Profile
from tracker.ports import NotAuthorized, Refused, TryLater
from tracker.service_account import ServiceAccount, service_account_in

ROBOT = "robot@project.iam.gserviceaccount.com"
TOKEN = "oauth2.token"


async def no_grant(account_id: str) -> str:
    raise AssertionError("a delegated mailbox has no grant of its own")


@pytest.fixture
def gmail() -> GmailStandin:
    gmail = GmailStandin()
    gmail.add_mailbox(SENDER)
    return gmail


def _key_of(folder: Path, key_file: str) -> ServiceAccount:
    (folder / "key.json").write_text(key_file)
    account = service_account_in(folder)("key.json")
    assert account
    return account


@asynccontextmanager
async def acting(
    gmail: GmailStandin, account: ServiceAccount | None, email: str = SENDER, ahead: timedelta = timedelta(0)
) -> AsyncIterator[Mailbox]:
    """The mailbox of somebody, by the service account; `ahead` is how wrong our clock is."""
    async with start_gmail(gmail) as served:
        mailers = GoogleMailers(
            "",
            "",
            served.api_url,
            served.token_url,
            no_grant,
            clock=lambda: gmail.clock() + ahead,
            patience=Patience(delays=()),
            service_account=account,
        )
        try:
            yield await mailers.of(an_account(email=email, profile=Profile.FULL, delegated=True))
        finally:
            await mailers.close()


async def test_the_mailbox_is_the_persons(gmail: GmailStandin, tmp_path: Path) -> None:
    account = _key_of(tmp_path, gmail.grants.service_accounts.add(ROBOT, SCOPES))

    async with acting(gmail, account) as mailbox:
        assert (await mailbox.profile()).email == SENDER
        assert [label.own for label in await mailbox.labels()]


async def test_a_token_is_fetched_once_and_again_when_it_ends(tmp_path: Path) -> None:
    times = [NOON]
    gmail = GmailStandin(clock=lambda: times[-1])
    gmail.add_mailbox(SENDER)
    account = _key_of(tmp_path, gmail.grants.service_accounts.add(ROBOT, SCOPES))
    async with acting(gmail, account) as mailbox:
        await mailbox.profile()
        await mailbox.profile()
        times.append(NOON + timedelta(minutes=59, seconds=30))

        await mailbox.profile()

    assert [called for called, _ in gmail.calls].count(TOKEN) == 2


async def test_a_domain_that_does_not_let_it_in_is_named_with_what_is_missing(
    gmail: GmailStandin, tmp_path: Path
) -> None:
    readonly = "https://www.googleapis.com/auth/gmail.readonly"
    account = _key_of(tmp_path, gmail.grants.service_accounts.add(ROBOT, [readonly]))

    async with acting(gmail, account) as mailbox:
        with pytest.raises(NotAuthorized, match=f"client id {account.client_id} needs the scope .*gmail\\.modify"):
            await mailbox.profile()


async def test_somebody_whom_the_domain_does_not_have_is_named(gmail: GmailStandin, tmp_path: Path) -> None:
    account = _key_of(tmp_path, gmail.grants.service_accounts.add(ROBOT, SCOPES))

    async with acting(gmail, account, "nobody@sender.example") as mailbox:
        with pytest.raises(NotAuthorized, match=r"no mailbox nobody@sender\.example"):
            await mailbox.profile()


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(hours=-2)])
async def test_a_wrong_clock_is_the_operators_affair_and_no_end_of_a_grant(
    gmail: GmailStandin, tmp_path: Path, ahead: timedelta
) -> None:
    account = _key_of(tmp_path, gmail.grants.service_accounts.add(ROBOT, SCOPES))

    async with acting(gmail, account, ahead=ahead) as mailbox:
        with pytest.raises(Refused, match="this machine's clock"):
            await mailbox.profile()


async def test_a_key_that_google_does_not_know_is_the_operators_affair(gmail: GmailStandin, tmp_path: Path) -> None:
    told = json.loads(gmail.grants.service_accounts.add(ROBOT, SCOPES))
    account = _key_of(tmp_path, json.dumps({**told, "private_key": foreign_key().pem}))

    async with acting(gmail, account) as mailbox:
        with pytest.raises(Refused, match="GOOGLE_SERVICE_ACCOUNT_FILE"):
            await mailbox.profile()


async def test_without_the_key_file_the_operator_is_told_and_the_mailbox_stays(gmail: GmailStandin) -> None:
    async with acting(gmail, None) as mailbox:
        with pytest.raises(Refused, match="should set GOOGLE_SERVICE_ACCOUNT_FILE"):
            await mailbox.profile()


async def test_a_google_that_is_away_is_asked_later(gmail: GmailStandin, tmp_path: Path) -> None:
    account = _key_of(tmp_path, gmail.grants.service_accounts.add(ROBOT, SCOPES))
    gmail.faults.fail(TOKEN, 503)

    async with acting(gmail, account) as mailbox:
        with pytest.raises(TryLater):
            await mailbox.profile()
