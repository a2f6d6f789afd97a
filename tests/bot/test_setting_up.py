"""The page that makes the Slack app: a link for each way, with the very manifest, and none that Slack would refuse."""

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.setting_up import SETUP_PATH, setup_routes
from tracker.slack_app import slack_manifest

URL = "https://track.example/twotick"


async def shown(public_url: str, *, ready: bool = False) -> str:
    app = web.Application()
    app.add_routes(setup_routes(public_url, ready=ready))
    async with TestClient(TestServer(app, host="127.0.0.1")) as browser, browser.get(SETUP_PATH) as page:
        assert page.status == 200
        return await page.text()


def manifests(page: str) -> list[object]:
    links = [urlsplit(html.unescape(link)) for link in re.findall(r'href="(https://api\.slack\.com[^"]+)"', page)]
    return [json.loads(parse_qs(link.query)["manifest_json"][0]) for link in links]


async def test_each_way_to_run_it_has_a_link_with_its_manifest() -> None:
    page = await shown(URL)

    assert manifests(page) == [
        slack_manifest(URL),
        slack_manifest(URL, over_socket=True),
        slack_manifest(URL, many=True),
    ]
    for name in ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_CLIENT_SECRET"):
        assert name in page


async def test_without_https_only_what_slack_takes_is_offered() -> None:
    page = await shown("http://localhost:8080")

    assert manifests(page) == [slack_manifest("http://localhost:8080", over_socket=True)]
    assert "begins with https://" in page


@pytest.mark.parametrize("url", ['https://x.example/"><script>', URL])
async def test_once_slack_is_set_up_there_is_nothing_to_make(url: str) -> None:
    page = await shown(url, ready=True)

    assert manifests(page) == []
    assert "/opens connect" in page
