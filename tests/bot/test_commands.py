import pytest

from bot.blocks import Card
from bot.commands import Commands
from tests.bot.books import HandClock, SmallBooks, a_report
from tests.makers import an_account
from tests.standins.slack_words import words_of
from tracker.model import Profile
from tracker.reporting import Reporting

MARA = an_account(email="mara@studio.example", slack_user="U0SENDER")
PETE = an_account(email="pete@studio.example", slack_user="U0PETE")


@pytest.fixture
def books() -> SmallBooks:
    return SmallBooks(accounts=[MARA, PETE])


@pytest.fixture
def commands(books: SmallBooks) -> Commands:
    return Commands(books, Reporting(books, books), HandClock())


class Invitations:
    """Invites by naming who, and for what, in the address."""

    def invitation(self, team: str, user: str, profile: Profile) -> str:
        return f"https://track.example.com/google/connect?t={team}-{user}-{profile}"


@pytest.fixture
def with_google(books: SmallBooks) -> Commands:
    return Commands(books, Reporting(books, books), HandClock(), Invitations())


def words(card: Card) -> str:
    return words_of({"text": card.text, "blocks": list(card.blocks)})


async def test_opens_lists_the_askers_messages(commands: Commands, books: SmallBooks) -> None:
    books.told = [a_report(account=MARA, subject="Lunch"), a_report(account=PETE, subject="Secret")]

    shown = words(await commands.answer("T1", "U0SENDER", ""))

    assert "Lunch" in shown
    assert "Secret" not in shown


async def test_a_single_match_is_told_in_full(commands: Commands, books: SmallBooks) -> None:
    books.told = [a_report(account=MARA, subject="Lunch"), a_report(account=MARA, subject="Dinner")]

    assert "To Ada Lovelace · sent" in words(await commands.answer("T1", "U0SENDER", "lunch"))


async def test_several_matches_are_listed(commands: Commands, books: SmallBooks) -> None:
    books.told = [a_report(account=MARA, subject="Lunch"), a_report(account=MARA, subject="Lunch again")]

    assert "2 messages matching “lunch”" in words(await commands.answer("T1", "U0SENDER", "lunch"))


async def test_no_match_says_so(commands: Commands) -> None:
    assert "Nothing matches “acme”" in words(await commands.answer("T1", "U0SENDER", "acme"))


async def test_a_slip_that_matches_nothing_gets_the_nearest_command(commands: Commands) -> None:
    assert "Try /opens unopened 3d" in words(await commands.answer("T1", "U0SENDER", "unopend"))


async def test_a_slip_that_matches_a_subject_is_no_slip(commands: Commands, books: SmallBooks) -> None:
    books.told = [a_report(account=MARA, subject="The unopend letter")]

    assert "The unopend letter" in words(await commands.answer("T1", "U0SENDER", "unopend"))


async def test_nothing_tracked_says_how_to_begin(commands: Commands) -> None:
    assert "twotick send --account mara@studio.example" in words(await commands.answer("T1", "U0SENDER", ""))


async def test_a_stranger_is_told_how_to_connect(commands: Commands) -> None:
    assert "--slack-user U0NEW" in words(await commands.answer("T1", "U0NEW", ""))


async def test_a_stranger_may_ask_for_help(commands: Commands) -> None:
    assert "What you can ask" in words(await commands.answer("T1", "U0NEW", "help"))


@pytest.mark.parametrize(("text", "profile"), [("connect", "standard"), ("connect full", "full")])
async def test_connect_answers_with_a_link_of_the_askers_own(with_google: Commands, text: str, profile: str) -> None:
    card = await with_google.answer("T1", "U0NEW", text)

    [url] = [element["url"] for block in card.blocks for element in block.get("elements", ()) if "url" in element]
    assert url == f"https://track.example.com/google/connect?t=T1-U0NEW-{profile}"


@pytest.mark.parametrize("text", ["connect", "disconnect"])
async def test_without_google_the_operator_is_named(commands: Commands, text: str) -> None:
    assert "GOOGLE_CLIENT_ID" in words(await commands.answer("T1", "U0SENDER", text))


@pytest.mark.parametrize("text", ["", "acme", "disconnect"])
async def test_a_stranger_is_pointed_to_connect_where_google_is_set_up(with_google: Commands, text: str) -> None:
    shown = words(await with_google.answer("T1", "U0NEW", text))

    assert "/opens connect" in shown
    assert "--slack-user" not in shown


def pressable(card: Card) -> list[str]:
    elements = [element for block in card.blocks for element in block.get("elements", ())]
    return [element["value"] for element in elements if element.get("action_id") == "disconnect"]


async def test_disconnect_says_what_it_costs_and_asks(with_google: Commands) -> None:
    card = await with_google.answer("T1", "U0SENDER", "disconnect")

    assert pressable(card) == [MARA.id]
    assert "cannot be undone" in words(card)
    assert "mara@studio.example" in words(card)


async def test_each_of_several_mailboxes_has_its_own_button(with_google: Commands, books: SmallBooks) -> None:
    other = an_account(email="second@studio.example", slack_user="U0SENDER")
    books.accounts.append(other)

    assert pressable(await with_google.answer("T1", "U0SENDER", "disconnect")) == [MARA.id, other.id]
    assert pressable(await with_google.answer("T1", "U0SENDER", "disconnect second@studio.example")) == [other.id]


async def test_somebody_elses_mailbox_is_not_offered(with_google: Commands) -> None:
    card = await with_google.answer("T1", "U0SENDER", "disconnect pete@studio.example")

    assert pressable(card) == []
    assert "is not a mailbox of yours" in words(card)
