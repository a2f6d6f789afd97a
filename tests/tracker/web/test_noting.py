"""What the log says when hits cannot be kept: enough, and not too often."""

import asyncio

from structlog.testing import capture_logs

from tests.tracker.web.site import COPY, TOKENS, MemoryIntake, running_site
from tracker.model import Hit
from tracker.ports import Unrecordable


async def test_a_failing_intake_is_logged_once_and_not_once_a_hit() -> None:
    token = TOKENS.pixel(COPY)
    with capture_logs() as lines:
        async with running_site(refuses="disk full") as site:
            for _ in range(20):
                await site.http.get(site.url(f"/o/{token}.gif"))

    assert len(lines) == 1
    assert "disk full" in lines[0]["reason"]
    assert token not in str(lines)


class FullIntake(MemoryIntake):
    """Refuses at once, as a queue does that is full."""

    def append(self, hit: Hit) -> asyncio.Future[None]:
        raise Unrecordable("20000 hits are waiting")


async def test_a_hit_that_is_refused_at_once_is_answered_and_counted() -> None:
    async with running_site(intake=FullIntake()) as site:
        for ask in (site.http.get, site.http.head):  # the second is no plain fetch
            async with ask(site.url(f"/o/{TOKENS.pixel(COPY)}.gif")) as answer:
                assert (answer.status, answer.headers["Content-Length"]) == (200, "43")
        async with site.http.get(site.url("/metrics")) as answer:
            counted = await answer.text()

    assert 'twotick_hits_not_stored_total{kind="open"} 2.0' in counted
