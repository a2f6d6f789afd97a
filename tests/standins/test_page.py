"""The page's server side: what it shows, what its buttons do, and whom it refuses."""

import sys

import pytest

from tests.standins.page_bench import ADA, a_page, a_tracker, html_mail
from tests.standins.seeds import SENDER

ECHO = (sys.executable, "-c", "import sys; print(sys.argv[1:])")


async def test_a_composed_draft_is_an_html_mail_whose_addresses_are_links():
    async with a_page() as page:
        _, saved = await page.post(
            "page/drafts", {"to": ADA, "subject": "Grüße", "body": "See https://a.example/?x=1&y=2."}
        )
        raw = page.gmail.mailboxes[SENDER].drafts[saved["id"]].raw

    assert b"multipart/alternative" in raw
    assert b'<a href=3D"https://a.example/?x=3D1&amp;y=3D2"' in raw.replace(b"=\r\n", b"")


async def test_a_composed_subject_cannot_add_a_header():
    async with a_page() as page:
        _, saved = await page.post("page/drafts", {"to": ADA, "subject": "Hi\r\nBcc: spy@evil.example", "body": ""})
        raw = page.gmail.mailboxes[SENDER].drafts[saved["id"]].raw

    assert b"\nBcc:" not in raw


@pytest.mark.parametrize("to", ["", "nobody", "a@b@c", "<>", "ada@acme.example\r\nBcc: x@y.example"])
async def test_an_unusable_recipient_is_refused_in_words(to):
    async with a_page() as page:
        status, said = await page.post("page/drafts", {"to": to, "subject": "x", "body": "y"})

    assert status == 400
    assert "To:" in said


async def test_an_uploaded_mail_keeps_its_bytes():
    source = html_mail("x") + b"\r\ncaf\xe9\x80\r\n"
    async with a_page() as page:
        _, saved = await page.post("page/drafts", {"source": source.decode("latin-1")})
        raw = page.gmail.mailboxes[SENDER].drafts[saved["id"]].raw

    assert raw.endswith(b"caf\xe9\x80\r\n")


async def test_send_tracked_runs_the_command_that_the_draft_shows():
    async with a_page(*ECHO) as page:
        draft_id = page.gmail.save_draft(SENDER, html_mail("x"))
        _, ran = await page.post("page/send", {"draft": draft_id, "links": True, "documents": True})
        shown = (await page.state())["gmail"]["drafts"][0]["command"]

    assert ran["output"] == str(["send", "--account", SENDER, "--draft", draft_id, "--links", "--documents"])
    assert ran["command"] == f"{shown} --links --documents"


async def test_a_command_that_fails_is_shown_as_failed():
    async with a_page(sys.executable, "-c", "import sys; sys.exit('No such draft')") as page:
        _, ran = await page.post("page/send", {"draft": page.gmail.save_draft(SENDER, html_mail("x"))})

    assert (ran["ok"], ran["output"]) == (False, "No such draft")


@pytest.mark.parametrize("draft", ["--help", "r1; touch /tmp/x", None, {"a": 1}])
async def test_only_a_draft_that_is_there_can_be_sent(draft):
    async with a_page(*ECHO) as page:
        status, _ = await page.post("page/send", {"draft": draft})

    assert status == 404


async def test_opening_says_what_was_loaded_and_as_whom():
    async with a_page() as page, a_tracker() as tracker:
        mail = page.delivered(html_mail(f'<img src="{tracker.url}o/t.gif">'))
        _, opened = await page.post("page/open", {**mail, "client": "outlook"})

    assert opened == {"says": "Loaded 1 image as Outlook on Windows", "why": []}
    assert len(tracker.fetches) == 1


async def test_looking_at_the_lists_loads_no_image():
    async with a_page() as page, a_tracker() as tracker:
        mail = page.delivered(html_mail(f'<img src="{tracker.url}o/t.gif">'))
        await page.state()
        await page.session.get(f"{page.url}page/mail/{mail['box']}/{mail['id']}")

    assert tracker.fetches == []


async def test_clicking_a_link_tells_where_it_leads():
    async with a_page() as page, a_tracker() as tracker:
        mail = page.delivered(html_mail(f'<a href="{tracker.url}c/t">plan</a>'))
        _, clicked = await page.post("page/click", {**mail, "client": "outlook", "link": 0})

    assert clicked["says"] == "Clicked: leads to https://acme.example/q3"


@pytest.mark.parametrize("link", [1, -1, "x", None])
async def test_a_link_that_is_not_in_the_mail_cannot_be_clicked(link):
    async with a_page() as page:
        mail = page.delivered(html_mail('<a href="http://localhost:1/">plan</a>'))
        status, _ = await page.post("page/click", {**mail, "client": "outlook", "link": link})

    assert status == 404


