"""Following goes on from where it was left, and nothing that one mail or mailbox holds stops it."""

from dataclasses import replace
from typing import Any

import pytest

from tests.tracker.syncing.conftest import Desk
from tracker.model import AccountState, AlertKind
from tracker.ports import Mailers, TryLater
from tracker.syncing.use import MOST_LOOKED_AT


async def test_what_was_handled_is_not_looked_at_again(desk: Desk) -> None:
    await desk.sent()
    desk.answered()
    await desk.follow()

    assert await desk.follow() == 0


async def test_a_mark_that_is_too_old_is_replaced_and_nothing_is_missed(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    native, draft_id = await desk.composed(to="bob@acme.example")
    desk.gmail.press_send(desk.account.email, draft_id)
    desk.answered()
    desk.gmail.forget_history(desk.account.email)

    await desk.follow()

    assert (await desk.summary(copy)).replied_at
    assert (await desk.copy(native.id)).armed
    assert await desk.follow() == 0


async def test_what_comes_while_the_mailbox_is_looked_through_is_not_missed(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.gmail.forget_history(desk.account.email)
    mailboxes = Watching(desk.office.mailers, "since", lambda: desk.answered())

    await desk.syncing(mailboxes=mailboxes).follow(desk.account)
    await desk.follow()

    assert (await desk.summary(copy)).replied_at


async def test_a_mailbox_of_years_costs_what_a_busy_week_costs(desk: Desk) -> None:
    await desk.sent()
    desk.gmail.fill(desk.account.email, 20_000)
    desk.gmail.calls.clear()

    await desk.follow()

    assert len(desk.gmail.calls) < MOST_LOOKED_AT


async def test_a_mailbox_without_tracked_mail_is_not_looked_through(desk: Desk) -> None:
    desk.written()
    desk.gmail.forget_history(desk.account.email)
    desk.gmail.calls.clear()

    await desk.follow()

    assert [name.removeprefix("gmail.users.") for name, _ in desk.gmail.calls] == [
        "history.list",
        "drafts.list",
        "getProfile",
    ]


async def test_deleting_a_mail_in_gmail_loses_nothing(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    before = await desk.copy(copy.id)
    desk.gmail.delete(desk.account.email, str(before.gmail_id))

    await desk.follow()

    assert await desk.copy(copy.id) == replace(before, gmail_id=None)


async def test_a_mail_deleted_before_it_was_looked_at_is_passed_over(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.written()
    [latest, *_] = desk.gmail.mailboxes[desk.account.email].labelled("INBOX")
    desk.gmail.delete(desk.account.email, latest.id)
    desk.answered()

    await desk.follow()

    assert (await desk.summary(copy)).replied_at


async def test_a_mail_that_fails_three_times_keeps_no_other_waiting(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.written()
    [bad, *_] = desk.gmail.mailboxes[desk.account.email].labelled("INBOX")
    desk.answered()
    syncing = desk.syncing(mailboxes=Failing(desk.office.mailers, bad.id, ValueError("unforeseen")))

    for _ in range(2):
        with pytest.raises(ValueError, match="unforeseen"):
            await syncing.follow(desk.account)
    await syncing.follow(desk.account)

    assert (await desk.summary(copy)).replied_at


async def test_a_mail_that_gmail_alone_cannot_give_is_passed_over_too(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.written()
    [bad, *_] = desk.gmail.mailboxes[desk.account.email].labelled("INBOX")
    desk.answered()
    syncing = desk.syncing(mailboxes=Failing(desk.office.mailers, bad.id, TryLater("backend error")))

    for _ in range(3):
        await desk.rounds(syncing)

    assert (await desk.summary(copy)).replied_at


async def test_an_outage_passes_nothing_over(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.answered()
    syncing = desk.syncing(mailboxes=Failing(desk.office.mailers, None, TryLater("Gmail is away")))
    for _ in range(5):
        with pytest.raises(TryLater):
            await syncing.follow(desk.account)

    await desk.follow()

    assert (await desk.summary(copy)).replied_at


async def test_a_withdrawn_grant_ends_following_and_is_told(desk: Desk) -> None:
    desk.gmail.revoke(desk.account.email)
    desk.gmail.forget_access(desk.account.email)

    await desk.rounds()

    account = await desk.store.accounts.by_id(desk.account.id)
    assert account
    assert account.state is AccountState.RECONNECT
    assert await desk.told() == [AlertKind.RECONNECT]


async def test_a_grant_to_send_alone_follows_nothing_and_is_no_fault(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    scope = "https://www.googleapis.com/auth/gmail.send"
    account = await desk.store.accounts.add(desk.account, desk.gmail.add_mailbox(desk.account.email, scopes=[scope]))
    desk.gmail.forget_access(account.email)
    syncing = desk.syncing()

    await desk.rounds(syncing)

    again = await desk.store.accounts.by_id(account.id)
    assert again
    assert again.state is AccountState.CONNECTED
    assert "mailbox_not_followed" in capsys.readouterr().out


class Watching:
    """Every account's Gmail, where something happens right after one method was asked for the first time."""

    def __init__(self, inner: Mailers, method: str, happens: Any) -> None:
        self._inner, self._method, self._happens = inner, method, happens

    async def of(self, account: Any) -> Any:
        return _Watched(await self._inner.of(account), self._method, self._once)

    def _once(self) -> None:
        happens, self._happens = self._happens, lambda: None
        happens()


class _Watched:
    def __init__(self, inner: Any, method: str, happens: Any) -> None:
        self._inner, self._method, self._happens = inner, method, happens

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        async def watched(*arguments: Any) -> Any:
            answer = await method(*arguments)
            if name == self._method:
                self._happens()
            return answer

        return watched


class Failing:
    """Every account's Gmail, where looking at one mail fails; without its name, everything does."""

    def __init__(self, inner: Mailers, gmail_id: str | None, failure: Exception) -> None:
        self._inner, self._gmail_id, self._failure = inner, gmail_id, failure

    async def of(self, account: Any) -> Any:
        return _Failing(await self._inner.of(account), self._gmail_id, self._failure)


class _Failing:
    def __init__(self, inner: Any, gmail_id: str | None, failure: Exception) -> None:
        self._inner, self._gmail_id, self._failure = inner, gmail_id, failure

    def __getattr__(self, name: str) -> Any:
        async def failing(*arguments: Any) -> Any:
            everything = self._gmail_id is None and name != "history"
            if everything or (name == "message" and arguments[0] == self._gmail_id):
                raise self._failure
            return await getattr(self._inner, name)(*arguments)

        return failing
