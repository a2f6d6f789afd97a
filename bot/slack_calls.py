"""Calls of Slack's Web API, counted by method and outcome, whoever makes them."""

import re
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tracker.counts import SLACK_CALLS, SLACK_SECONDS

_A_CODE = re.compile(r"[a-z_]{1,60}")


class CountedClient(AsyncWebClient):
    """slack_sdk's client; each of its calls passes through here, those that an upload is made of, too."""

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:
        outcome = "no_answer"
        try:
            with SLACK_SECONDS.timing():
                answer = await super().api_call(api_method, **how)
            outcome = "ok"
        except SlackApiError as refused:
            outcome = outcome_of(refused)
            raise
        finally:
            SLACK_CALLS.add(api_method, outcome)
        return answer


def outcome_of(refused: SlackApiError) -> str:
    """Slack's own code, or the status where there is none."""
    response: Any = refused.response
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    if status == 429:
        return "ratelimited"
    # A page of something between us and Slack is no code, and might be made to hold anything.
    return code if _A_CODE.fullmatch(code) else f"http_{status}"
