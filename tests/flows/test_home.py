"""Home and the shortcuts with real processes: a setting, a nudge, a mail written in Slack, one taken back."""

from datetime import timedelta

from bot.cards.forms import WRITE_INSTEAD
from bot.cards.preferences import PREFER
from bot.surfaces import MORE
from tests.flows.conftest import SENDER, USER, Product, until
from tests.flows.test_follow_up import drafts, time_passes
from tests.flows.test_main_line import ADA, a_mail
from tests.standins.gmail import StoredMessage
from tests.standins.slack_blocks import elements_of
from tests.standins.slack_hands import Hands
from tests.standins.slack_views import View
from tests.standins.slack_words import words_of
from tracker.slack_shortcuts import SEND_AS_MAIL, SEND_TRACKED

DAY = timedelta(days=1)
LETTER = {"to": ADA, "subject": "Lunch", "text": "At noon, at https://place.example/menu?"}


def hands(product: Product) -> Hands:
    return product.slack.hands_of(USER)


def sent(product: Product) -> list[StoredMessage]:
    return list(product.gmail.mailboxes[SENDER].labelled("SENT"))


async def written(product: Product) -> View:
    """The form to write a mail in."""
    await hands(product).shortcut(SEND_TRACKED)
    await hands(product).press(await hands(product).reads("Write a short mail instead"), WRITE_INSTEAD)
    return await hands(product).reads("Subject")


def pressable(view: View, action: str) -> list[str]:
    """The values that can be chosen by this action."""
    elements = [element for block in view["blocks"] for element in elements_of(block)]
    named = [element for element in elements if element.get("action_id") == action]
    return [option["value"] for element in named for option in element["options"]]


async def test_a_setting_is_kept_and_a_nudge_from_the_board_is_one_draft(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    time_passes(product, 8 * DAY)

    home = await product.slack.opens_home(USER)
    await hands(product).press(home, PREFER + "links")
    await hands(product).reads_at_home("Track links\nOn ·")
    for _ in range(2):
        await hands(product).press(home, "nudge")
        await hands(product).reads("is ready")
        product.slack.workspace.views.close(USER)

    assert "Not opened for 3 days" in words_of(home)
    assert len(drafts(product)) == 1
    await product.end("web")
    await product.start_web()
    assert "Track links\nOn ·" in words_of(await product.slack.opens_home(USER))


async def test_a_mail_is_shared_from_a_window_and_how_one_is_told_is_chosen_in_home(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail(subject="Q3 proposal"))
    time_passes(product, 8 * DAY)
    sales = product.slack.workspace.add_channel("sales", [USER, "U0TWOTICK"])

    home = await product.slack.opens_home(USER)
    await hands(product).press(home, "hush:repeats")
    await hands(product).reads_at_home("Repeats\nOff ·")
    [timeline] = [value for value in pressable(home, MORE) if value.startswith("timeline:")]
    await hands(product).press(home, MORE, timeline)
    window = await hands(product).reads("Share…")
    await hands(product).press(window, "share")
    await hands(product).press(await hands(product).reads("Where shall I show"), "share_to", sales)
    await hands(product).reads("Shared")

    assert "Repeats off" in await product.says("/opens repeats")
    assert ["Q3 proposal" in words_of(message) for message in product.slack.workspace.said(sales)] == [True]


async def test_a_mail_that_is_written_in_slack_arrives_tagged_and_its_opening_is_told(product: Product) -> None:
    product.gmail.add_mailbox(ADA, "Ada Lovelace")

    await hands(product).hand_in(await written(product), **LETTER, options=["links"])
    await hands(product).reads("On its way")
    await hands(product).reads("✓ Sent tracked", 30)

    [mail] = product.gmail.mailboxes[ADA].labelled("INBOX")
    assert b"/o/" in mail.raw
    assert b"/c/" in mail.raw
    assert "Lunch" in await product.says("/opens lunch")


async def test_a_message_of_slack_is_sent_as_mail_and_cancelled_in_time(product: Product) -> None:
    await hands(product).message_shortcut(SEND_AS_MAIL, "Shall we meet at *noon*?")
    form = await hands(product).reads("Subject")
    await hands(product).hand_in(form, to=ADA, subject="Noon")
    await hands(product).press(await hands(product).reads("On its way"), "cancel_order")

    await hands(product).reads("The draft is still in Gmail")
    await hands(product).hand_in(await written(product), **LETTER)
    await until(lambda: sent(product), "the other one goes out", 30)

    assert [mail.subject for mail in sent(product)] == ["Lunch"]
    assert [mail.subject for mail in drafts(product)] == ["Noon"]
