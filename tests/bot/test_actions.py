"""Presses: the timeline by pages, and corrections in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.actions import Actions
from bot.blocks import Card
from tests.bot.books import HandClock, SmallBooks, a_report
from tests.makers import a_judged, a_summary, after, an_account
from tests.standins.slack_words import words_of
from tracker.correcting import Corrected, NotYours
from tracker.model import Account, Cause
from tracker.reporting import Reporting

MARA = an_account(email="mara@studio.example", slack_user="U0SENDER")
PETE = an_account(email="pete@studio.example", slack_user="U0PETE")
OPENED = a_summary(opens=2, first_open_at=after(hours=2), last_open_at=after(hours=3))


@dataclass
class SmallCorrections:
    """Believes what is said of the hits that it is given, and remembers it."""

    books: SmallBooks
    others: int = 0
    believed: list[tuple[str, Cause]] = field(default_factory=list)

    async def correct(self, accounts: Sequence[Account], hit_id: str, cause: Cause, now: datetime) -> Corrected:
        for report in self.books.told:
            for copy in report.copies:
                hits = [judged.hit.id for judged in self.books.hits.get(copy.id, [])]
                if hit_id in hits and report.account in accounts:
                    self.believed.append((hit_id, cause))
                    return Corrected(report.message.id, copy.id, 1 + self.others, self.others)
        raise NotYours


@pytest.fixture
def books() -> SmallBooks:
    report = a_report(account=MARA, subject="Lunch", summaries=[OPENED])
    return SmallBooks(accounts=[MARA, PETE], told=[report], hits={report.copies[0].id: [a_judged()]})


@pytest.fixture
def corrections(books: SmallBooks) -> SmallCorrections:
    return SmallCorrections(books)


@pytest.fixture
def actions(books: SmallBooks, corrections: SmallCorrections) -> Actions:
    return Actions(books, Reporting(books, books), corrections, HandClock())


@pytest.fixture
def hit_id(books: SmallBooks) -> str:
    ((judged,),) = books.hits.values()
    return judged.hit.id


def words(card: Card) -> str:
    return words_of({"text": card.text, "blocks": list(card.blocks)})


@pytest.mark.parametrize(
    ("said", "cause", "noted"),
    [
        ("self", Cause.SELF, "Noted: that was you."),
        ("scanner", Cause.SCANNER, "Noted: that was a scanner."),
        ("human", Cause.HUMAN, "Noted: that was a real open."),
    ],
)
async def test_a_correction_is_believed_and_said_back(
    actions: Actions, corrections: SmallCorrections, hit_id: str, said: str, cause: Cause, noted: str
) -> None:
    card = await actions.correct("T1", "U0SENDER", f"{said}:{hit_id}")

    assert corrections.believed == [(hit_id, cause)]
    assert card.text == noted


async def test_what_changed_with_it_is_said(actions: Actions, corrections: SmallCorrections, hit_id: str) -> None:
    corrections.others = 3

    card = await actions.correct("T1", "U0SENDER", f"self:{hit_id}")

    assert "3 other looks from the same place are now yours, too." in words(card)


async def test_a_single_other_look_is_one(actions: Actions, corrections: SmallCorrections, hit_id: str) -> None:
    corrections.others = 1

    card = await actions.correct("T1", "U0SENDER", f"scanner:{hit_id}")

    assert "1 other look from the same place now counts as a scanner, too." in words(card)


async def test_how_the_message_stands_now_is_said(actions: Actions, hit_id: str) -> None:
    assert "Lunch · 2 opens" in words(await actions.correct("T1", "U0SENDER", f"scanner:{hit_id}"))


async def test_nobody_corrects_what_is_not_theirs(actions: Actions, corrections: SmallCorrections, hit_id: str) -> None:
    shown = words(await actions.correct("T1", "U0PETE", f"self:{hit_id}"))

    assert "not known any more" in shown
    assert corrections.believed == []


async def test_a_stranger_is_told_how_to_connect(actions: Actions, hit_id: str) -> None:
    assert "--slack-user U0NEW" in words(await actions.correct("T1", "U0NEW", f"self:{hit_id}"))


@pytest.mark.parametrize("value", ["", ":", "self:", "self", "prefetch:{}", "SELF:{}", "\0:{}", "self:no such hit"])
async def test_a_value_that_no_menu_of_ours_says_corrects_nothing(
    actions: Actions, corrections: SmallCorrections, hit_id: str, value: str
) -> None:
    shown = words(await actions.correct("T1", "U0SENDER", value.format(hit_id)))

    assert "not known any more" in shown
    assert corrections.believed == []


@dataclass
class Disconnections:
    """Forgets, and remembers what; `told` is whether Google heard of it."""

    told: bool = True
    forgotten: list[str] = field(default_factory=list)

    async def disconnect(self, account: Account) -> bool:
        self.forgotten.append(account.email)
        return self.told


def with_google(books: SmallBooks, disconnections: Disconnections) -> Actions:
    return Actions(books, Reporting(books, books), SmallCorrections(books), HandClock(), disconnections)


async def test_a_confirmed_mailbox_is_forgotten(books: SmallBooks) -> None:
    disconnections = Disconnections()

    shown = words(await with_google(books, disconnections).disconnect("T1", "U0SENDER", MARA.id))

    assert disconnections.forgotten == ["mara@studio.example"]
    assert "is disconnected, and forgotten" in shown


async def test_a_grant_that_google_did_not_end_is_left_to_its_owner(books: SmallBooks) -> None:
    shown = words(await with_google(books, Disconnections(told=False)).disconnect("T1", "U0SENDER", MARA.id))

    assert "myaccount.google.com/connections" in shown


@pytest.mark.parametrize("value", ["", "unknown", PETE.id])
async def test_nobody_disconnects_what_is_not_theirs(books: SmallBooks, value: str) -> None:
    disconnections = Disconnections()

    shown = words(await with_google(books, disconnections).disconnect("T1", "U0SENDER", value))

    assert disconnections.forgotten == []
    assert "not connected to you any more" in shown


async def test_without_google_nothing_is_disconnected(actions: Actions) -> None:
    assert "GOOGLE_CLIENT_ID" in words(await actions.disconnect("T1", "U0SENDER", MARA.id))
