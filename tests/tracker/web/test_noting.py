"""What the log says when hits cannot be kept: enough, and not too often."""

from structlog.testing import capture_logs

from tests.tracker.web.site import COPY, TOKENS, running_site


async def test_a_failing_intake_is_logged_once_and_not_once_a_hit() -> None:
    token = TOKENS.pixel(COPY)
    with capture_logs() as lines:
        async with running_site(refuses="disk full") as site:
            for _ in range(20):
                await site.http.get(site.url(f"/o/{token}.gif"))

    assert len(lines) == 1
    assert "disk full" in lines[0]["reason"]
    assert token not in str(lines)
