"""The rest of the site: is it well, what does it say to a visitor, who else may answer on it."""

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from tests.tracker.web.site import TOKENS, MemoryIntake, Site, running_site
from tracker.web.app import build_app


async def test_a_running_process_is_alive_even_when_it_cannot_record() -> None:
    async with running_site(refuses="disk full") as site, site.http.get(site.url("/healthz")) as answer:
        assert answer.status == 200


async def test_it_is_ready_when_it_can_record(site: Site) -> None:
    async with site.http.get(site.url("/readyz")) as answer:
        assert answer.status == 200


async def test_it_says_that_it_is_not_ready_and_its_log_says_why() -> None:
    with capture_logs() as logged:
        async with running_site(refuses="no password for me@db") as site, site.http.get(site.url("/readyz")) as answer:
            told = await answer.text()

    assert (answer.status, "me@db" in told) == (503, False)
    assert [line["reason"] for line in logged if line["event"] == "cannot_record"] == ["no password for me@db"]


async def test_metrics_are_for_prometheus(site: Site) -> None:
    async with site.http.get(site.url("/metrics")) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert "twotick_hits_stored_total" in await answer.text()


async def test_the_front_page_says_what_runs_here(site: Site) -> None:
    async with site.http.get(site.url("/")) as answer:
        page = await answer.text()

    assert "Twotick is running" in page
    assert "prefers-color-scheme: dark" in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/nothing", "/.env", "/c/", "/index.php?x=<script>", "//o/x"])
async def test_an_unknown_path_gets_a_plain_page(site: Site, path: str) -> None:
    async with site.http.get(site.url(path)) as answer:
        assert (answer.status, "<script>" in await answer.text()) == (404, False)


async def test_others_may_answer_beside_us() -> None:
    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello from a door")

    doors = [web.post("/slack/events", hello)]
    async with running_site(doors=doors) as site, site.http.post(site.url("/slack/events")) as answer:
        assert await answer.text() == "hello from a door"


def test_the_route_table_can_be_read_without_a_server() -> None:
    app = build_app(MemoryIntake(), TOKENS)

    paths = {resource.canonical for resource in app.router.resources()}

    assert {"/", "/o/{token}", "/c/{token}", "/healthz", "/readyz", "/metrics"} <= paths
