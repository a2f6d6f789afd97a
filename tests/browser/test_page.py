"""The stand-ins' page in a real browser: its three panes, its locks, and its use by keyboard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect
from playwright.async_api import Page as Tab

from tests.standins.chromium import CHROMIUM, FLAGS
from tests.standins.page_bench import ADA, Page, a_page, a_tracker, html_mail
from tests.standins.seeds import SENDER

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: the page's browser tests need one"),
    pytest.mark.asyncio(loop_scope="module"),  # one browser for all: starting it takes longer than most tests
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def a_tab(chromium: Browser, page: Page, width: int = 1280, **look: str) -> AsyncIterator[Tab]:
    """The page in a browser tab, its state drawn. An error in the page's own script fails the test."""
    errors: list[str] = []
    context = await chromium.new_context(viewport={"width": width, "height": 800}, locale="en-GB", **look)
    tab = await context.new_page()
    tab.on("pageerror", lambda error: errors.append(str(error)))
    await tab.goto(page.url)
    await expect(tab.get_by_text("Live", exact=True)).to_be_visible()
    yield tab
    await context.close()
    assert errors == []


async def test_a_draft_is_composed_sent_and_opened(chromium):
    async with a_page("echo") as page, a_tab(chromium, page) as tab:
        await tab.get_by_role("button", name="Compose").click()
        await tab.get_by_label("To", exact=True).fill(ADA)
        await tab.get_by_label("Subject").fill("Lunch <b>")
        await tab.get_by_label("Text").fill("At noon?")
        await tab.get_by_role("button", name="Save draft").click()
        await tab.locator("#drafts summary", has_text="Lunch <b>").click()
        await tab.get_by_label("Track links").check()
        await tab.get_by_role("button", name="Send tracked").click()

        await expect(tab.get_by_label("What the command said")).to_contain_text(
            f"$ echo send --account {SENDER} --draft r"
        )
        await expect(tab.get_by_label("What the command said")).to_contain_text("--links")


async def test_opening_a_mail_loads_its_image_once_as_the_client_and_never_by_the_browser(chromium):
    async with a_page() as page, a_tracker() as tracker:
        page.delivered(html_mail(f'<img src="{tracker.url}o/t.gif"><p>Hello Ada'))
        async with a_tab(chromium, page) as tab:
            await tab.get_by_label("Read it with").select_option(label="Thunderbird on Linux")
            await tab.locator("#inbox button").click()
            await expect(tab.locator("#loaded")).to_contain_text("Loaded 1 image as Thunderbird on Linux")
            await expect(tab.frame_locator("iframe").get_by_text("Hello Ada")).to_be_visible()

    assert ["Thunderbird" in headers["user-agent"] for _, headers in tracker.fetches] == [True]


@pytest.mark.parametrize(("age_ms", "words"), [(0, "too fast for a person"), (60_000, "/opens tells why")])
async def test_an_opening_says_what_to_expect_of_slack(chromium, age_ms, words):
    async with a_page() as page, a_tab(chromium, page) as tab:
        found = page.delivered(html_mail("<p>Hello Ada"))
        inbox = page.gmail.mailboxes[ADA].messages
        inbox[found["id"]] = replace(inbox[found["id"]], internal_date=inbox[found["id"]].internal_date - age_ms)
        page.gmail.mark_read(ADA, found["id"])  # which tells the page to look again
        await tab.locator("#inbox .item:not(.unread)").click()
        await expect(tab.locator("#loaded")).to_contain_text(words)


async def test_nobody_is_told_to_open_again_as_a_machine(chromium):
    async with a_page() as page, a_tab(chromium, page) as tab:
        page.delivered(html_mail("<p>Hello Ada"))
        await tab.get_by_label("Read it with").select_option(label="Microsoft's link scanner")
        await tab.locator("#inbox button").click()
        await expect(tab.locator("#loaded small")).to_have_text(
            "A machine, so Slack stays silent, and /opens tells why."
        )


async def test_a_mail_that_went_out_untracked_is_not_called_tracked(chromium):
    async with a_page("echo", "twotick: sent, but not tracked: plain text.") as page, a_tab(chromium, page) as tab:
        page.gmail.save_draft(SENDER, html_mail("<p>Hello"))
        await tab.locator("#drafts summary").click()
        await tab.get_by_role("button", name="Send tracked").click()
        await expect(tab.locator("#said")).to_contain_text("Sent, but not tracked: Q3 proposal")


