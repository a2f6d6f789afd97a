"""The add-on's homepage: connection, today's opens, what waits, what is wanted by default."""

from datetime import timedelta

import pytest

from tests.makers import a_sent_copy, a_sent_message, a_summary, an_account
from tests.tracker.web.addon.gmail_page import NOW, GmailPage
from tracker.clock import new_id
from tracker.model import AccountState
from tracker.ports import Recorded
from tracker.ticks import Tick
from tracker.web.addon import paths
from tracker.wishes import OrderState, Preferences, SendOrder


async def given_opened(page: GmailPage, subject: str, hours_ago: float, account_id: str = "") -> str:
    """A message that was opened for the last time so long ago; its id."""
    message = a_sent_message(
        account_id=account_id or page.account.id, subject=subject, created_at=NOW - timedelta(days=2)
    )
    copy = a_sent_copy(message_id=message.id)
    await page.store.messages.begin(message, [copy])
    at = NOW - timedelta(hours=hours_ago)
    summary = a_summary(opens=1, first_open_at=at, last_open_at=at)
    await page.store.hits.record([Recorded(copy.id, 0, (), summary, ())])
    return message.id


async def given_order(page: GmailPage) -> SendOrder:
    order = SendOrder(
        new_id(), page.account.id, f"compose:{new_id()}", asked_at=NOW, not_before=NOW + timedelta(seconds=10)
    )
    return await page.store.orders.put(order)


async def test_a_connected_mailbox_says_so(page: GmailPage) -> None:
    assert '"text": "Connected"' in (await page.opens(paths.HOME)).text


async def test_a_mailbox_to_reconnect_says_what_to_do(page: GmailPage) -> None:
    await page.store.accounts.set_state(page.account.id, AccountState.RECONNECT, None)

    said = await page.opens(paths.HOME)

    assert "Reconnect this mailbox" in said.text
    assert "twotick accounts add" in said.text


async def test_the_settings_of_the_menu_are_the_homepage(page: GmailPage) -> None:
    assert (await page.opens(paths.SETTINGS)).json == (await page.opens(paths.HOME)).json


async def test_today_is_counted_in_the_person_s_own_time(page: GmailPage) -> None:
    # In Paris it is 16:00: fifteen hours ago was after midnight, seventeen before.
    await given_opened(page, "Opened today", hours_ago=15)
    await given_opened(page, "Opened yesterday", hours_ago=17)

    said = await page.opens(paths.HOME)

    assert "Opened today: 1" in said.text
    assert "Opened yesterday" not in said.text


async def test_nobody_sees_what_was_opened_of_somebody_else(page: GmailPage) -> None:
    from_another = await page.store.accounts.add(an_account(), "grant")
    await given_opened(page, "Not yours", hours_ago=1, account_id=from_another.id)

    assert "Not yours" not in (await page.opens(paths.HOME)).text


async def test_many_opens_stay_within_google_s_limits(page: GmailPage) -> None:
    for number in range(30):
        await given_opened(page, f"Mail {number}", hours_ago=1)

    assert "and 22 more" in (await page.opens(paths.HOME)).text


async def test_an_opened_message_is_shown_when_asked_for(page: GmailPage) -> None:
    await given_opened(page, "Q3 proposal", hours_ago=1)

    said = await page.presses(await page.opens(paths.HOME), "Show")

    assert said.card["header"] == {"title": "✓✓ 1 open", "subtitle": "Q3 proposal"}


async def test_an_opened_message_leads_into_the_sender_s_own_gmail(page: GmailPage) -> None:
    await given_opened(page, "Q3 proposal", hours_ago=1)

    said = await page.opens(paths.HOME)

    assert "https://mail.google.com/mail/u/?authuser=you@twotick.example#all/t1" in said.text


async def test_what_a_stranger_wrote_into_a_subject_is_shown_as_words(page: GmailPage) -> None:
    await given_opened(page, "<a href='https://evil.example'>Sign in</a>\u202e", hours_ago=1)

    said = await page.opens(paths.HOME)

    assert "<a href" not in said.text
    assert "\\u202e" not in said.text


