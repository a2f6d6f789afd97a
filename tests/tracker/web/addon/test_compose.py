"""Beside a mail that is being written: its pixel, and Send tracked now."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.makers import a_hit, an_account, an_alert
from tests.tracker.web.addon.gmail_page import DEPLOYMENT, NOW, TOKENS, GmailPage, Said, gmail_page
from tracker.judging import judge
from tracker.model import AccountState, MessageState, Recipient
from tracker.ports import Store
from tracker.recording import Recording
from tracker.web.addon import paths
from tracker.wishes import OrderState, Preferences, SendOrder

SHAPES = Path(__file__).parents[5] / "shared" / "platform" / "shapes.json"
TRACK = "Track this mail"
SEND = "Send tracked now"


def token_in(said: Said) -> str:
    return said.inserted.partition("/o/")[2].partition(".gif")[0]


def copy_in(said: Said) -> str:
    """The copy whose pixel an answer inserts."""
    return TOKENS.read_pixel(token_in(said)) or ""


async def ordered(page: GmailPage) -> list[SendOrder]:
    return list(await page.store.orders.latest(page.account.id, NOW, 10))


async def test_switching_tracking_on_inserts_the_pixel_of_an_unarmed_copy(page: GmailPage) -> None:
    said = await page.presses(
        await page.opens(paths.COMPOSE), TRACK, on=["track"], toRecipients=["Ada <ada@acme.example>"]
    )

    history = (await page.store.hits.histories([copy_in(said)]))[copy_in(said)]
    assert (history.copy.armed, history.message.state) == (False, MessageState.TAGGED)
    assert history.copy.recipients == (Recipient("ada@acme.example", "Ada"),)
    assert history.message.source.startswith("compose:")


@pytest.mark.skipif(not SHAPES.exists(), reason="the platform's example shapes are not on this machine")
async def test_the_insertion_has_the_shape_of_the_platform_s_example(page: GmailPage) -> None:
    said = await page.presses(await page.opens(paths.COMPOSE), TRACK, on=["track"])

    example = json.loads(SHAPES.read_text())["answer_insert_pixel_into_draft"]["renderActions"]
    ours = json.dumps(said.json["renderActions"]).replace(DEPLOYMENT.public_url, "https://t.example.com")
    assert json.loads(ours.replace(token_in(said), "TOKEN")) == example


async def test_a_press_that_is_served_twice_inserts_the_same_pixel(page: GmailPage) -> None:
    compose = await page.opens(paths.COMPOSE)

    answers = [await page.presses(compose, TRACK, on=["track"]) for _ in range(3)]

    assert len({answer.inserted for answer in answers}) == 1


async def test_two_windows_are_two_mails(page: GmailPage) -> None:
    answers = [await page.presses(await page.opens(paths.COMPOSE), TRACK, on=["track"]) for _ in range(2)]

    assert len({copy_in(answer) for answer in answers}) == 2


async def test_a_window_of_somebody_else_gives_nothing_of_theirs(page: GmailPage) -> None:
    compose = await page.opens(paths.COMPOSE)
    first = await page.presses(compose, TRACK, on=["track"])
    stranger = await page.store.accounts.add(replace(page.account, id="1" * 16, email="b@x.example"), "grant")
    page.user = {"email": stranger.email}

    second = await page.presses(compose, TRACK, on=["track"])

    assert copy_in(first) != copy_in(second)


async def test_switched_off_again_nothing_is_inserted_and_nothing_is_kept(page: GmailPage) -> None:
    compose = await page.opens(paths.COMPOSE)
    copy_id = copy_in(await page.presses(compose, TRACK, on=["track"]))

    said = await page.presses(compose, TRACK)

    recording = Recording(page.store.hits, judge, NOW - NOW, page.watch)
    assert said.inserted == ""
    assert await recording.record([a_hit(copy_id=copy_id, at=NOW)]) == 0


async def test_switched_on_once_more_it_is_the_same_mail_and_is_tracked(page: GmailPage) -> None:
    compose = await page.opens(paths.COMPOSE)
    first = await page.presses(compose, TRACK, on=["track"])
    await page.presses(compose, TRACK)

    again = await page.presses(compose, TRACK, on=["track"])

    history = (await page.store.hits.histories([copy_in(again)]))[copy_in(again)]
    assert (again.inserted, history.message.stopped_at) == (first.inserted, None)


async def test_who_tracks_by_default_is_told_that_only_they_can_insert(page: GmailPage) -> None:
    await page.store.preferences.keep(Preferences(page.account.id, track=True))

    assert "You track by default" in (await page.opens(paths.COMPOSE)).text


async def test_the_default_promises_no_more_than_the_compose_card_does(page: GmailPage) -> None:
    home, compose = await page.opens(paths.HOME), await page.opens(paths.COMPOSE)

    assert "Google lets no add-on insert by itself. Open Twotick in a compose window" in home.text
    assert '"selected": true' not in compose.text


async def test_a_mailbox_whose_sent_mail_nobody_sees_is_told_so(books: Store, google_key: rsa.RSAPrivateKey) -> None:
    account = await books.accounts.add(an_account(), "grant")
    async with gmail_page(books, account, google_key) as page:
        assert "Twotick does not see yet what this mailbox sends" in (await page.opens(paths.COMPOSE)).text


async def test_what_only_send_tracked_now_can_do_says_so_at_its_switches(page: GmailPage) -> None:
    said = await page.opens(paths.COMPOSE)

    lines = [widget["decoratedText"] for widget in said.card["sections"][1]["widgets"] if "decoratedText" in widget]
    assert all(line["bottomLabel"].startswith("Only with Send tracked now: Gmail's own Send cannot") for line in lines)


async def test_the_switches_start_as_the_person_prefers(page: GmailPage) -> None:
    await page.store.preferences.keep(Preferences(page.account.id, links=True, documents=True))

    said = await page.opens(paths.COMPOSE)

    lines = [widget["decoratedText"] for widget in said.card["sections"][1]["widgets"] if "decoratedText" in widget]
    assert [line["switchControl"]["selected"] for line in lines] == [True, False, True]


async def test_send_tracked_now_asks_for_a_sending_once_the_time_to_cancel_is_over(page: GmailPage) -> None:
    said = await page.presses(await page.opens(paths.COMPOSE), SEND, on=["links", "documents"])

    [order] = await ordered(page)
    assert (order.state, order.links, order.per_recipient, order.documents) == (OrderState.WAITING, True, False, True)
    assert (order.not_before - NOW).total_seconds() == 10
    assert order.mark == copy_in(said)
    assert "Close the compose window now" in said.word


async def test_send_tracked_now_served_twice_sends_once(page: GmailPage) -> None:
    compose = await page.opens(paths.COMPOSE)

    answers = [await page.presses(compose, SEND) for _ in range(3)]

    assert len(await ordered(page)) == 1
    assert len({answer.inserted for answer in answers}) == 1


async def test_cancelled_in_time_it_is_never_sent_and_the_window_can_start_afresh(page: GmailPage) -> None:
    compose = await page.opens(paths.COMPOSE)
    sending = await page.presses(compose, SEND)

    afresh = await page.presses(sending, "Cancel")

    assert [order.state for order in await ordered(page)] == [OrderState.TAKEN_BACK]
    assert afresh.press(SEND)["window"] != compose.press(SEND)["window"]


async def test_too_late_to_cancel_is_said(page: GmailPage) -> None:
    sending = await page.presses(await page.opens(paths.COMPOSE), SEND)
    page.watch.pass_by(seconds=11)
    await page.store.orders.lease(page.watch(), page.watch() + (page.watch() - NOW), 1)

    said = await page.presses(sending, "Cancel")

    assert "Too late" in said.word
    assert [order.state for order in await ordered(page)] == [OrderState.SENDING]


async def test_refreshed_the_card_tells_why_a_mail_was_not_sent(page: GmailPage) -> None:
    sending = await page.presses(await page.opens(paths.COMPOSE), SEND)
    [order] = await ordered(page)
    [leased] = await page.store.orders.lease(order.not_before, order.not_before + (order.not_before - NOW), 1)
    alert = an_alert(account_id=page.account.id, message_id=None, order_id=order.id)
    await page.store.orders.fail(leased, "The draft was deleted.", alert)

    assert "Not sent. The draft was deleted." in (await page.presses(sending, "Refresh")).text
    assert "The draft was deleted." in (await page.opens(paths.HOME)).text


async def test_a_mailbox_to_reconnect_is_not_offered_to_send(page: GmailPage) -> None:
    await page.store.accounts.set_state(page.account.id, AccountState.RECONNECT, None)

    said = await page.opens(paths.COMPOSE)

    assert SEND not in said.text
    assert "Reconnect this mailbox first" in said.text
