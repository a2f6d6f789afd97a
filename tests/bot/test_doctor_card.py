"""What /opens doctor shows."""

from bot.cards.doctor import doctor_card
from tests.standins.slack_words import words_of
from tracker.checkup import Finding, State


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
