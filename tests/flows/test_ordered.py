"""What was ordered is sent by the worker at its time; what cannot be sent is told in Slack."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.flows.conftest import SENDER, Product, until
from tests.flows.test_main_line import a_mail
from tests.standins.gmail import StoredMessage


async def test_a_scheduled_draft_goes_out_tracked_and_a_deleted_one_is_told(product: Product) -> None:
    kept, deleted = (product.gmail.save_draft(SENDER, a_mail(subject)) for subject in ("Kept", "Deleted"))
    at = datetime.now(UTC) + timedelta(seconds=10)  # a busy machine takes as long to start the command
    send = ("send", "--account", SENDER, "--at", at.isoformat(), "--draft")
    await asyncio.gather(*(product.twotick(*send, draft) for draft in (kept, deleted)))
    product.gmail.delete_draft(SENDER, deleted)

    await until(lambda: _sent(product), "the kept draft goes out", 30)
    await until(lambda: len(product.dm()) == 1, "the sender is told of the other")

    assert datetime.now(UTC) >= at
    assert b"/o/" in _sent(product)[0].raw
    assert "not sent: The draft is no longer in Gmail" in product.dm()[0]["text"]


def _sent(product: Product) -> list[StoredMessage]:
    return list(product.gmail.mailboxes[SENDER].labelled("SENT"))
