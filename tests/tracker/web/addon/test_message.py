"""Beside an open mail: ticks, count, timeline with reasons; and who opens it there is looking."""

from datetime import datetime, timedelta
from typing import Any

from tests.makers import a_hit, a_sent_copy, a_sent_message, a_summary, an_alert
from tests.tracker.web.addon.gmail_page import NOW, GmailPage, Said
from tracker.clock import new_id
from tracker.following import Answer, AnswerKind
from tracker.judging import judge
from tracker.model import Copy, Hit
from tracker.ports import Recorded
from tracker.recording import Recording
from tracker.web.addon import paths

OPENED = {"messageId": "msg-f:1789", "threadId": "thread-f:1700"}  # as Gmail's page spells 6fd and 6a4

THROUGH_GMAIL = {
    "ip": "66.249.84.1",
    "headers": {
        "user-agent": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
    },
}


async def given_sent(page: GmailPage, **facts: Any) -> Copy:
    """A tracked mail, sent two hours ago, as Gmail knows it."""
    level = facts.pop("level", "full")
    message = a_sent_message(account_id=page.account.id, sent_at=NOW - timedelta(hours=2), level=level)
    copy = a_sent_copy(message_id=message.id, sent_at=message.sent_at, gmail_id="6fd", thread_id="6a4", **facts)
    await page.store.messages.begin(message, [copy])
    return copy


async def loaded(page: GmailPage, copy: Copy, at: datetime, **facts: Any) -> Hit:
    hit = a_hit(copy_id=copy.id, at=at, **facts)
    await Recording(page.store.hits, judge, timedelta(0), page.watch).record([hit])
    return hit


async def test_a_sent_mail_shows_its_ticks_count_and_timeline_with_reasons(page: GmailPage) -> None:
    copy = await given_sent(page)
    await loaded(page, copy, NOW - timedelta(hours=1))

    said = await page.opens(paths.MESSAGE, event=page.event(**OPENED))

    assert said.card["header"] == {"title": "✓✓ 1 open", "subtitle": "Q3 proposal"}
    assert "Mon 2 Nov, 15:00" in said.text
    assert "a mail program on the reader" in said.text


async def test_a_later_mail_of_the_thread_shows_the_tracked_one(page: GmailPage) -> None:
    await given_sent(page)

    said = await page.opens(paths.MESSAGE, event=page.event(messageId="msg-f:9", threadId="thread-f:1700"))

    assert said.card["header"]["title"] == "✓ not opened"


async def test_a_mail_that_is_not_tracked_says_so_and_shows_the_latest_that_are(page: GmailPage) -> None:
    await given_sent(page)

    said = await page.opens(paths.MESSAGE, event=page.event(messageId="msg-f:77", threadId="thread-f:77"))

    assert said.card["header"]["title"] == "Not tracked"
    assert "Q3 proposal" in said.text


async def test_a_mail_of_somebody_else_is_not_shown(page: GmailPage) -> None:
    await given_sent(page)
    page.user = {"email": "nobody@x.example"}

    said = await page.opens(paths.MESSAGE, event=page.event(**OPENED))

    assert "Q3 proposal" not in said.text


async def test_a_flood_of_hits_stays_within_google_s_limits(page: GmailPage) -> None:
    copy = await given_sent(page)
    hits = [a_hit(copy_id=copy.id, at=NOW - timedelta(minutes=5 * number)) for number in range(1, 23)]
    hits += [a_hit(copy_id=copy.id, at=NOW - timedelta(seconds=number)) for number in range(1, 101)]
    await Recording(page.store.hits, judge, timedelta(0), page.watch).record(hits)

    said = await page.opens(paths.MESSAGE, event=page.event(**OPENED))

    assert "and 82 earlier ones" in said.text


async def test_stopped_nothing_more_is_kept_until_it_is_taken_up_again(page: GmailPage) -> None:
    copy = await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**OPENED))

    stopped = await page.presses(shown, "Stop tracking")
    page.watch.pass_by(minutes=1)
    await loaded(page, copy, page.watch.now)
    again = await page.presses(stopped, "Track again")
    page.watch.pass_by(minutes=1)
    await loaded(page, copy, page.watch.now)

    assert "Tracking stopped" in stopped.text
    assert "Track again" not in again.text
    assert len(await page.store.hits.timeline(copy.id)) == 1


async def test_stopping_twice_keeps_the_first_moment(page: GmailPage) -> None:
    copy = await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**OPENED))
    await page.presses(shown, "Stop tracking")
    page.watch.pass_by(hours=1)

    await page.presses(shown, "Stop tracking")

    message = await page.store.messages.get(copy.message_id)
    assert message is not None
    assert message.stopped_at == NOW


