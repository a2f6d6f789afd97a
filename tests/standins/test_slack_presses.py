"""What the app is told of a press."""

from tests.standins.slack_presses import chosen_value, presses_of

ME, SCANNER = ({"text": {"type": "plain_text", "text": one}, "value": one} for one in ("me", "scanner"))
PLACEHOLDER = {"type": "plain_text", "text": "Not a person…"}
SELECT = {"type": "static_select", "action_id": "correct", "placeholder": PLACEHOLDER, "options": [ME, SCANNER]}


def test_a_button_is_told_as_it_stands() -> None:
    button = {"type": "button", "action_id": "timeline", "value": "m"}

    assert list(presses_of(button)) == [button]


def test_a_menu_is_pressed_once_for_each_option_and_tells_the_chosen_one_alone() -> None:
    first, second = presses_of(SELECT)

    assert (first["selected_option"], second["selected_option"]) == (ME, SCANNER)
    assert "options" not in first
    assert first["placeholder"] == PLACEHOLDER


def test_the_value_of_a_choice_is_its_options() -> None:
    assert [chosen_value(press) for press in presses_of(SELECT)] == ["me", "scanner"]


def test_a_button_without_a_value_has_none() -> None:
    assert chosen_value({"type": "button", "action_id": "gmail"}) is None


def test_a_menu_of_channels_is_pressed_once_for_each_of_them() -> None:
    menu = {"type": "conversations_select", "action_id": "share_to"}

    pressed = list(presses_of(menu, ["C1", "C2"]))

    assert [chosen_value(press) for press in pressed] == ["C1", "C2"]
    assert pressed[0]["selected_conversation"] == "C1"
