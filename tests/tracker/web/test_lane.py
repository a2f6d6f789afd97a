"""The pixel's lane: what it takes, it reads as aiohttp would; what it does not take, aiohttp answers."""

import asyncio
from contextlib import suppress

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpRequestParser
from aiohttp.http_exceptions import HttpProcessingError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.tracker.web.site import COPY, TOKENS, Site, running_site
from tracker.model import HitKind
from tracker.web.lane import plain_fetch
from tracker.web.pixel import GIF

PATH = f"/o/{TOKENS.pixel(COPY)}.gif".encode()
PLAIN = b"GET " + PATH + b" HTTP/1.1\r\nHost: t\r\nUser-Agent: Outlook\r\n\r\n"
CLOSING = PLAIN[:-2] + b"Connection: close\r\n\r\n"

_NAMES = st.sampled_from(
    [b"Host", b"user-agent", b"Accept", b"CONNECTION", b"Content-Length", b"Transfer-Encoding", b"X-Forwarded-For"]
) | st.binary(max_size=8)
_VALUES = st.sampled_from([b"close", b"keep-alive", b"Keep-Alive", b"0", b"chunked", b" t ", b"\t", b""]) | st.binary(
    max_size=20
)
_HEADERS = st.lists(st.tuples(_NAMES, st.sampled_from([b":", b": ", b" :", b":\t"]), _VALUES), max_size=6)
_FIRST_LINES = st.sampled_from(
    [
        b"GET " + PATH + b" HTTP/1.1",
        b"GET " + PATH + b"?a=b#c HTTP/1.0",
        b"GET /o/ HTTP/1.1",
        b"GET /o/%00%zz{}|\\^ HTTP/1.1",
        b"HEAD " + PATH + b" HTTP/1.1",
        b"GET  " + PATH + b" HTTP/1.1",
        b"GET " + PATH + b" HTTP/1.2",
        b"GET http://t" + PATH + b" HTTP/1.1",
        b"get " + PATH + b" HTTP/1.1",
    ]
)
_ENDS = st.sampled_from([b"\r\n\r\n", b"\n\n", b"\r\n", b"\r\n\r\nGET / HTTP/1.1\r\n\r\n", b"\r\n\r\nx"])


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """What mail programs, scanners and attackers might send, whole or not."""
    lines = [draw(_FIRST_LINES), *(name + colon + value for name, colon, value in draw(_HEADERS))]
    return b"\r\n".join(lines) + draw(_ENDS)


def _parsed_by_aiohttp(data: bytes) -> list:
    """The requests that aiohttp finds in these bytes; none when it wants more, or takes offence."""
    loop = asyncio.new_event_loop()
    try:
        protocol = BaseProtocol(loop, None)  # type: ignore[arg-type]
        parser = HttpRequestParser(protocol, loop, 2**16, max_line_size=8190, max_field_size=8190)
        messages, upgraded, tail = parser.feed_data(data)
    except HttpProcessingError:
        return []
    finally:
        loop.close()
    assert (upgraded, tail) == (False, b"")
    return [(message, payload) for message, payload in messages]


@given(requests())
@example(PLAIN)
@example(CLOSING)
@settings(max_examples=600, deadline=None)
def test_what_the_lane_takes_aiohttp_reads_the_same(data: bytes) -> None:
    fetch = plain_fetch(data, "192.0.2.1")
    if fetch is None:
        return

    ((message, payload),) = _parsed_by_aiohttp(data)

    assert (message.method, message.path, message.version) == (fetch.method, fetch.raw_path, fetch.version)
    assert list(message.raw_headers) == list(fetch.raw_headers)
    assert message.should_close is not fetch.keep_alive
    assert payload.is_eof()


@pytest.mark.parametrize("data", [PLAIN, CLOSING, PLAIN.replace(b"1.1", b"1.0")])
def test_the_lane_takes_plain_fetches(data: bytes) -> None:
    assert plain_fetch(data, None) is not None


