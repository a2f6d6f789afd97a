import pytest

from tests.standins.slack_blocks import faults_of

GOOD_TEXT = {"type": "mrkdwn", "text": "x"}
PLAIN = {"type": "plain_text", "text": "x"}
GOOD = {"type": "section", "text": GOOD_TEXT}


def a_button(**facts):
    return {"type": "button", "text": PLAIN, "action_id": "a", **facts}


def an_option(**facts):
    return {"text": PLAIN, "value": "v", **facts}


def a_menu(kind="overflow", **facts):
    return {"type": kind, "action_id": "m", "options": [an_option()], **facts}


def a_select(**facts):
    return a_menu("static_select", **{"placeholder": PLAIN, **facts})


def channels(**facts):
    return {"type": "conversations_select", "action_id": "c", "placeholder": PLAIN, **facts}


def test_good_blocks_have_no_faults() -> None:
    blocks = [
        {"type": "header", "text": PLAIN},
        {**GOOD, "block_id": "one", "accessory": a_button(value="v")},
        {"type": "section", "fields": [GOOD_TEXT] * 10},
        {"type": "context", "elements": [GOOD_TEXT] * 10},
        {"type": "divider"},
        {"type": "actions", "elements": [a_button(), a_button(action_id="b", url="https://x.example"), a_select()]},
        {**GOOD, "accessory": a_menu(options=[an_option(description=PLAIN)] * 5)},
        {**GOOD, "accessory": a_select(options=[an_option()] * 100, initial_option=an_option())},
        {**GOOD, "accessory": channels(filter={"include": ["public", "private"], "exclude_bot_users": True})},
    ]

    assert faults_of(blocks) == []


@pytest.mark.parametrize(
    "blocks",
    [
        "text",
        [GOOD] * 51,
        ["text"],
        [{"type": "banner"}],
        [{**GOOD, "colour": "red"}],
        [{"type": "section"}],
        [{"type": "section", "text": "x"}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
        [{"type": "section", "fields": [GOOD_TEXT] * 11}],
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}],
        [{"type": "header", "text": GOOD_TEXT}],
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        [{"type": "context", "elements": []}],
        [{"type": "context", "elements": [GOOD_TEXT] * 11}],
        [{"type": "actions", "elements": []}],
        [{"type": "actions", "elements": [a_button(), a_button()]}],
        [{"type": "actions", "elements": [a_button(text={"type": "plain_text", "text": "x" * 76})]}],
        [{"type": "actions", "elements": [a_button(value="x" * 2001)]}],
        [{"type": "actions", "elements": [a_button(action_id="x" * 256)]}],
        [{"type": "actions", "elements": [a_button(url="javascript:alert(1)")]}],
        [{"type": "actions", "elements": [a_button(url="https://x.example/" + "x" * 3000)]}],
        [{"type": "actions", "elements": [a_button(style="shiny")]}],
        [{"type": "actions", "elements": [a_button(text=GOOD_TEXT)]}],
        [{**GOOD, "accessory": {"type": "gauge"}}],
        [{**GOOD, "accessory": a_menu(options=[])}],
        [{**GOOD, "accessory": a_menu(options=[an_option()] * 6)}],
        [{**GOOD, "accessory": a_menu(placeholder=PLAIN)}],
        [{**GOOD, "accessory": a_menu(options=["That was me"])}],
        [{**GOOD, "accessory": a_menu(options=[an_option(value="x" * 151)])}],
        [{**GOOD, "accessory": a_menu(options=[an_option(value="")])}],
        [{**GOOD, "accessory": a_menu(options=[{"text": PLAIN}])}],
        [{**GOOD, "accessory": a_menu(options=[an_option(text=GOOD_TEXT)])}],
        [{**GOOD, "accessory": a_menu(options=[an_option(text={"type": "plain_text", "text": "x" * 76})])}],
        [{**GOOD, "accessory": a_menu(options=[an_option(description={"type": "plain_text", "text": "x" * 76})])}],
        [{**GOOD, "accessory": a_select(options=[an_option(url="https://x.example")])}],
        [{**GOOD, "accessory": a_select(options=[an_option()] * 101)}],
        [{**GOOD, "accessory": a_select(placeholder=GOOD_TEXT)}],
        [{**GOOD, "accessory": a_select(action_id="x" * 256)}],
        [{**GOOD, "accessory": a_select(initial_option=an_option(value="other"))}],
        [{"type": "actions", "elements": [a_select(), a_select()]}],
        [{**GOOD, "accessory": channels(response_url_enabled=True)}],
        [{**GOOD, "accessory": channels(filter={})}],
        [{**GOOD, "accessory": channels(filter={"include": ["secret"]})}],
        [{**GOOD, "accessory": channels(filter={"only": ["public"]})}],
        [{**GOOD, "accessory": channels(options=[an_option()])}],
        [{**GOOD, "block_id": "same"}, {**GOOD, "block_id": "same"}],
        [{"type": "image", "image_url": "https://x.example/x.png"}],
        [{"type": "table", "rows": [[PLAIN], [PLAIN, PLAIN]]}],
    ],
)
def test_what_slack_would_refuse_is_refused(blocks: object) -> None:
    assert faults_of(blocks)