async def test_a_shown_mail_can_load_nothing():
    async with a_page() as page:
        mail = page.delivered(html_mail("<p>Hello"))
        async with page.session.get(f"{page.url}page/mail/{mail['box']}/{mail['id']}") as answer:
            policy = answer.headers["Content-Security-Policy"]

    assert "sandbox;" in policy
    assert "default-src 'none'; img-src data:;" in policy


async def test_a_command_reaches_slack_as_the_sender():
    async with a_page() as page:
        await page.post("page/slack/command", {"text": "/opens ada"})

    assert page.dm.typed == ["ada"]


async def test_only_a_button_that_is_there_can_be_pressed():
    async with a_page() as page:
        page.dm.says("x", [{"type": "actions", "elements": [{"type": "button", "action_id": "mute", "value": "7"}]}])
        ts = page.dm.messages[0]["ts"]
        pressed, _ = await page.post("page/slack/press", {"ts": ts, "action": "mute", "value": "7"})
        gone, _ = await page.post("page/slack/press", {"ts": "1.2", "action": "mute"})

    assert (pressed, gone) == (200, 404)
    assert page.dm.pressed == [(ts, "mute", "7")]


async def test_only_an_option_that_is_there_can_be_chosen():
    options = [{"text": {"type": "plain_text", "text": "A scanner"}, "value": "scanner:1"}]
    menu = {"type": "overflow", "action_id": "correct", "options": options}
    async with a_page() as page:
        page.dm.says("x", [{"type": "section", "accessory": menu}])
        ts = page.dm.messages[0]["ts"]
        chosen, _ = await page.post("page/slack/press", {"ts": ts, "action": "correct", "value": "scanner:1"})
        made_up, _ = await page.post("page/slack/press", {"ts": ts, "action": "correct", "value": "scanner:2"})

    assert (chosen, made_up) == (200, 404)
    assert page.dm.pressed == [(ts, "correct", "scanner:1")]


async def test_an_opened_mail_is_no_longer_unread():
    async with a_page() as page:
        mail = page.delivered(html_mail("x"))
        await page.post("page/open", {**mail, "client": "outlook"})
        state = await page.state()

    assert state["gmail"]["mailboxes"][0]["inbox"][0]["unread"] is False


async def test_a_new_message_is_told_at_once():
    async with a_page() as page, page.session.get(page.url + "page/events") as events:
        first = await events.content.readuntil(b"\n\n")
        page.dm.says("Ada opened it")

        assert await events.content.readuntil(b"\n\n") != first


async def test_another_name_for_this_address_is_refused():
    async with a_page() as page, page.session.get(page.url, headers={"Host": "rebound.evil.example"}) as answer:
        assert answer.status == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
async def test_another_site_cannot_press_our_buttons(origin):
    async with a_page() as page:
        status, _ = await page.post("page/slack/command", {"text": "/opens"}, Origin=origin)

    assert status == 403
    assert page.dm.typed == []


async def test_a_form_on_another_site_cannot_press_our_buttons():
    async with a_page() as page:
        headers = {"Origin": page.url.rstrip("/"), "Content-Type": "text/plain"}
        async with page.session.post(page.url + "page/slack/command", data="{}", headers=headers) as answer:
            assert answer.status == 403


@pytest.mark.parametrize("path", ["page/drafts", "page/send", "page/open", "page/click", "page/slack/command"])
async def test_a_request_that_makes_no_sense_is_refused_and_not_a_crash(path):
    async with a_page() as page:
        status, _ = await page.post(path, ["not", "an", "object"])

    assert status == 400


@pytest.mark.parametrize("asked", [{"box": ["x"]}, {"box": ADA, "id": {}}, {"box": "no@where.example", "id": "1"}, {}])
async def test_a_mail_that_is_not_there_is_gone_and_not_a_crash(asked):
    async with a_page() as page:
        status, _ = await page.post("page/open", {"client": "outlook", **asked})

    assert status == 404


@pytest.mark.parametrize(
    ("real", "path", "asked"),
    [
        ("gmail", "page/drafts", {"to": ADA}),
        ("gmail", "page/send", {"draft": "r1"}),
        ("gmail", "page/open", {"box": ADA, "id": "1", "client": "outlook"}),
        ("slack", "page/slack/command", {"text": "/opens"}),
        ("slack", "page/slack/press", {"ts": "1.2", "action": "mute"}),
    ],
)
async def test_nothing_is_done_in_the_place_of_a_real_service(real, path, asked):
    async with a_page(real=(real,)) as page:
        status, said = await page.post(path, asked)

    assert status == 404
    assert "real service" in said
