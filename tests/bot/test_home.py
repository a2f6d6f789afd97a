"""Home: the board, the settings, the mailboxes, and what is pressed there."""

import asyncio
from ast import literal_eval
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards.preferences import PREFER
from tests.bot.books import HandClock, a_report
from tests.bot.home_desk import MARA, USER, HomeDesk, opened_desk
from tests.makers import NOON, a_sent_copy, a_summary, an_account
from tests.standins.slack import SlackStandin
from tests.standins.slack_blocks import elements_of
from tests.standins.slack_faults import Says, ServerError
from tests.standins.slack_words import words_of
from tracker.model import AccountState, Heat
from tracker.ports import Report

DAY = timedelta(days=1)


@pytest.fixture
async def desk(slack: SlackStandin, clock: HandClock) -> AsyncIterator[HomeDesk]:
    async with opened_desk(slack, clock) as made:
        yield made


def sent(days_ago: float, subject: str, **summary: object) -> Report:
    """A message of Mara's to Ada."""
    at = NOON - days_ago * DAY
    copy = a_sent_copy(sent_at=at)
    return a_report(copy, account=MARA, subject=subject, sent_at=at, summaries=[a_summary(**summary)])


def opened(days_ago: float, opens: int = 1) -> dict[str, object]:
    at = NOON - days_ago * DAY
    return {"opens": opens, "first_open_at": at, "last_open_at": at, "last_client": "Outlook on Windows"}


def actions_in(view: dict) -> list[str]:
    return [element["action_id"] for block in view["blocks"] for element in elements_of(block)]


async def test_what_wants_action_stands_under_why_and_what_does_not_is_left_out(desk: HomeDesk) -> None:
    desk.books.told = [
        sent(4, "Silent"),
        sent(4, "Seen", **opened(3.5)),
        sent(4, "Behind Apple", unsure=2),
        sent(1, "Too young"),
        sent(4, "Answered", **opened(3.5), replied_at=NOON),
        sent(4, "Came back", bounced_at=NOON),
        sent(4, "Seen today", **opened(0.2)),
    ]

    words = words_of(await desk.slack.opens_home(USER))

    before, silent = words.split("Not opened for 3 days")
    assert "Opened, no reply for 3 days" in before
    assert "Seen" in before
    assert "Silent" in silent
    assert "sent 4 days ago" in silent
    assert "Behind Apple" in silent.split("Cannot tell")[1]
    assert not [one for one in ("Too young", "Answered", "Came back", "Seen today") if one in words]


async def test_who_reads_again_and_again_is_first(desk: HomeDesk) -> None:
    burst = Heat(NOON - 0.1 * DAY, openings=3)
    pause = Heat(NOON - DAY, pause=24 * DAY)
    hot = sent(4, "Hot", **opened(0.1, opens=3), heat=burst)
    desk.books.told = [sent(5, "Silent"), hot, sent(30, "Back", **opened(1, opens=2), heat=pause)]

    words = words_of(await desk.slack.opens_home(USER))

    assert words.index("hot: 3 openings in a day") < words.index("Silent")
    assert words.index("back after 24 days") < words.index("Silent")
    assert words.count("Hot") == 1


async def test_five_of_a_group_are_shown_and_the_rest_is_a_command(desk: HomeDesk) -> None:
    desk.books.told = [sent(4 + number, f"Silent {number}") for number in range(17)]

    view = await desk.slack.opens_home(USER)

    assert "and 12 more: /opens unopened 3d" in words_of(view)
    assert actions_in(view).count("nudge") == 5


async def test_the_fullest_home_is_taken_by_slack(desk: HomeDesk) -> None:
    desk.books.accounts = [MARA, *(an_account(slack_user=USER, state=AccountState.RECONNECT) for _ in range(12))]
    desk.books.told = [
        *(sent(4 + number, "<!channel> *x* " * 40) for number in range(20)),
        *(sent(4, "Seen", **opened(3.5)) for _ in range(20)),
        *(sent(4, "Apple", unsure=2) for _ in range(20)),
    ]
    burst = Heat(NOON - 0.1 * DAY, openings=3)
    desk.books.told += [sent(4, "Hot", **opened(0.1, opens=3), heat=burst) for _ in range(20)]

    view = await desk.slack.opens_home(USER)

    assert len(view["blocks"]) <= 100
    assert "Connect another mailbox" in words_of(view)
    assert "<!channel>" not in str(view)


async def test_an_empty_board_says_what_to_do(desk: HomeDesk) -> None:
    assert "Nothing tracked yet\nPress Send a tracked mail above" in words_of(await desk.slack.opens_home(USER))

    desk.books.told = [sent(1, "Too young")]

    assert "Nothing needs you" in words_of(await desk.slack.opens_home(USER))


