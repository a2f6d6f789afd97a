"""Reminders in Gmail: for every mail from the homepage, and for the one that is open."""

from datetime import timedelta

import pytest

from tests.makers import a_sent_copy, a_sent_message, an_account
from tests.tracker.web.addon.gmail_page import NOW, GmailPage, Said
from tests.tracker.web.addon.test_message import OPENED, given_sent
from tracker.model import Copy
from tracker.reminders import Reminder, ReminderKind, ReminderState
from tracker.web.addon import paths
from tracker.wishes import Preferences

UNOPENED, UNANSWERED = "Remind me when a mail is not opened", "Remind me when it is opened and not answered"


async def chooses(page: GmailPage, shown: Said, label: str, value: str) -> Said:
    parameters = dict(shown.press(label))
    path = parameters.pop("")
    event = page.event(parameters=parameters)
    name = parameters.get("setting", "remind")
    event["commonEventObject"]["formInputs"] = {name: {"stringInputs": {"value": [value]}}}
    return await page.opens(path, event=event)


async def waiting(page: GmailPage, copy: Copy) -> list[Reminder]:
    return [one for one in await page.store.reminders.of(copy.message_id) if one.state is ReminderState.WAITING]


@pytest.mark.parametrize(
    ("label", "wanted"), [(UNOPENED, {"remind_unopened_days": 3}), (UNANSWERED, {"remind_unanswered_days": 3})]
)
async def test_a_default_is_chosen_among_those_offered(page: GmailPage, label: str, wanted: dict[str, int]) -> None:
    home = await page.opens(paths.HOME)

    for value in ("3", "-1", "99999", "soon"):
        await chooses(page, home, label, value)

    assert await page.store.preferences.of(page.account.id) == Preferences(page.account.id, **wanted)


async def test_the_chosen_default_holds_for_the_next_mail(page: GmailPage) -> None:
    await chooses(page, await page.opens(paths.HOME), UNOPENED, "2")
    message = a_sent_message(account_id=page.account.id)
    await page.store.messages.begin(message, [a_sent_copy(message_id=message.id)])

    await page.store.messages.finish(message)

    assert len(await page.store.reminders.of(message.id)) == 1


async def test_a_reminder_is_set_for_the_open_mail_shown_and_taken_back(page: GmailPage) -> None:
    copy = await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**OPENED))

    remembered = await chooses(page, shown, "Remind me", "3")
    [reminder] = await waiting(page, copy)
    forgotten = await chooses(page, remembered, "Remind me", "0")

    assert (reminder.kind, reminder.due_at) == (ReminderKind.UNOPENED, NOW + timedelta(days=3))
    assert remembered.word == "You are reminded Thu 5 Nov, 16:00, if nobody opens it."
    assert "Reminder Thu 5 Nov, 16:00" in remembered.text
    assert forgotten.word == "You are not reminded of this mail."
    assert await waiting(page, copy) == []


async def test_a_press_that_is_served_twice_is_one_reminder(page: GmailPage) -> None:
    copy = await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**OPENED))

    answers = [await chooses(page, shown, "Remind me", "1") for _ in range(2)]

    first, second = (answer.json["renderActions"]["action"]["notification"] for answer in answers)
    assert first == second
    assert len(await waiting(page, copy)) == 1


async def test_for_an_answered_mail_none_is_offered_and_none_set(page: GmailPage) -> None:
    copy = await given_sent(page)
    before = await page.opens(paths.MESSAGE, event=page.event(**OPENED))
    await page.store.hits.note_reply(copy.id, NOW)

    after = await page.opens(paths.MESSAGE, event=page.event(**OPENED))
    late = await chooses(page, before, "Remind me", "1")

    assert "Remind me" not in after.text
    assert late.word == "There is nothing to wait for any more."
    assert await waiting(page, copy) == []


@pytest.mark.parametrize("value", ["2", "-1", "1e9", "x", ""])
async def test_days_that_are_not_offered_set_nothing(page: GmailPage, value: str) -> None:
    copy = await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**OPENED))

    await chooses(page, shown, "Remind me", value)

    assert await waiting(page, copy) == []


async def test_nobody_sets_one_for_the_mail_of_somebody_else(page: GmailPage) -> None:
    copy = await given_sent(page)
    shown = await page.opens(paths.MESSAGE, event=page.event(**OPENED))
    stranger = await page.store.accounts.add(an_account(), "grant")
    page.user = {"email": stranger.email}

    said = await chooses(page, shown, "Remind me", "1")

    assert "not known any more" in said.text
    assert await waiting(page, copy) == []
