"""The first look through a mailbox of years: bounded, told of, and gone on with after a crash."""

from datetime import timedelta
from typing import Any

import pytest

from tests.fuses import Fuse, Killed
from tests.standins.gmail import StoredMessage
from tests.tracker.sending.conftest import Office
from tests.tracker.syncing.conftest import Desk
from tracker.clock import utc_now
from tracker.syncing.looking import MOST_LOOKED_AT, NOTED_EVERY

GET = "gmail.users.messages.get"


@pytest.fixture
async def new_desk(office: Office) -> Desk:
    """A desk whose mailbox was never followed."""
    return Desk(office)


def received(desk: Desk, number: int) -> None:
    box = desk.gmail.mailboxes[desk.account.email]
    for place in range(number):
        raw = f"From: old{place}@old.example\r\nSubject: Old\r\nMessage-ID: <{place}@old.example>\r\n\r\nOld.\r\n"
        box.add(raw.encode(), ("INBOX",), desk.gmail.now_ms() - 60_000 + place, None)


def reads(desk: Desk) -> int:
    return [name for name, _ in desk.gmail.calls].count(GET)


async def test_a_hundred_thousand_sent_mails_are_not_read(new_desk: Desk) -> None:
    new_desk.gmail.fill(new_desk.account.email, 100_000)
    copy, draft_id = await new_desk.composed()
    new_desk.gmail.press_send(new_desk.account.email, draft_id)
    new_desk.gmail.calls.clear()

    await new_desk.follow()

    assert (await new_desk.copy(copy.id)).armed
    assert len(new_desk.gmail.calls) < 12


async def test_what_was_sent_before_a_mail_was_begun_is_not_read_for_it(new_desk: Desk) -> None:
    for number in range(10):
        _sent_before(new_desk, timedelta(hours=number + 1))
    await new_desk.composed()
    new_desk.gmail.calls.clear()

    await new_desk.follow()

    assert reads(new_desk) == 0


async def test_a_full_inbox_is_looked_at_as_far_as_five_hundred(new_desk: Desk) -> None:
    await new_desk.composed()
    received(new_desk, MOST_LOOKED_AT + 100)

    await new_desk.follow()

    assert reads(new_desk) == MOST_LOOKED_AT


async def test_a_look_that_was_killed_goes_on_where_it_was(new_desk: Desk) -> None:
    await new_desk.composed()
    received(new_desk, 120)
    with pytest.raises(Killed):
        await new_desk.follow(Fuse(400))
    under_way = await new_desk.store.following.look_through(new_desk.account.id)
    early = reads(new_desk)

    await new_desk.follow()

    assert under_way
    assert under_way.done >= NOTED_EVERY
    assert under_way.total == 120
    assert reads(new_desk) <= early + 120 - under_way.done
    assert (await new_desk.store.following.where(new_desk.account.id)).mark == under_way.mark
    assert await new_desk.store.following.look_through(new_desk.account.id) is None


async def test_what_is_deleted_from_under_a_look_that_was_killed_loses_nothing(new_desk: Desk) -> None:
    _, [copy] = await new_desk.sent()
    received(new_desk, 60)
    with pytest.raises(Killed):
        await new_desk.follow(Fuse(250))
    under_way = await new_desk.store.following.look_through(new_desk.account.id)
    assert under_way
    new_desk.gmail.delete(new_desk.account.email, under_way.last)
    new_desk.answered()

    await new_desk.follow()

    assert (await new_desk.summary(copy)).replied_at


async def test_how_far_it_came_is_in_the_log(new_desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    await new_desk.composed()
    received(new_desk, 60)

    await new_desk.follow()

    lines = [line for line in capsys.readouterr().out.splitlines() if "mailbox_look " in line]
    assert [("done=25" in line, "of=60" in line) for line in lines] == [(True, True), (False, True), (False, True)]


async def test_a_window_that_was_never_sent_is_not_awaited_for_ever(new_desk: Desk) -> None:
    _, draft_id = await new_desk.composed()
    new_desk.gmail.delete_draft(new_desk.account.email, draft_id)
    await new_desk.follow()
    new_desk.gmail.send(new_desk.account.email, b"To: ada@acme.example\r\nSubject: Else\r\n\r\nHello.\r\n")
    new_desk.gmail.calls.clear()

    clock: Any = lambda: utc_now() + timedelta(days=31)  # noqa: E731
    await new_desk.syncing(clock=clock).follow(new_desk.account)

    assert reads(new_desk) == 0


def _sent_before(desk: Desk, ago: timedelta) -> None:
    now_ms = desk.gmail.now_ms() - int(ago.total_seconds() * 1000)
    name = f"{now_ms:016x}"
    raw = b"To: ada@acme.example\r\nSubject: Old\r\n\r\nOld.\r\n"
    box = desk.gmail.mailboxes[desk.account.email]
    box.keep(StoredMessage(name, name, ("SENT",), raw, now_ms, box.history_id), f"<{name}@old.example>")
