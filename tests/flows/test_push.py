"""Gmail pushes, and nobody polls: the whole story within seconds; and the same story with polling alone."""

import asyncio
import signal
import time

import pytest

from tests.flows.conftest import SENDER, Product, until
from tests.flows.test_addon import WINDOW, asked, inserted, sent
from tests.flows.test_main_line import ADA, a_mail
from tests.flows.test_syncing import said
from tests.standins.gmail import Topic
from tracker.web.addon import paths
from tracker.web.push import PATH

TOPIC = "projects/twotick-test/topics/gmail"
PUSHER = "push@twotick-test.iam.gserviceaccount.com"
CUE = SENDER.replace("@", "+twotick@")
NEVER = "3600"


async def restarted(product: Product, **environ: str) -> None:
    for name in ("worker", "web"):
        await product.end(name)
    product.environ |= environ
    await product.start_web()
    await product.start_worker()


async def pushed(product: Product) -> None:
    """From now on Gmail pushes, and a look without a push comes once an hour."""
    endpoint = product.environ["PUBLIC_URL"] + PATH
    product.gmail.add_topic(Topic(TOPIC, endpoint, endpoint, PUSHER))
    push = {"GMAIL_PUSH_TOPIC": TOPIC, "GMAIL_PUSH_ACCOUNT": PUSHER}
    await restarted(product, GMAIL_POLL_SECONDS=NEVER, DRAFT_QUIET_SECONDS="1", **push)
    await until(lambda: SENDER in product.gmail.watches.by_mailbox, "the mailbox is watched")


async def the_whole_story(product: Product) -> float:
    """Toggle, Gmail's own Send, opened, answered; how many seconds the answer took to reach Slack."""
    answer = await asked(product, paths.TRACK, on=["track"], window=WINDOW)
    draft = product.gmail.compose(SENDER, a_mail(), inserted(answer))
    product.gmail.press_send(SENDER, draft)
    await until(lambda: "sent_mail_armed" in product.log("worker"), "the sent mail is found")
    await asyncio.sleep(3.1)  # nobody opens a mail within three seconds
    await product.opened_by(ADA, "outlook")
    await until(lambda: said(product, 'Ada Lovelace opened "Q3 proposal"'), "the opening is told")
    [mail] = product.gmail.mailboxes[ADA].labelled("INBOX")
    begun = time.monotonic()
    product.gmail.reply(ADA, mail.id, "Yes, with pleasure.")
    await until(lambda: said(product, 'replied to "Q3 proposal"'), "the reply is told")
    assert len(product.dm()) == 2
    return time.monotonic() - begun


async def test_by_push_alone_the_whole_story_is_told_within_seconds(product: Product) -> None:
    await pushed(product)

    assert await the_whole_story(product) < 8  # on a machine that does much else; a second where it does not


async def test_by_polling_alone_it_is_the_same_story(product: Product) -> None:
    await the_whole_story(product)

    assert not product.gmail.watches.by_mailbox


@pytest.mark.parametrize("by", ["push", "polling"])
async def test_a_draft_with_a_bcc_to_twotick_goes_out_tracked(product: Product, by: str) -> None:
    await (pushed(product) if by == "push" else restarted(product, DRAFT_QUIET_SECONDS="1"))
    await asked(product, paths.PREFER, chosen={"undo_seconds": "5"}, setting="undo_seconds")

    product.gmail.save_draft(SENDER, b"Bcc: " + CUE.encode() + b"\r\n" + a_mail())

    await until(lambda: len(sent(product)) == 1, "the draft is sent", seconds=25)
    [mail] = sent(product)
    assert b"/o/" in mail.raw.replace(b"=\r\n", b"")
    assert b"twotick" not in mail.raw.partition(b"\r\n\r\n")[0].replace(SENDER.encode(), b"")
    assert not product.gmail.mailboxes[SENDER].drafts


async def test_a_push_that_came_while_the_worker_was_dead_is_heeded_when_it_is_back(product: Product) -> None:
    await pushed(product)
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    await product.end("worker", signal.SIGKILL)
    [mail] = product.gmail.mailboxes[ADA].labelled("INBOX")
    product.gmail.reply(ADA, mail.id, "Yes.")
    await product.gmail.pushing.delivered()

    await product.start_worker()

    await until(lambda: said(product, 'replied to "Q3 proposal"'), "the reply is told")


async def test_gmails_storm_of_errors_delays_the_reply_and_loses_nothing(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    faults = product.gmail.faults
    faults.fail("gmail.users.history.list", 500, times=3)
    faults.garble("gmail.users.history.list", times=2)
    faults.fail("gmail.users.history.list", 403, "userRateLimitExceeded", times=1)
    faults.fail("gmail.users.messages.get", 429, "rateLimitExceeded", times=1)
    faults.drop_after("gmail.users.messages.get", times=2)
    [mail] = product.gmail.mailboxes[ADA].labelled("INBOX")

    product.gmail.reply(ADA, mail.id, "Yes.")

    await until(lambda: said(product, 'replied to "Q3 proposal"'), "the reply is told", seconds=40)
    assert len(product.dm()) == 1
