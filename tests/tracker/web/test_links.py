"""Tracked links: on to the signed address, and nowhere else."""

import pytest

from tests.tracker.web.site import COPY, TOKENS, Site, running_site
from tracker.model import HitKind
from tracker.tokens import Tokens

ADDRESS = "https://acme.example/offer?a=1&b=%20"
PATH = f"/c/{TOKENS.link(COPY, ADDRESS)}"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_click_leads_on_and_is_kept(site: Site, method: str) -> None:
    async with site.http.request(method, site.url(PATH), allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, ADDRESS)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"

    (hit,) = site.intake.hits
    assert (hit.kind, hit.copy_id, hit.method, hit.link) == (HitKind.CLICK, COPY, method, ADDRESS)


async def test_a_click_that_cannot_be_kept_leads_on_all_the_same() -> None:
    async with running_site(refuses="disk full") as site:
        async with site.http.get(site.url(PATH), allow_redirects=False) as answer:
            assert answer.status == 302
        metrics = await (await site.http.get(site.url("/metrics"))).text()

    assert 'twotick_hits_not_stored_total{kind="click"} 1.0' in metrics


@pytest.mark.parametrize(
    "token",
    [
        TOKENS.link(COPY, ADDRESS)[:-1],
        TOKENS.link(COPY, ADDRESS) + "A",
        Tokens(["somebody else's key"]).link(COPY, "https://evil.example/"),
        TOKENS.pixel(COPY),
        TOKENS.link(COPY, "javascript:alert(1)"),
        TOKENS.link(COPY, "https://bank.example@evil.example/"),
        TOKENS.link(COPY, "https://acme.example/\r\nX: y"),
        "https:%2F%2Fevil.example",
        "%00",
    ],
)
async def test_whatever_else_gets_one_and_the_same_page(site: Site, token: str) -> None:
    async with site.http.get(site.url("/c/nothing")) as other:
        page = await other.text()

    async with site.http.get(site.url(f"/c/{token}"), allow_redirects=False) as answer:
        assert (answer.status, await answer.text()) == (404, page)

    assert "Location" not in answer.headers
    assert site.intake.hits == []