async def test_a_hostile_mail_runs_nothing_and_leads_nowhere(chromium):
    async with a_page() as page, a_tracker() as tracker:
        url = tracker.url
        page.delivered(
            html_mail(
                f'<meta http-equiv=refresh content="0;url={url}refresh"><script>location="{url}js"</script>'
                f'<style>@import "{url}css"; p{{background:url({url}bg)}}</style><link rel=stylesheet href="{url}l">'
                f'<iframe src="{url}frame"></iframe><svg onload="fetch(\'{url}svg\')"></svg>'
                f'<a href="{url}top" target=_top>press me</a><video src="{url}v"></video><p>Hello'
            )
        )
        async with a_tab(chromium, page) as tab:
            await tab.locator("#inbox button").click()
            await expect(tab.locator("#loaded")).to_contain_text("Loaded 0 images")
            await tab.frame_locator("iframe").get_by_text("press me").click()
            await tab.wait_for_timeout(200)
            address = tab.url

    assert address == page.url
    assert tracker.fetches == []


async def test_a_link_is_clicked_from_the_list_below_the_mail(chromium):
    async with a_page() as page, a_tracker() as tracker:
        page.delivered(html_mail(f'<a href="{tracker.url}c/t">The plan</a>'))
        async with a_tab(chromium, page) as tab:
            await tab.locator("#inbox button").click()
            await tab.get_by_role("button", name="Click The plan").click()
            await expect(tab.locator("#loaded")).to_contain_text("leads to https://acme.example/q3")


async def test_a_new_message_appears_with_what_the_phone_shows(chromium):
    async with a_page() as page, a_tab(chromium, page) as tab:
        page.dm.says("Ada opened it", [{"type": "section", "text": {"type": "mrkdwn", "text": "*Ada* opened it"}}])

        await expect(tab.locator(".push")).to_contain_text("Ada opened it")
        await expect(tab.locator(".msg b", has_text="Ada")).to_be_visible()


async def test_a_card_is_redrawn_when_it_is_edited(chromium):
    async with a_page() as page, a_tab(chromium, page) as tab:
        page.dm.says("Ada opened it")
        await expect(tab.locator(".msg")).to_contain_text("Ada opened it")
        page.dm.messages[0] |= {"text": "Ada opened it (2nd time)", "edited": True}
        page.dm.changes.happened()

        await expect(tab.locator(".msg")).to_contain_text("(2nd time)")
        await expect(tab.locator(".edited")).to_be_visible()
        await expect(tab.locator(".msg")).to_have_count(1)


async def test_markup_is_drawn_as_slack_draws_it_and_html_is_not(chromium):
    said = "*bold* _it_ ~no~ `co*d*e` &lt;b&gt; <https://a.example|link> <!date^1793620800^{date_num}|then>"
    block = {"type": "section", "text": {"type": "mrkdwn", "text": said + " <img src=x onerror=alert(1)>"}}
    async with a_page() as page, a_tab(chromium, page) as tab:
        page.dm.says("x", [block])
        drawn = await tab.locator(".b-text").inner_html()

    for piece in ("<b>bold</b>", "<i>it</i>", "<s>no</s>", "<code>co*d*e</code>", "&lt;b&gt;", ">2026-11-02</time>"):
        assert piece in drawn
    assert "<img" not in drawn


async def test_every_block_shows_its_words(chromium):
    rich = {"type": "rich_text_section", "elements": [{"type": "text", "text": "rich words"}]}
    shown = {
        "A header": {"type": "header", "text": {"type": "plain_text", "text": "A header"}},
        "Outlook": {"type": "section", "fields": [{"type": "mrkdwn", "text": "*With*\nOutlook"}]},
        "because": {"type": "context", "elements": [{"type": "mrkdwn", "text": "because"}]},
        "Opens": {"type": "table", "rows": [[{"type": "raw_text", "text": "Opens"}]]},
        "rich words": {"type": "rich_text", "elements": [rich]},
        "A “video” block": {"type": "video"},
    }
    async with a_page() as page, a_tab(chromium, page) as tab:
        page.dm.says("x", list(shown.values()))

        for words in shown:
            await expect(tab.locator(".msg-body")).to_contain_text(words)


async def test_replies_stand_in_the_thread_of_their_message(chromium):
    async with a_page() as page, a_tab(chromium, page) as tab:
        page.dm.says("x", replies=[{"text": "opened again at noon", "blocks": []}])
        await tab.get_by_text("1 reply").click()

        await expect(tab.get_by_text("opened again at noon")).to_be_visible()


async def test_a_button_is_pressed_in_its_own_message(chromium):
    button = {"type": "button", "action_id": "mute", "text": {"type": "plain_text", "text": "Mute"}}
    async with a_page() as page, a_tab(chromium, page) as tab:
        page.dm.says("x", [{"type": "actions", "elements": [button]}])
        await tab.get_by_role("button", name="Mute").click()
        await expect(tab.locator("#said")).to_contain_text("Pressed")

    assert page.dm.pressed == [(page.dm.messages[0]["ts"], "mute", None)]


