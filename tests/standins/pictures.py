"""`python -m tests.standins.pictures`: the README's pictures, taken from the product while `make run` runs it."""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.standins.chromium import CHROMIUM, FLAGS
from tests.standins.world import given_settings, standins_port

DOCS = Path(__file__).parents[2] / "docs"
READER, NAME, SUBJECT = "ada@acme.example", "Ada Lovelace", "Q3 proposal"
BODY = """Hi Ada,

as promised, here is the proposal for the third quarter:
https://acme.example/proposals/q3

The numbers on page 4 are the ones we talked about.

Best,
Sam"""
DESK, PHONE = {"width": 1440, "height": 860}, {"width": 390, "height": 780}
_TOO_FAST_MS = 4000  # nobody reads a mail within three seconds of its sending, and the product knows
_ALERT_MS = 40_000  # the settle delay, and some patience


def take_pictures(browser: Browser, url: str) -> None:
    """Go through the whole job once, and keep what it looks like at the end."""
    desk = opened(browser, url, DESK)
    compose(desk)
    send_tracked(desk)
    desk.wait_for_timeout(_TOO_FAST_MS)
    open_as(desk, "Microsoft's link scanner")
    desk.get_by_role("button", name="Inbox").click()
    open_as(desk, "Outlook on Windows")
    card = desk.locator(".msg:not(.own)", has_text=SUBJECT).last
    expect(card).to_contain_text("opened", timeout=_ALERT_MS)
    ask(desk, "/opens")
    save(desk, "page.png")
    for scheme, name in (("light", "card.png"), ("dark", "card-dark.png")):
        save_card(opened(browser, url, {"width": 1560, "height": 860}, scheme, scale=2), name)
    phone = opened(browser, url, PHONE, scale=2)
    phone.get_by_role("tab", name="Slack").click()
    save(phone, "page-phone.png")


def opened(browser: Browser, url: str, size: dict[str, int], scheme: str = "light", scale: float = 1) -> Page:
    page = browser.new_page(viewport=size, color_scheme=scheme, device_scale_factor=scale, locale="en-GB")
    page.goto(url)
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    return page


def compose(page: Page) -> None:
    drafts = page.locator("#drafts details")
    before = drafts.count()
    page.get_by_role("button", name="Compose").click()
    page.get_by_label("To", exact=True).fill(f"{NAME} <{READER}>")
    page.get_by_label("Subject").fill(SUBJECT)
    page.get_by_label("Text").fill(BODY)
    page.get_by_role("button", name="Save draft").click()
    expect(drafts).to_have_count(before + 1)


def send_tracked(page: Page) -> None:
    page.locator("#drafts summary", has_text=SUBJECT).first.click()
    page.get_by_role("button", name="Send tracked").first.click()
    expect(page.locator("#sent .subject").first).to_have_text(SUBJECT, timeout=_ALERT_MS)


def open_as(page: Page, client: str) -> None:
    page.get_by_label("Mailbox").select_option(READER)
    page.get_by_label("Read it with").select_option(label=client)
    page.locator("#inbox button", has_text=SUBJECT).first.click()
    expect(page.locator("#loaded")).to_contain_text("Loaded 1 image")


def ask(page: Page, command: str) -> None:
    answers = page.locator(".msg.own")
    before = answers.count()
    page.get_by_label("Command to Twotick").fill(command)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(before + 1)


def save(page: Page, name: str) -> None:
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(6500)  # until the last announcement has faded
    page.screenshot(path=DOCS / name)
    print(f"docs/{name}")


def save_card(page: Page, name: str) -> None:
    card = page.locator(".msg:not(.own)").last
    card.scroll_into_view_if_needed()
    card.screenshot(path=DOCS / name)
    print(f"docs/{name}")


def main() -> int:
    if CHROMIUM is None:
        print("No Chromium on this machine: the pictures need one.", file=sys.stderr)
        return 1
    DOCS.mkdir(exist_ok=True)
    port = standins_port(given_settings(os.environ, Path.cwd()))
    with sync_playwright() as playwright:
        take_pictures(playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS), f"http://127.0.0.1:{port}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
