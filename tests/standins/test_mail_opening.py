"""Opening a mail fetches what the chosen client fetches, and nothing beyond this computer."""

import pytest

from tests.standins.mail_clients import MAIL_CLIENTS
from tests.standins.mail_opening import click_link, open_mail, why_refused
from tests.standins.page_bench import a_tracker, html_mail


@pytest.mark.parametrize("client", MAIL_CLIENTS.values(), ids=lambda client: client.key)
async def test_each_client_fetches_the_image_under_its_own_name_from_its_own_network(client):
    async with a_tracker() as tracker:
        await open_mail(html_mail(f'<img src="{tracker.url}o/t.gif">'), client)

    path, headers = tracker.fetches[0]
    assert (path, headers["user-agent"], headers["x-forwarded-for"]) == ("/o/t.gif", client.ua, client.network)


async def test_a_client_sends_no_header_of_ours():
    async with a_tracker() as tracker:
        await open_mail(html_mail(f'<img src="{tracker.url}o/t.gif">'), MAIL_CLIENTS["apple-privacy"])

    assert set(tracker.fetches[0][1]) == {"host", "user-agent", "x-forwarded-for"}


async def test_a_person_loads_images_and_leaves_links_alone():
    async with a_tracker() as tracker:
        opened = await open_mail(html_mail(f'<a href="{tracker.url}c/t">x</a>'), MAIL_CLIENTS["outlook"])

    assert tracker.fetches == []
    assert opened.says == "Loaded 0 images as Outlook on Windows"


async def test_a_scanner_follows_every_link_too():
    html = '<img src="{0}o/t.gif"><a href="{0}c/1">x</a><a href="{0}c/2">y</a>'
    async with a_tracker() as tracker:
        opened = await open_mail(html_mail(html.format(tracker.url)), MAIL_CLIENTS["microsoft-scanner"])

    assert {path for path, _ in tracker.fetches} == {"/o/t.gif", "/c/1", "/c/2"}
    assert opened.says == "Loaded 1 image as Microsoft's link scanner, and followed 2 links"


async def test_an_image_elsewhere_is_not_fetched_and_is_said():
    opened = await open_mail(html_mail('<img src="https://tracker.example/logo.png">'), MAIL_CLIENTS["outlook"])

    assert opened.says == "Loaded 0 images as Outlook on Windows; 1 not fetched"
    assert "not on this computer" in str(opened.images[0].why_not)


async def test_an_image_that_nobody_serves_is_said_and_hurts_nothing():
    opened = await open_mail(html_mail('<img src="http://127.0.0.1:1/x">'), MAIL_CLIENTS["outlook"])

    assert "no answer" in str(opened.images[0].why_not)


async def test_a_click_comes_from_a_browser_and_follows_no_redirect():
    async with a_tracker() as tracker:
        clicked = await click_link(f"{tracker.url}c/t", MAIL_CLIENTS["outlook"].browser)

    assert clicked.leads_to == "https://acme.example/q3"
    assert tracker.fetches[0][1]["sec-fetch-mode"] == "navigate"


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/",
        "http://127.0.0.1.example.com/",
        "http://localhost.example.com/",
        "http://localhost@example.com/",
        "http://2130706433/",
        "http://0.0.0.0/",
        "http://192.168.0.1/",
        "http://[::ffff:8.8.8.8]/",
        "http://[oops/",
        "http://localhost:99999/",
        "ftp://localhost/",
        "file:///etc/passwd",
    ],
)
def test_only_addresses_on_this_computer_are_fetched(address):
    assert why_refused(address)


@pytest.mark.parametrize(
    "address",
    ["http://localhost:8080/o/x.gif", "http://127.0.0.1/", "http://[::1]:8080/", "https://twotick.localhost/"],
)
def test_this_computer_goes_by_several_names(address):
    assert why_refused(address) is None