async def test_a_nudge_from_the_board_is_told_in_a_window(desk: HomeDesk) -> None:
    desk.books.told = [sent(4, "Silent")]
    home = await desk.slack.opens_home(USER)

    await desk.hands.press(home, "nudge")

    assert "A draft to Ada Lovelace is ready" in words_of(await desk.hands.reads("is ready"))


async def test_a_snoozed_message_leaves_the_board_until_its_time(desk: HomeDesk) -> None:
    desk.books.told = [sent(4, "Silent")]
    home = await desk.slack.opens_home(USER)

    await desk.hands.press(home, "snooze")
    await desk.hands.reads_at_home("Nothing needs you")
    desk.clock.forward(days=3, seconds=1)

    assert "Silent" in words_of(await desk.slack.opens_home(USER))


async def test_stopping_behind_the_dots_can_be_undone_in_its_window(desk: HomeDesk) -> None:
    report = sent(4, "Silent")
    desk.books.told = [report]
    home = await desk.slack.opens_home(USER)

    await desk.hands.press(home, "more", f"stop:{report.message.id}")
    window = await desk.hands.reads("Stopped tracking")
    await desk.hands.reads_at_home("Nothing needs you")
    await desk.hands.press(window, "unstop")

    await desk.hands.reads("is tracked again")
    await desk.hands.reads_at_home("Silent")


async def test_the_timeline_is_told_in_a_window_and_gmail_opens_by_itself(desk: HomeDesk) -> None:
    report = sent(4, "Silent")
    desk.books.told = [report]
    home = await desk.slack.opens_home(USER)

    await desk.hands.press(home, "more", "link")
    await desk.hands.press(home, "more", f"timeline:{report.message.id}")

    assert "Silent" in words_of(await desk.hands.reads("Silent"))
    assert len(desk.calls("views.open")) == 1


async def test_of_somebody_elses_message_nothing_is_told(desk: HomeDesk) -> None:
    theirs = a_report(account=an_account(slack_user="U0PETE"), subject="Secret")
    desk.books.told = [sent(4, "Silent"), theirs]
    home = await desk.slack.opens_home(USER)
    forged = str(home).replace(desk.books.told[0].message.id, theirs.message.id)

    await desk.hands.press(literal_eval(forged), "nudge")  # our own view, with another id in it

    assert "not known any more" in words_of(await desk.hands.reads("not known"))


async def test_an_answer_that_takes_long_stands_in_a_window_that_was_there_in_time(
    slack: SlackStandin, clock: HandClock
) -> None:
    async with opened_desk(slack, clock) as desk:
        desk.books.told = [sent(4, "Silent")]
        home = await desk.slack.opens_home(USER)
        going = asyncio.Event()

        class Slow:
            async def draft(self, report: Report, why: object = None) -> Sequence[object]:
                await going.wait()
                return report.copies

        desk.nudges.draft = Slow().draft  # a double of ours
        await desk.hands.press(home, "nudge")
        await desk.hands.reads("One moment")
        going.set()

        await desk.hands.reads("is ready")


async def test_a_window_that_was_closed_meanwhile_harms_nothing(desk: HomeDesk) -> None:
    desk.books.told = [sent(4, "Silent")]
    home = await desk.slack.opens_home(USER)
    await desk.hands.press(home, "snooze")
    window = await desk.hands.reads("I will remind you")
    desk.slack.workspace.views.close(USER)

    await desk.hands.press(window, "unremind")

    await desk.hands.reads_at_home("Silent")


async def test_a_setting_is_saved_and_shown_at_once(desk: HomeDesk) -> None:
    home = await desk.slack.opens_home(USER)

    await desk.hands.press(home, PREFER + "track")
    home = await desk.hands.reads_at_home("Track by default\nOn ·")
    await desk.hands.press(home, PREFER + "undo_seconds", "30")
    await desk.hands.sees(lambda: '"30"' in str(desk.hands.home).replace("'", '"'), "thirty seconds")

    kept = await desk.preferences.of(MARA.id)
    assert (kept.track, kept.undo_seconds) == (True, 30)


async def test_two_presses_on_one_and_the_same_home_are_both_kept_and_both_shown(desk: HomeDesk) -> None:
    home = await desk.slack.opens_home(USER)

    await asyncio.gather(*(desk.hands.press(home, PREFER + name) for name in ("track", "links", "documents")))

    await desk.hands.reads_at_home("Track by default\nOn ·")
    await desk.hands.reads_at_home("Track links\nOn ·")
    await desk.hands.reads_at_home("Attachments as links\nOn ·")


