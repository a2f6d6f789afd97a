"""What Gmail shows of tracked mails, and what the owner of a mailbox may do about it."""

import asyncio

import pytest

from tests.standins.gmail_discovery import LABEL_COLOURS
from tests.tracker.ticking.conftest import Desk
from tracker.mailbox import Colour
from tracker.sending import Order
from tracker.ticking import COLOURS, NAMES
from tracker.ticks import Tick
from tracker.wishes import Preferences

SENT, OPENED = "✓ Sent", "✓✓ Opened"
BOTH = {SENT, OPENED}


def own_labels(desk: Desk) -> list[str]:
    return [label["name"] for label in desk.gmail.mailboxes[desk.account.email].labels.values()]


async def test_a_sent_mail_shows_one_tick_and_two_when_it_is_opened(desk: Desk) -> None:
    [copy] = await desk.sent()
    await desk.move()
    before = desk.shown(copy)

    await desk.opened(copy)
    await desk.move()

    assert (before, desk.shown(copy)) == ({SENT}, {OPENED})


async def test_an_only_open_that_is_taken_back_shows_one_tick_again(desk: Desk) -> None:
    [copy] = await desk.sent()
    await desk.opened(copy)
    await desk.move()

    await desk.opened(copy, opens=0)
    await desk.move()

    assert desk.shown(copy) == {SENT}


async def test_labels_are_made_once_in_colours_of_gmail_s_palette(desk: Desk) -> None:
    for _ in range(2):
        await desk.sent()
        await desk.move()

    labels = desk.gmail.mailboxes[desk.account.email].labels.values()
    colours = {
        label["name"]: Colour(label["color"]["textColor"], label["color"]["backgroundColor"]) for label in labels
    }
    assert colours == {NAMES[tick]: COLOURS[tick] for tick in NAMES}
    assert desk.asked("labels.create") == 2


