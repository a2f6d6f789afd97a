"""Which services get a stand-in, and what it offers."""

import stat
from dataclasses import dataclass

import pytest

from tests.standins.offers import Missing, missing_services, offered, offering
from tracker.settings import WrongSetting, load_settings

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
GOOGLE = {"GOOGLE_CLIENT_ID": "c", "GOOGLE_CLIENT_SECRET": "s"}


@dataclass(frozen=True)
class Credentials:
    client_id: str = "id.apps.example"
    client_secret: str = "GOCSPX-1"
    bot_token: str = "xoxb-stand-in"
    signing_secret: str = "signed"


def missing(tmp_path, **given: str) -> Missing:
    return missing_services(load_settings(given, tmp_path), given)


@pytest.mark.parametrize(
    ("given", "gmail", "slack"),
    [({}, True, True), (SLACK, True, False), (GOOGLE, False, True), ({**SLACK, **GOOGLE}, False, False)],
)
def test_whatever_nobody_set_up_is_missing(tmp_path, given, gmail, slack):
    assert missing(tmp_path, **given) == Missing(gmail, slack)


def test_empty_settings_count_as_not_set(tmp_path):
    assert missing(tmp_path, SLACK_BOT_TOKEN="", SLACK_SIGNING_SECRET=" ").slack


@pytest.mark.parametrize(
    "given",
    [{"SLACK_BOT_TOKEN": "xoxb-1"}, {"GOOGLE_CLIENT_SECRET": "s"}, {"SLACK_API_URL": "https://x.example/"}],
)
def test_a_half_set_service_is_refused_and_what_is_absent_named(tmp_path, given):
    with pytest.raises(WrongSetting, match="not set, while"):
        missing(tmp_path, **given)


def test_only_what_is_missing_is_offered():
    values = offered("http://127.0.0.1:8025/", None, Credentials())

    assert values["SLACK_API_URL"] == "http://127.0.0.1:8025/api/"
    assert not [name for name in values if name.startswith(("GOOGLE", "TRUSTED"))]


def test_nothing_is_offered_when_nothing_is_missing():
    assert offered("http://127.0.0.1:8025/", None, None) == {}


def test_the_product_reads_what_is_offered_and_its_operator_wins(tmp_path):
    values = offered("http://127.0.0.1:8025/", Credentials(), Credentials())

    with offering(tmp_path / "data" / "standins.env", values):
        settings = load_settings({"SETTLE_SECONDS": "9"}, tmp_path)

    assert settings.google_token_url == "http://127.0.0.1:8025/token"
    assert settings.slack_bot_token.reveal() == "xoxb-stand-in"
    assert settings.settle_seconds == 9
    assert settings.gmail_poll_seconds == 2


def test_an_offer_ends_with_its_run(tmp_path):
    path = tmp_path / "standins.env"

    with pytest.raises(ZeroDivisionError), offering(path, {"A": "1"}):
        raise ZeroDivisionError

    assert not path.exists()


def test_an_offer_is_readable_by_its_owner_only(tmp_path):
    path = tmp_path / "standins.env"
    path.touch(0o644)

    with offering(path, {"A": "1"}):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