async def test_a_press_on_an_old_home_is_saved_and_the_new_one_shown(desk: HomeDesk) -> None:
    old = await desk.slack.opens_home(USER)
    await desk.hands.press(old, PREFER + "links")
    await desk.hands.reads_at_home("Track links\nOn ·")

    await desk.hands.press(old, PREFER + "track")
    await desk.hands.press(old, PREFER + "track")

    shown = words_of(await desk.hands.reads_at_home("Track by default\nOn ·"))
    assert "Track links\nOn ·" in shown
    assert {call.answer["error"] for call in desk.slack.calls if not call.answer["ok"]} == {"hash_conflict"}


async def test_a_value_that_no_menu_has_changes_nothing(desk: HomeDesk) -> None:
    home = await desk.slack.opens_home(USER)
    forged = literal_eval(str(home).replace("'value': '30'", "'value': '31'"))  # our own view

    await desk.hands.press(forged, PREFER + "undo_seconds", "31")
    await desk.hands.press(home, PREFER + "track")

    await desk.hands.reads_at_home("Track by default\nOn ·")
    assert (await desk.preferences.of(MARA.id)).undo_seconds == 10


async def test_a_choice_is_for_all_mailboxes_and_differences_are_said(desk: HomeDesk) -> None:
    other = an_account(slack_user=USER)
    desk.books.accounts = [MARA, other]
    await desk.preferences.change(other.id, "links", True)
    home = await desk.slack.opens_home(USER)
    assert "Your mailboxes differ" in words_of(home)

    await desk.hands.press(home, PREFER + "links")

    await desk.hands.reads_at_home("Track links\nOn ·")
    assert "differ" not in words_of(desk.hands.home)


async def test_who_is_not_connected_gets_three_steps_and_a_fresh_link_for_each_press(desk: HomeDesk) -> None:
    desk.books.accounts = []
    home = await desk.slack.opens_home(USER)
    assert "1. Connect your Gmail" in words_of(home)

    await desk.hands.press(home, "invite")
    first = await desk.hands.reads("Connect Gmail")
    await desk.hands.press(home, "invite")
    await desk.hands.sees(lambda: "connect?t=1" in str(desk.hands.modal), "another link")
    desk.books.accounts = [MARA]

    await desk.hands.reads("✓ Connected: mara")
    await desk.hands.reads_at_home("Nothing tracked yet")
    assert "connect?t=0" in str(first)


async def test_a_withdrawn_mailbox_asks_for_its_owner_before_all_else(desk: HomeDesk) -> None:
    desk.books.accounts = [replace(MARA, state=AccountState.RECONNECT)]
    desk.books.told = [sent(4, "Silent")]
    home = await desk.slack.opens_home(USER)
    words = words_of(home)
    assert words.index("Google withdrew") < words.index("Silent")

    await desk.hands.press(home, "invite")
    await desk.hands.reads("Connect your Gmail")
    desk.books.accounts = [MARA]

    await desk.hands.sees(lambda: "withdrew" not in words_of(desk.hands.home), "it is connected again")


async def test_disconnecting_is_asked_about_before_it_is_done(desk: HomeDesk) -> None:
    home = await desk.slack.opens_home(USER)

    await desk.hands.press(home, "more", f"ask_disconnect:{MARA.id}")
    asked = await desk.hands.reads("This cannot be undone")
    assert desk.books.accounts == [MARA]
    await desk.hands.press(asked, "disconnect")

    await desk.hands.reads("is disconnected, and forgotten")
    await desk.hands.reads_at_home("1. Connect your Gmail")


async def test_the_tab_of_messages_draws_nothing(desk: HomeDesk) -> None:
    await desk.slack.opens_home(USER)
    drawn = len(desk.calls("views.publish"))

    with pytest.raises(AssertionError, match="Home is drawn"):
        await desk.hands.opens_home(tab="messages", wait=0.3)

    assert len(desk.calls("views.publish")) == drawn


@pytest.mark.parametrize("fault", [ServerError(), Says("internal_error")])
async def test_while_slack_fails_a_setting_is_kept_and_shown_later(desk: HomeDesk, fault: object) -> None:
    home = await desk.slack.opens_home(USER)
    desk.slack.faults.next("views.publish", fault, times=5)

    await desk.hands.press(home, PREFER + "track")
    await desk.hands.sees(lambda: desk.preferences.kept, "it is saved")
    desk.slack.faults.clear()

    assert "Track by default\nOn ·" in words_of(await desk.slack.opens_home(USER))