@pytest.mark.parametrize("colour", COLOURS.values())
def test_a_label_s_words_are_readable_on_it(colour: Colour) -> None:
    light, dark = sorted(map(_luminance, (colour.text, colour.background)), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.2, 1.4.3
    assert {colour.text, colour.background} <= LABEL_COLOURS


async def test_each_recipient_s_conversation_has_a_tick_of_its_own(desk: Desk) -> None:
    ada, bob = await desk.sent("ada@acme.example, bob@acme.example", per_recipient=True)
    await desk.opened(bob)

    await desk.move()

    assert ada.thread_id != bob.thread_id
    assert (desk.shown(ada), desk.shown(bob)) == ({SENT}, {OPENED})


async def test_a_reply_in_the_conversation_moves_along(desk: Desk) -> None:
    [copy] = await desk.sent()
    await desk.move()
    [received] = desk.gmail.mailboxes["ada@acme.example"].labelled("INBOX")
    desk.gmail.reply("ada@acme.example", received.id, "Yes.")
    await desk.opened(copy)

    await desk.move()

    box = desk.gmail.mailboxes[desk.account.email]
    assert [box.label_names(mail) for mail in box.thread(copy.thread_id or "")] == [{OPENED}] * 2


async def test_a_renamed_label_goes_on_in_its_new_name(desk: Desk) -> None:
    [copy] = await desk.sent()
    await desk.move()
    desk.gmail.rename_label(desk.account.email, OPENED, "Read!")

    await desk.opened(copy)
    await desk.move()

    assert desk.shown(copy) == {"Read!"}
    assert sorted(own_labels(desk)) == ["Read!", SENT]


@pytest.mark.parametrize("name", [SENT, OPENED])
async def test_a_deleted_label_is_not_made_again_and_the_other_goes_on(desk: Desk, name: str) -> None:
    [first], [second] = await desk.sent(), await desk.sent(subject="Lunch")
    await desk.move()
    desk.gmail.delete_label(desk.account.email, name)

    await desk.opened(first)
    await desk.move()
    await desk.opened(second)
    [third] = await desk.sent(subject="Dinner")
    await desk.move()

    assert desk.shown(first) == desk.shown(second) == {OPENED} - {name}
    assert desk.shown(third) == {SENT} - {name}
    assert own_labels(desk) == [*(BOTH - {name})]


async def test_with_both_labels_deleted_nothing_is_asked_of_gmail_any_more(desk: Desk) -> None:
    [copy] = await desk.sent()
    await desk.move()
    for name in BOTH:
        desk.gmail.delete_label(desk.account.email, name)
    await desk.opened(copy)
    await desk.move()
    asked = desk.asked("threads.modify")

    await desk.opened(copy, opens=0)
    await desk.move()

    assert own_labels(desk) == []
    assert desk.asked("threads.modify") == asked


async def test_deleted_labels_come_back_on_every_conversation_when_ticks_are_switched_on_again(desk: Desk) -> None:
    [first] = await desk.sent()
    await desk.move()
    for name in BOTH:
        desk.gmail.delete_label(desk.account.email, name)
    await desk.opened(first)
    await desk.move()

    for on in (False, True):
        await desk.store.preferences.keep(Preferences(desk.account.id, ticks=on))
    await desk.move()

    assert desk.shown(first) == {OPENED}


async def test_a_label_of_that_name_that_is_there_already_is_used(desk: Desk) -> None:
    label_id = desk.gmail.add_label(desk.account.email, OPENED.upper())
    [copy] = await desk.sent()
    await desk.opened(copy)

    await desk.move()

    assert label_id in desk.mail(copy).label_ids
    assert len(own_labels(desk)) == 2


async def test_a_hidden_label_stays_hidden(desk: Desk) -> None:
    [copy] = await desk.sent()
    await desk.move()
    desk.gmail.hide_label(desk.account.email, OPENED)

    await desk.opened(copy)
    await desk.move()

    labels = desk.gmail.mailboxes[desk.account.email].labels.values()
    assert [label["labelListVisibility"] for label in labels if label["name"] == OPENED] == ["labelHide"]
    assert desk.shown(copy) == {OPENED}


async def test_a_deleted_conversation_needs_no_tick_and_keeps_no_other_waiting(desk: Desk) -> None:
    [gone], [there] = await desk.sent(), await desk.sent(subject="Lunch")
    desk.gmail.delete(desk.account.email, gone.gmail_id or "")

    await desk.move()
    asked = desk.asked("threads.modify")
    desk.watch.ahead(days=1)
    await desk.move()

    assert desk.shown(there) == {SENT}
    assert desk.asked("threads.modify") == asked


async def test_a_mail_in_the_bin_stays_there_and_settles(desk: Desk) -> None:
    [copy] = await desk.sent()
    box = desk.gmail.mailboxes[desk.account.email]
    box.relabel(copy.gmail_id or "", ["SENT", "TRASH"])

    await desk.move()

    assert "TRASH" in desk.mail(copy).label_ids
    assert await desk.store.ticks.waiting(desk.watch.now) == []


async def test_switched_off_labels_stay_as_they_are(desk: Desk) -> None:
    [copy] = await desk.sent()
    await desk.move()

    await desk.store.preferences.keep(Preferences(desk.account.id, ticks=False))
    await desk.opened(copy)
    await desk.move()

    assert desk.shown(copy) == {SENT}


async def test_two_workers_at_once_make_each_label_once(desk: Desk) -> None:
    copies = [(await desk.sent(subject=f"Offer {number}"))[0] for number in range(45)]
    workers = [desk.ticking() for _ in range(2)]

    for worker in workers:
        await worker.begin()
    await asyncio.gather(*(worker.ended() for worker in workers))

    assert [desk.shown(copy) for copy in copies] == [{SENT}] * len(copies)
    assert sorted(own_labels(desk)) == [SENT, OPENED]
    assert desk.asked("threads.modify") == len(copies)


async def test_a_conversation_without_tracked_mails_gets_no_tick(desk: Desk) -> None:
    await desk.office.send(Order(raw=b"To: ada@acme.example\r\nSubject: Plain\r\n\r\nHello."))  # carries no pixel
    desk.gmail.send(desk.account.email, b"To: ada@acme.example\r\nSubject: By hand\r\n\r\nHello.")

    await desk.move()

    box = desk.gmail.mailboxes[desk.account.email]
    assert {mail.subject: box.label_names(mail) for mail in box.labelled("SENT")} == {"Plain": set(), "By hand": set()}
    assert own_labels(desk) == []


def test_the_names_are_those_that_people_are_promised() -> None:
    assert NAMES == {Tick.SENT: SENT, Tick.OPENED: OPENED}


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