async def test_an_erased_message_is_said_to_be_gone(page: GmailPage) -> None:
    await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**OPENED))
    await page.store.messages.forget(NOW + timedelta(days=999))

    assert "not known any more" in (await page.presses(shown, "Stop tracking")).text


async def test_the_picture_that_loads_while_the_sender_opens_their_own_mail_is_theirs(page: GmailPage) -> None:
    copy = await given_sent(page)
    await loaded(page, copy, NOW - timedelta(seconds=2), **THROUGH_GMAIL)

    said = await page.opens(paths.MESSAGE, event=page.event(**OPENED))
    await loaded(page, copy, NOW + timedelta(seconds=2), **THROUGH_GMAIL)

    judged = await page.store.hits.timeline(copy.id)
    assert [one.verdict.reason for one in judged] == ["self_headsup", "self_headsup"]
    assert said.card["header"]["title"] == "✓ not opened"


async def test_who_looks_because_they_were_told_of_an_open_does_not_undo_it(page: GmailPage) -> None:
    copy = await given_sent(page)
    await loaded(page, copy, NOW - timedelta(seconds=1))

    said = await page.opens(paths.MESSAGE, event=page.event(**OPENED))

    assert said.card["header"]["title"] == "✓✓ 1 open"


async def test_refreshing_draws_the_open_mail_anew(page: GmailPage) -> None:
    copy = await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**OPENED))
    page.watch.pass_by(minutes=1)
    await loaded(page, copy, page.watch.now - timedelta(seconds=20))

    assert (await page.presses(shown, "Refresh", **OPENED)).card["header"]["title"] != shown.card["header"]["title"]


async def given_summary(page: GmailPage, **facts: Any) -> Said:
    """The card of a mail whose only copy adds up to this."""
    message = a_sent_message(account_id=page.account.id, sent_at=NOW - timedelta(hours=2))
    copy = a_sent_copy(message_id=message.id, sent_at=message.sent_at, gmail_id="6fd", thread_id="6a4")
    await page.store.messages.begin(message, [copy])
    replied_at, bounced_at = facts.pop("replied_at", None), facts.pop("bounced_at", None)
    await page.store.hits.record([Recorded(copy.id, 0, (), a_summary(**facts), ())])
    if replied_at:
        await page.store.hits.note_reply(copy.id, replied_at)
    if bounced_at:
        await page.store.hits.note_bounce(copy.id, bounced_at)
    return await page.opens(paths.MESSAGE, event=page.event(**OPENED))


async def test_a_reply_is_said_first(page: GmailPage) -> None:
    said = await given_summary(page, opens=2, replied_at=NOW - timedelta(hours=1))

    assert said.card["header"]["title"] == "Replied · ✓✓ 2 opens"
    assert "<b>Replied</b> Mon 2 Nov, 15:00." in said.text


async def test_a_mail_that_came_back_is_not_called_unopened(page: GmailPage) -> None:
    said = await given_summary(page, bounced_at=NOW - timedelta(hours=1))

    assert said.card["header"]["title"] == "Not delivered"
    assert "it came back Mon 2 Nov, 15:00." in said.text
    assert "not opened" not in said.text


async def came_back(page: GmailPage, copy: Copy, kind: AnswerKind, who: str, why: str = "") -> None:
    answer = Answer(copy.id, new_id(), kind, who, NOW - timedelta(hours=1), why)
    await page.store.following.note(answer, an_alert(account_id=page.account.id, message_id=copy.message_id))


async def test_who_replied_is_named(page: GmailPage) -> None:
    copy = await given_sent(page)
    await came_back(page, copy, AnswerKind.REPLY, "Ada <b>")

    said = await page.opens(paths.MESSAGE, event=page.event(**OPENED))

    assert "<b>Ada &lt;b&gt; replied</b> Mon 2 Nov, 15:00." in said.text


async def test_who_was_not_reached_is_named_with_the_reason_though_others_were(page: GmailPage) -> None:
    copy = await given_sent(page)
    await came_back(page, copy, AnswerKind.BOUNCE, "ada@acme.example", "no such address")

    said = await page.opens(paths.MESSAGE, event=page.event(**OPENED))

    assert "<b>Not delivered to ada@acme.example</b>: no such address." in said.text


async def test_what_only_privacy_services_loaded_cannot_be_told(page: GmailPage) -> None:
    said = await given_summary(page, unsure=1)

    assert said.card["header"]["title"] == "✓ cannot tell"
    assert "<b>Cannot tell</b> whether anybody read it" in said.text


async def test_a_mail_that_is_only_counted_shows_no_timeline(page: GmailPage) -> None:
    copy = await given_sent(page, level="count")
    await loaded(page, copy, NOW - timedelta(hours=1))

    said = await page.opens(paths.MESSAGE, event=page.event(**OPENED))

    assert "You asked for a count alone" in said.text
    assert "a mail program on the reader" not in said.text
