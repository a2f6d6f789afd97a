import pytest

from bot.signatures import is_from_slack, signature

# Slack's own example: https://docs.slack.dev/authentication/verifying-requests-from-slack
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1531420618
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SIGNED = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def headers(timestamp: str = str(NOW), signed: str = SIGNED) -> dict[str, str]:
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signed}


def test_slacks_own_example_is_from_slack() -> None:
    assert is_from_slack(SECRET, headers(), BODY, NOW)


def test_a_changed_body_is_not() -> None:
    assert not is_from_slack(SECRET, headers(), BODY + b"x", NOW)


def test_another_secret_is_not() -> None:
    assert not is_from_slack("other", headers(), BODY, NOW)


@pytest.mark.parametrize("later", [301, -301])
def test_a_request_played_again_after_five_minutes_is_not(later: int) -> None:
    assert not is_from_slack(SECRET, headers(), BODY, NOW + later)


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "١٢", "1" * 5000, "1531420618.5"])
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    assert not is_from_slack(SECRET, headers(timestamp, signature(SECRET, timestamp, BODY)), BODY, NOW)


@pytest.mark.parametrize("signed", ["", "v0=", "v1=abc", "ü\udcff"])
def test_a_signature_that_is_none_is_refused(signed: str) -> None:
    assert not is_from_slack(SECRET, headers(signed=signed), BODY, NOW)
