"""`make run`, a browser and nothing else: a mailbox is connected from the Slack pane, by the consent page, and back."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.standins.chromium import CHROMIUM, FLAGS

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: this walk needs one")
ROOT = Path(__file__).parents[2]
ADA = "ada@acme.example"


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextlib.contextmanager
def _made_to_run(folder: Path) -> Iterator[str]:
    """The whole product with its stand-ins; where their page is."""
    (folder / "Procfile").write_text((ROOT / "Procfile").read_text())
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    environ |= {"PORT": _free_port(), "STANDINS_PORT": _free_port()}
    command = [sys.executable, "-m", "tests.standins.launch"]
    with subprocess.Popen(
        command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout
            wanted = {"Ready. Open", "web_started"}
            said = ""
            for line in process.stdout:
                said += line
                wanted = {words for words in wanted if words not in line}
                if not wanted:
                    break
            assert not wanted, said
            yield f"http://127.0.0.1:{environ['STANDINS_PORT']}/"
        finally:
            process.terminate()
            process.communicate(timeout=20)


def test_a_mailbox_is_connected_in_a_browser(tmp_path: Path) -> None:
    with _made_to_run(tmp_path) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        tab = browser.new_page()
        tab.goto(url)
        tab.locator("#command-text").fill("/opens connect")
        tab.locator("#command-text").press("Enter")
        with tab.expect_popup() as opened:
            tab.get_by_role("button", name="Connect Gmail").click()
        consent = opened.value
        consent.get_by_label(ADA).check()
        consent.get_by_role("button", name="Continue").click()

        expect(consent.get_by_role("heading", name="Your mailbox is connected")).to_be_visible()
        expect(consent.get_by_role("main")).to_contain_text(ADA)
        if shots := os.environ.get("SHOTS"):
            consent.screenshot(path=f"{shots}/connected.png")
            consent.emulate_media(color_scheme="dark")
            consent.set_viewport_size({"width": 380, "height": 700})
            consent.screenshot(path=f"{shots}/connected-dark.png")
            tab.screenshot(path=f"{shots}/slack.png")
        browser.close()
