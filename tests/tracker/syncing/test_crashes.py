"""Killed between every two steps, following misses nothing and says nothing twice."""

import pytest

from tests.fuses import Fuse, Killed
from tests.tracker.syncing.conftest import ADA, Desk
from tracker.model import AlertKind, MessageState

MANY_STEPS = 300


async def _killed(desk: Desk, steps: int) -> bool:
    try:
        await desk.follow(Fuse(steps))
    except Killed:
        return True
    return False


@pytest.mark.parametrize("forgotten", [False, True])
async def test_after_a_crash_anywhere_all_is_noted_and_told_once(desk: Desk, forgotten: bool) -> None:
    for steps in range(MANY_STEPS):
        _emptied(desk)
        _, [copy] = await desk.sent(f"{ADA}, bob@nowhere.example", subject=f"Offer {steps}")
        native, draft_id = await desk.composed(f"w{steps}", to="carl@nowhere.example")
        desk.gmail.press_send(desk.account.email, draft_id)
        desk.answered()
        if forgotten:
            desk.gmail.forget_history(desk.account.email)

        killed = await _killed(desk, steps)
        await desk.follow()

        message = await desk.store.messages.get(native.message_id)
        assert message
        assert message.state is MessageState.SENT, f"after {steps} steps"
        assert (await desk.summary(copy)).replied_at, f"after {steps} steps"
        assert (await desk.summary(native)).bounced_at, f"after {steps} steps"
        assert len(await desk.answers(copy)) == 2, f"after {steps} steps"
        told = await desk.told()
        assert sorted(told) == [AlertKind.BOUNCED, AlertKind.BOUNCED, AlertKind.REPLIED], f"after {steps} steps"
        if not killed:
            return
    pytest.fail("following never came to its end")


def _emptied(desk: Desk) -> None:
    """Each round begins with an empty mailbox, and asks for nothing that the last one left."""
    for mail in list(desk.gmail.mailboxes[desk.account.email].messages):
        desk.gmail.delete(desk.account.email, mail)
