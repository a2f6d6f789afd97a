import pytest

from bot.blocks import Card
from bot.commands import Commands
from tests.bot.books import HandClock, SmallBooks, a_report
from tests.makers import an_account
from tests.standins.slack_words import words_of
from tracker.reporting import Reporting

MARA = an_account(email="mara@studio.example", slack_user="U0SENDER")
PETE = an_account(email="pete@studio.example", slack_user="U0PETE")


@pytest.fixture
def books() -> SmallBooks:
    return SmallBooks(accounts=[MARA, PETE])


@pytest.fixture
def commands(books: SmallBooks) -> Commands:
    return Commands(books, Reporting(books, books), HandClock())


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


async def test_a_planned_command_is_refused_with_the_search_for_its_words(commands: Commands) -> None:
    shown = words(await commands.answer("T1", "U0SENDER", "stats"))

    assert "/opens stats is not in this version." in shown
    assert '/opens "stats"' in shown