@pytest.mark.parametrize(
    "data",
    [
        PLAIN[:-1],
        PLAIN + b"x",
        PLAIN[:-2] + b"user-agent: another\r\n\r\n",
        PLAIN + PLAIN,
        PLAIN.replace(b"GET", b"POST"),
        PLAIN.replace(b"Host", b"Content-Length"),
        PLAIN.replace(b"Host", b"Expect"),
        PLAIN.replace(b"Host: t", b"Upgrade: h2c"),
        PLAIN.replace(b"Outlook", b"Outl\xc3\xb6\xc3\xb6k"),
        PLAIN.replace(b"Outlook", b"Out\x00look"),
        PLAIN.replace(b"Outlook", b"x" * 9000),
        PLAIN.replace(b"/o/", b"/c/"),
    ],
)
def test_the_lane_takes_nothing_else(data: bytes) -> None:
    assert plain_fetch(data, None) is None


def _without_date(answer: bytes) -> bytes:
    return b"\r\n".join(line for line in answer.split(b"\r\n") if not line.startswith(b"Date:"))


async def _in_two(site: Site, data: bytes) -> bytes:
    """The answer to bytes that come in two pieces, which only aiohttp takes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(data[:1])
    await writer.drain()
    await asyncio.sleep(0.02)
    writer.write(data[1:])
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
async def test_both_ways_give_the_same_answer_and_the_same_hit(site: Site, version: bytes) -> None:
    data = CLOSING.replace(b"1.1", version)

    answers = [await site.raw(data), await _in_two(site, data)]

    assert _without_date(answers[0]) == _without_date(answers[1])
    first, second = ((hit.kind, hit.copy_id, hit.ip, dict(hit.headers), hit.method) for hit in site.intake.hits)
    assert first == second


async def test_a_connection_is_used_for_many_pictures(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    for _ in range(3):
        writer.write(PLAIN)
        assert (await reader.readuntil(GIF)).startswith(b"HTTP/1.1 200 OK")
    writer.close()

    assert len(site.intake.hits) == 3


async def test_a_connection_may_go_on_to_other_things(site: Site) -> None:
    answer = await site.raw(PLAIN)
    both = await _two_after_each_other(site, PLAIN, b"GET /healthz HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")

    assert both.startswith(_without_date(answer)[:15])
    assert b"alive" in both


async def _two_after_each_other(site: Site, first: bytes, second: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(first)
    answer = await reader.readuntil(GIF)
    writer.write(second)
    answer += await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer


async def test_what_comes_before_an_answer_is_answered_after_it(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    release = asyncio.Event()
    site.intake.holds = release
    writer.write(PLAIN)
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.write(CLOSING)
    await writer.drain()
    await asyncio.sleep(0.05)

    release.set()

    answer = await asyncio.wait_for(reader.read(), 5)
    assert answer.count(GIF) == 2
    writer.close()


async def test_who_sends_a_flood_before_an_answer_is_hung_up_on(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    site.intake.holds = asyncio.Event()
    writer.write(PLAIN)
    await writer.drain()
    await asyncio.sleep(0.05)

    writer.write(PLAIN * 2000)

    with suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 5) == b""
    site.intake.holds.set()
    writer.close()


async def test_who_hangs_up_before_the_answer_is_a_hit_all_the_same(site: Site) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", site.port)
    release = asyncio.Event()
    site.intake.holds = release
    writer.write(PLAIN)
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.transport.abort()
    await asyncio.sleep(0.05)

    release.set()
    await asyncio.sleep(0.05)

    assert [hit.kind for hit in site.intake.hits] == [HitKind.OPEN]


async def test_stopping_waits_for_the_answer_under_way() -> None:
    async with running_site() as site:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
        release = asyncio.Event()
        site.intake.holds = release
        writer.write(PLAIN)
        await writer.drain()
        await asyncio.sleep(0.05)
        asyncio.get_running_loop().call_later(0.2, release.set)

    assert GIF in await asyncio.wait_for(reader.read(), 5)
    writer.close()
