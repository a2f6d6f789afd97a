"""What /opens doctor shows."""

from collections.abc import Sequence

import pytest

from bot.cards.doctor import doctor_card
from bot.doctor import Doctor
from bot.grammar_of_account import AskDoctor
from tests.standins.slack_words import words_of
from tracker.checkup import Finding, State
from tracker.model import Account
from tracker.ports import Store


def shown(finding: Finding) -> str:
    card = doctor_card([finding])
    return words_of({"text": card.text, "blocks": list(card.blocks)})


def test_the_name_of_a_setting_can_be_copied() -> None:
    said = shown(Finding("Address", State.LOOK, "is local", "set PUBLIC_URL to an https address"))

    assert "→ Set PUBLIC_URL to an https address" in said


def test_a_setting_comes_first_in_its_sentence_too() -> None:
    assert "→ SECRET_KEY is yours to set" in shown(Finding("Key", State.BROKEN, "none", "SECRET_KEY is yours to set"))


def test_a_name_that_only_looks_like_a_setting_does_nothing() -> None:
    card = doctor_card([Finding("Slack", State.BROKEN, "<!channel> `A_B` *C_D*", "")])

    told = str(card.blocks)
    assert "<!channel>" not in told
    assert "`A_B`" in told
    assert "*C" not in told


class Sees:
    """Checks that say who asked for what."""

    async def for_person(self, team: str, accounts: Sequence[Account]) -> list[Finding]:
        return [Finding("Twotick itself", State.OK, "works")]

    async def for_operator(self, team: str, accounts: Sequence[Account]) -> list[Finding]:
        return [Finding("disk", State.OK, "7 GB free")]


@pytest.mark.parametrize(
    ("user", "admins", "said", "unsaid"),
    [
        ("U0ADMIN", ("U0ADMIN",), "7 GB free", "ask them"),
        ("U0MARA", ("U0ADMIN", "U0BOSS"), "seen by @U0ADMIN or @U0BOSS: ask them", "GB"),
        ("U0MARA", (), "Whoever runs Twotick sees the rest with twotick doctor", "GB"),
    ],
)
async def test_only_admins_are_told_of_the_machine_and_others_whom_to_ask(
    store: Store, user: str, admins: tuple[str, ...], said: str, unsaid: str
) -> None:
    card = await Doctor(store.accounts, Sees(), admins).answer("T1", user, AskDoctor())

    shown = words_of({"text": card.text, "blocks": list(card.blocks)})
    assert said in shown
    assert unsaid not in shown