@pytest.mark.parametrize(
    ("switch", "name"),
    [
        ("Track my mail", "track"),
        ("Track links, too", "links"),
        ("One mail to each recipient", "per_recipient"),
        ("Attachments as links", "documents"),
    ],
)
async def test_a_default_is_switched_on_and_off(page: GmailPage, switch: str, name: str) -> None:
    await page.presses(await page.opens(paths.HOME), switch, on=[name])
    on = await page.store.preferences.of(page.account.id)

    await page.presses(await page.opens(paths.HOME), switch)

    assert getattr(on, name) is True
    assert await page.store.preferences.of(page.account.id) == Preferences(page.account.id)


async def test_a_press_that_is_served_twice_changes_nothing_more(page: GmailPage) -> None:
    home = await page.opens(paths.HOME)

    answers = [await page.presses(home, "Track my mail", on=["track", "links"]) for _ in range(2)]

    assert answers[0].json == answers[1].json
    assert await page.store.preferences.of(page.account.id) == Preferences(page.account.id, track=True)


async def test_the_time_to_cancel_is_one_that_is_offered(page: GmailPage) -> None:
    parameters = dict((await page.opens(paths.HOME)).press("Time to cancel a Send tracked now"))
    path = parameters.pop("")
    event = page.event(parameters=parameters)

    for wanted in ("30", "-1", "999999999999", "soon"):
        event["commonEventObject"]["formInputs"] = {"undo_seconds": {"stringInputs": {"value": [wanted]}}}
        await page.opens(path, event=event)

    assert (await page.store.preferences.of(page.account.id)).undo_seconds == 30


async def test_a_waiting_mail_can_be_cancelled_from_the_homepage(page: GmailPage) -> None:
    order = await given_order(page)

    said = await page.presses(await page.opens(paths.HOME), "Cancel")

    found = await page.store.orders.get(order.id)
    assert found is not None
    assert (found.state, said.word) == (OrderState.TAKEN_BACK, "Cancelled. The draft is still in Gmail.")


async def test_somebody_else_s_mail_cannot_be_cancelled(page: GmailPage) -> None:
    order = await given_order(page)
    home = await page.opens(paths.HOME)
    stranger = await page.store.accounts.add(an_account(), "grant")
    page.user = {"email": stranger.email}

    await page.presses(home, "Cancel")

    found = await page.store.orders.get(order.id)
    assert found is not None
    assert found.state is OrderState.WAITING


async def test_ticks_in_gmail_are_on_until_they_are_switched_off(page: GmailPage) -> None:
    await page.presses(await page.opens(paths.HOME), "Ticks in Gmail")
    off = await page.store.preferences.of(page.account.id)

    await page.presses(await page.opens(paths.HOME), "Ticks in Gmail", on=["ticks"])

    assert off == Preferences(page.account.id, ticks=False)
    assert await page.store.preferences.of(page.account.id) == Preferences(page.account.id)


async def test_ticks_that_the_grant_does_not_cover_say_how_to_get_them(page: GmailPage) -> None:
    before = await page.opens(paths.HOME)
    await page.store.ticks.refuse(page.account.id)

    refused = await page.opens(paths.HOME)
    await page.presses(refused, "Ticks in Gmail")

    assert "/opens connect full" not in before.text
    assert "/opens connect full" in refused.text
    assert "/opens connect full" not in (await page.opens(paths.HOME)).text


async def test_a_label_that_its_owner_deleted_is_told_with_the_way_back(page: GmailPage) -> None:
    await page.store.ticks.made(page.account.id, Tick.OPENED, "Label_1")
    await page.store.ticks.deleted(page.account.id, Tick.OPENED, "Label_1")

    said = await page.opens(paths.HOME)

    assert "You deleted ✓✓ Opened in Gmail. To have it again, turn the switch off and on." in str(said.json)