@pytest.mark.parametrize(("kind", "name"), [("overflow", "More"), ("static_select", "Not a person…")])
async def test_a_menu_tells_what_was_chosen_and_can_be_used_again(chromium, kind, name):
    options = [{"text": {"type": "plain_text", "text": one}, "value": one.lower()} for one in ("Me", "Scanner")]
    label = {} if kind == "overflow" else {"placeholder": {"type": "plain_text", "text": name}}
    menu = {"type": kind, "action_id": "correct", "options": options, **label}
    async with a_page() as page, a_tab(chromium, page) as tab:
        page.dm.says("x", [{"type": "actions", "elements": [menu]}])
        for _ in range(2):
            await tab.get_by_label(name).select_option(label="Scanner")
            await expect(tab.locator("#said")).to_contain_text("Pressed “Scanner”")
        await expect(tab.get_by_label(name)).to_have_value("")

    assert page.dm.pressed == [(page.dm.messages[0]["ts"], "correct", "scanner")] * 2


async def test_an_answer_for_one_person_says_so(chromium):
    async with a_page() as page, a_tab(chromium, page) as tab:
        page.dm.says("Your last messages", ephemeral=True)

        await expect(tab.get_by_text("Only visible to you")).to_be_visible()


async def test_a_command_is_typed_and_sent_by_keyboard(chromium):
    async with a_page() as page, a_tab(chromium, page) as tab:
        await tab.get_by_label("Command to Twotick").fill("/opens ada")
        await tab.keyboard.press("Enter")
        await expect(tab.get_by_label("Command to Twotick")).to_have_value("")

    assert page.dm.typed == ["ada"]


async def test_a_phone_shows_one_pane_at_a_time_and_arrows_move_between_them(chromium):
    async with a_page() as page, a_tab(chromium, page, width=390) as tab:
        await expect(tab.locator("#slack")).to_be_hidden()
        await tab.locator("#tab-sender").focus()
        await tab.keyboard.press("ArrowLeft")

        await expect(tab.locator("#slack")).to_be_visible()
        await expect(tab.locator("#sender")).to_be_hidden()
        assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("real", "words"), [("gmail", "your real Gmail"), ("slack", "your real Slack")])
async def test_a_real_service_is_named_in_the_place_of_its_stand_in(chromium, real, words):
    async with a_page(real=(real,)) as page, a_tab(chromium, page) as tab:
        await expect(tab.get_by_text(words).first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_stands_out_from_its_ground(chromium, scheme):
    async with a_page() as page, a_tab(chromium, page, color_scheme=scheme) as tab:
        page.gmail.save_draft(SENDER, html_mail("x"))
        page.delivered(html_mail("x"))
        page.dm.says("x", CARD, edited=True)
        await expect(tab.locator(".msg-body")).to_contain_text("Outlook")
        await tab.locator("#drafts summary").click()
        weak = await tab.evaluate(WEAK_CONTRAST)

    assert weak == []


_BUTTONS = [
    {"type": "button", "action_id": style, "style": style, "text": {"type": "plain_text", "text": style}}
    for style in ("primary", "danger")
]
CARD = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Ada* opened <https://a.example|it> `code` <@U1> <!here>"}},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "with Outlook"}]},
    {"type": "actions", "elements": _BUTTONS},
]

# WCAG 2 AA: 4.5 to 1 between a text and the nearest ground that is painted behind it.
WEAK_CONTRAST = """() => {
  const parts = (text) => {
    const pen = document.createElement('canvas').getContext('2d');
    pen.fillStyle = text;
    pen.fillRect(0, 0, 1, 1);
    return pen.getImageData(0, 0, 1, 1).data;
  };
  const light = (rgb) => {
    const [r, g, b] = [...rgb].map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const painted = parts(getComputedStyle(node).backgroundColor);
      if (painted[3] === 255) return painted;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const node of document.querySelectorAll('body *')) {
    const speaks = [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
    if (!speaks || !node.checkVisibility() || node.closest('#said, select')) continue;
    const [a, b] = [light(parts(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) weak.push(node.textContent.trim().slice(0, 40));
  }
  return weak;
}"""


async def test_a_sent_mail_shows_its_labels_as_they_change(chromium):
    async with a_page() as page, a_tab(chromium, page) as tab:
        sent = page.gmail.send(SENDER, html_mail("<p>Hello Ada"))
        label_id = page.gmail.add_label(SENDER, "✓ Sent")
        await expect(tab.locator("#sent .subject")).not_to_contain_text("✓")

        page.gmail.mailboxes[SENDER].relabel(sent.id, [*sent.label_ids, label_id])
        page.gmail.changed()

        await expect(tab.locator("#sent .subject")).to_contain_text("✓ Sent ·")
