"""The local Slack's Home tabs and windows are as strict as the real ones."""

import pytest

from tests.bot.books import HandClock
from tests.standins.slack_views import ViewRefused, Views

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
PLAIN = {"type": "plain_text", "text": "x"}
HOME = {"type": "home", "blocks": [SECTION]}
MODAL = {"type": "modal", "title": PLAIN, "blocks": [SECTION]}
INPUT = {"type": "input", "label": PLAIN, "element": {"type": "plain_text_input", "action_id": "a"}}


@pytest.fixture
def views() -> Views:
    return Views(HandClock())


def test_a_trigger_opens_one_window(views: Views) -> None:
    trigger = views.trigger("U1")
    views.open(trigger, MODAL)

    with pytest.raises(ViewRefused, match="exchanged_trigger_id"):
        views.open(trigger, MODAL)


def test_a_trigger_lapses_after_three_seconds(views: Views) -> None:
    trigger = views.trigger("U1")
    views.clock.forward(seconds=3.1)

    with pytest.raises(ViewRefused, match="expired_trigger_id"):
        views.open(trigger, MODAL)


def test_an_old_hash_is_a_conflict(views: Views) -> None:
    old = views.publish("U1", HOME, None)["hash"]
    views.publish("U1", HOME, old)

    with pytest.raises(ViewRefused, match="hash_conflict"):
        views.publish("U1", HOME, old)


def test_a_window_that_was_closed_cannot_be_changed(views: Views) -> None:
    window = views.open(views.trigger("U1"), MODAL)["id"]
    views.close("U1")

    with pytest.raises(ViewRefused, match="not_found"):
        views.update(window, MODAL, None)


@pytest.mark.parametrize(
    "view",
    [
        HOME,
        {**MODAL, "title": {"type": "plain_text", "text": "x" * 25}},
        {**MODAL, "blocks": [INPUT]},
        {**MODAL, "private_metadata": "x" * 3001},
        {**MODAL, "blocks": [SECTION] * 101},
        {**MODAL, "blocks": [{"type": "markdown", "text": "x"}]},
        {**MODAL, "text": "x"},
        {key: value for key, value in MODAL.items() if key != "title"},
    ],
)
def test_what_slack_would_not_show_is_refused(views: Views, view: dict) -> None:
    with pytest.raises(ViewRefused, match="invalid_arguments"):
        views.open(views.trigger("U1"), view)


def test_a_form_with_its_button_is_shown(views: Views) -> None:
    assert views.open(views.trigger("U1"), {**MODAL, "blocks": [INPUT], "submit": PLAIN})["id"]
