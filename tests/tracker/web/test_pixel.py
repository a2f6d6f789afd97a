"""The pixel as mail clients, proxies and scanners see it, and what is kept of them."""

import logging
from ipaddress import ip_network

import pytest

from tests.tracker.web.site import COPY, TOKENS, Site, running_site
from tracker.model import HitKind
from tracker.web.pixel import GIF

TOKEN = TOKENS.pixel(COPY)
PATH = f"/o/{TOKEN}.gif"


def _head(answer: bytes) -> bytes:
    head = answer.partition(b"\r\n\r\n")[0]
    return b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith(b"Date:"))


def _get(path: str, *lines: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: t", *lines, "", ""]).encode("latin-1")


async def test_the_picture_is_a_gif_of_43_bytes_that_nobody_may_keep(site: Site) -> None:
    async with site.http.get(site.url(PATH)) as answer:
        body = await answer.read()

        assert (answer.status, len(body), body[:6]) == (200, 43, b"GIF89a")
        assert {name: value for name, value in answer.headers.items() if name != "Date"} == {
            "Content-Type": "image/gif",
            "Content-Length": "43",
            "Cache-Control": "no-store, no-cache, must-revalidate, max-age=0, private",
        }


@pytest.mark.parametrize(
    "path",
    [
        f"/o/{TOKEN[:-1]}.gif",
        f"/o/{TOKEN}x.gif",
        f"/o/{TOKEN[::-1]}.gif",
        "/o/.gif",
        "/o/",
        f"/o/{TOKEN}",
        "/o/../o/x.gif",
        f"/o/{'a' * 7000}.gif",
        "/o/%00%ff.gif",
        f"/o/a/{TOKEN}.gif",
    ],
)
async def test_a_wrong_token_gets_the_same_answer_and_leaves_no_hit(site: Site, path: str) -> None:
    right = await site.raw(_get(PATH, "Connection: close"))

    wrong = await site.raw(_get(path, "Connection: close"))

    assert (_head(wrong), wrong[-43:]) == (_head(right), GIF)
    assert len(site.intake.hits) == 1


async def test_a_hit_that_cannot_be_kept_gets_the_same_answer(site: Site) -> None:
    right = await site.raw(_get(PATH, "Connection: close"))

    async with running_site(refuses="disk full") as broken:
        answer = await broken.raw(_get(PATH, "Connection: close"))
        metrics = await (await broken.http.get(broken.url("/metrics"))).text()

    assert (_head(answer), answer[-43:]) == (_head(right), right[-43:])
    assert 'twotick_hits_not_stored_total{kind="open"} 1.0' in metrics


async def test_a_fault_of_our_own_does_not_break_the_picture(site: Site) -> None:
    site.intake.refuses = ZeroDivisionError("a bug")

    async with site.http.get(site.url(PATH)) as answer:
        assert (answer.status, await answer.read()) == (200, GIF)


async def test_a_hit_keeps_the_raw_facts(site: Site) -> None:
    await site.http.get(site.url(PATH + "?from=proxy"), headers={"User-Agent": "Outlook", "X-Moz": "prefetch"})

    (hit,) = site.intake.hits
    assert (hit.kind, hit.copy_id, hit.method, hit.ip, hit.link) == (HitKind.OPEN, COPY, "GET", "127.0.0.1", None)
    assert (hit.ua, hit.headers["x-moz"]) == ("Outlook", "prefetch")
    assert hit.at.tzinfo is not None


async def test_what_is_private_or_useless_is_not_kept(site: Site) -> None:
    sent = ("Cookie: a=b", "Authorization: Bearer x", "X-Forwarded-For: 1.2.3.4", "X-Anything: y", "Accept: image/*")

    await site.raw(_get(PATH, *sent, "Connection: close"))

    assert dict(site.intake.hits[0].headers) == {"accept": "image/*"}


async def test_kept_headers_are_bounded_and_readable(site: Site) -> None:
    await site.raw(_get(PATH, "User-Agent: \xff\xfe" + "a" * 5000, "REFERER: " + "r" * 5000, "Connection: close"))

    headers = site.intake.hits[0].headers
    assert (len(headers["user-agent"]), headers["user-agent"][:3]) == (1000, "��a")
    assert headers["referer"] == "r" * 300


async def test_of_a_repeated_header_the_first_is_kept(site: Site) -> None:
    await site.raw(_get(PATH, "Accept: image/*", "Accept: text/html", "Connection: close"))

    assert site.intake.hits[0].headers["accept"] == "image/*"


async def test_a_head_request_gets_the_headers_only_and_is_kept_as_what_it_is(site: Site) -> None:
    full = await site.raw(_get(PATH, "Connection: close"))

    answer = await site.raw(_get(PATH, "Connection: close", method="HEAD"))

    assert _head(answer) == _head(full)
    assert answer.endswith(b"\r\n\r\n")
    assert [hit.method for hit in site.intake.hits] == ["GET", "HEAD"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_other_methods_are_told_what_is_allowed(site: Site, method: str) -> None:
    async with site.http.request(method, site.url(PATH), data=b"x" * 100) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")


async def test_an_old_client_gets_its_picture_and_is_hung_up_on(site: Site) -> None:
    answer = await site.raw(_get(PATH, version="1.0"))

    assert answer.startswith(b"HTTP/1.0 200 OK\r\n")
    assert answer.endswith(GIF)
    assert b"Connection:" not in answer


async def test_an_old_client_that_wants_to_stay_may_stay(site: Site) -> None:
    answer = await site.raw(_get(PATH, "Connection: keep-alive", version="1.0") + _get(PATH, version="1.0"))

    assert (answer.count(b"Connection: keep-alive"), answer.count(GIF)) == (1, 2)


async def test_requests_sent_at_once_are_answered_in_order(site: Site) -> None:
    answer = await site.raw(_get(PATH) + _get(PATH, method="HEAD") + _get("/healthz") + _get(PATH, "Connection: close"))

    assert answer.count(b"200 OK") == 4
    assert answer.count(GIF) == 2
    assert answer.index(b"alive") > answer.index(GIF)
    assert answer.endswith(GIF)


async def test_a_whole_address_in_the_request_line_is_understood(site: Site) -> None:
    answer = await site.raw(_get(f"http://t{PATH}", "Connection: close"))

    assert answer.endswith(GIF)
    assert len(site.intake.hits) == 1


@pytest.mark.parametrize(
    "request_bytes",
    [
        _get(PATH, "X-Big: " + "x" * 10_000_000),
        _get("/o/" + "x" * 10_000_000 + ".gif"),
        _get(PATH, *(f"X-{number}: y" for number in range(100_000))),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET " + PATH.encode() + b" FTP/9\r\n\r\n",
        b"\x00" * 1000,
        _get(PATH, "Bad Header\x00: x"),
        _get(PATH, "Content-Length: 5", "Transfer-Encoding: chunked"),
        _get(PATH, "Content-Length: 1000000") + b"x",
        b"GET " + PATH.encode() + b" HTTP/1.1\r\nHost: t\r\nUser-Agent: half",
    ],
    ids=["header", "url", "headers", "tls", "short", "line", "zeros", "nul", "smuggle", "body", "half"],
)
async def test_a_hostile_request_does_not_keep_the_next_one_from_its_answer(
    site: Site, request_bytes: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await site.raw(request_bytes)

    async with site.http.get(site.url(PATH)) as answer:
        assert await answer.read() == GIF
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("path", [PATH, "/c/none", "/nothing"])
async def test_a_body_that_cannot_be_unpacked_is_nobodys_news(
    site: Site, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    await site.raw(_get(path, "Content-Encoding: gzip", "Content-Length: 20") + b"no gzip, and no news")

    assert caplog.text == ""


async def test_a_client_behind_our_proxy_is_told_by_the_proxy() -> None:
    async with running_site(trusted_proxies=(ip_network("127.0.0.0/8"),)) as behind:
        await behind.http.get(behind.url(PATH), headers={"X-Forwarded-For": "6.6.6.6, ::ffff:198.51.100.9"})

        assert behind.intake.hits[0].ip == "198.51.100.9"
