"""Settings: a wrong one stops the start with its name, and secrets do not print."""

import json
import re
import stat
from dataclasses import fields
from pathlib import Path

import pytest

from tests.standins.gmail_delegation import ServiceAccounts
from tracker.assembly import recording_of
from tracker.ports import Store
from tracker.settings import WrongSetting, load_settings

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("name", "wrong", "expected"),
    [
        ("PORT", "eighty", "port number"),
        ("PORT", "0", "port number"),
        ("PORT", "70000", "port number"),
        ("PUBLIC_URL", "track.example.com", "https://"),
        ("PUBLIC_URL", "https://x.example/?a=1", "without"),
        ("DATABASE_URL", "mysql://localhost/x", "sqlite:///"),
        ("DATABASE_URL", "postgres://", "sqlite:///"),
        ("SECRET_KEY", "short", "16 characters"),
        ("ENCRYPTION_KEYS", "not base64 of 32 bytes", "32 bytes"),
        ("TRUSTED_PROXIES", "10.0.0.0/99", "networks"),
        ("SLACK_BOT_TOKEN", "xoxp-1", "xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "xapp-"),
        ("ADDON_SERVICE_ACCOUNT", "not an address", "iam.gserviceaccount.com"),
        ("GMAIL_POLL_SECONDS", "0", "number"),
        ("GMAIL_PUSH_TOPIC", "gmail", "projects/PROJECT/topics/TOPIC"),
        ("GMAIL_PUSH_TOPIC", "projects/twotick/topics/gmail/", "projects/PROJECT/topics/TOPIC"),
        ("GMAIL_PUSH_ACCOUNT", "not an address", "iam.gserviceaccount.com"),
        ("DRAFT_QUIET_SECONDS", "-1", "number"),
        ("SETTLE_SECONDS", "soon", "number"),
        ("SETTLE_SECONDS", "-1", "number"),
        ("SETTLE_SECONDS", "inf", "number"),
        ("RETENTION_DAYS", "0", "at least 1"),
        ("DOCUMENT_MAX_MB", "0", "from 0.001 to 100"),
        ("DOCUMENT_MAX_MB", "101", "from 0.001 to 100"),
        ("DOCUMENT_DAYS", "soon", "from 1 to 180"),
        ("METRICS_TOKEN", "short", "at least 16"),
        ("METRICS_TOKEN", "two words of sixteen letters", "at least 16"),
        ("WORKER_METRICS_PORT", "0", "0.0.0.0:9100"),
        ("WORKER_METRICS_PORT", "localhost", "0.0.0.0:9100"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_expected(tmp_path: Path, name: str, wrong: str, expected: str) -> None:
    with pytest.raises(WrongSetting, match=rf"^{name}: .*{re.escape(expected)}"):
        load_settings({name: wrong}, tmp_path)


@pytest.mark.parametrize(
    ("there", "value", "missing"),
    [
        ("ADDON_SERVICE_ACCOUNT", "addon@project.iam.gserviceaccount.com", "ADDON_CLIENT_ID"),
        ("ADDON_CLIENT_ID", "123.apps.googleusercontent.com", "ADDON_SERVICE_ACCOUNT"),
        ("GMAIL_PUSH_TOPIC", "projects/twotick/topics/gmail", "GMAIL_PUSH_ACCOUNT"),
        ("GMAIL_PUSH_ACCOUNT", "push@project.iam.gserviceaccount.com", "GMAIL_PUSH_TOPIC"),
    ],
)
def test_half_of_what_belongs_together_stops_the_start(tmp_path: Path, there: str, value: str, missing: str) -> None:
    with pytest.raises(WrongSetting, match=rf"^{missing}: "):
        load_settings({there: value}, tmp_path)


@pytest.mark.parametrize(
    ("there", "missing"),
    [("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"), ("SLACK_CLIENT_SECRET", "SLACK_CLIENT_ID")],
)
def test_half_a_slack_client_stops_the_start(tmp_path: Path, there: str, missing: str) -> None:
    with pytest.raises(WrongSetting, match=rf"^{missing}: "):
        load_settings({there: "1"}, tmp_path)


def test_one_workspaces_token_beside_many_workspaces_stops_the_start(tmp_path: Path) -> None:
    both = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"}

    with pytest.raises(WrongSetting, match=r"^SLACK_BOT_TOKEN: .*/slack/install"):
        load_settings(both, tmp_path)


BOT, MANY = {"SLACK_BOT_TOKEN": "xoxb-1"}, {"SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"}
SIGNED, SOCKET = {"SLACK_SIGNING_SECRET": "s"}, {"SLACK_APP_TOKEN": "xapp-1"}


@pytest.mark.parametrize(
    ("environ", "ready"),
    [
        (BOT | SIGNED, True),
        (BOT | SOCKET, True),
        (MANY | SIGNED, True),
        (MANY | SOCKET, True),
        (BOT, False),
        (MANY, False),
        (SIGNED | SOCKET, False),
    ],
)
def test_slack_is_ready_once_we_can_speak_and_hear(tmp_path: Path, environ: dict[str, str], ready: bool) -> None:
    assert load_settings(environ, tmp_path).slack_ready is ready


def test_secrets_do_not_print(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "SLACK_BOT_TOKEN": "xoxb-very-secret",
            "SLACK_SIGNING_SECRET": "sign-secret",
            "SLACK_APP_TOKEN": "xapp-socket-secret",
            "GOOGLE_CLIENT_SECRET": "google-secret",
            "SECRET_KEY": "0123456789abcdef",
            "DATABASE_URL": "postgres://me:dbsecret@db/x",
        },
        tmp_path,
    )

    shown = f"{settings!r} {settings.slack_bot_token} {settings.secret_keys}"

    assert not [
        part
        for part in ("very-secret", "sign-secret", "socket-secret", "google-secret", "0123456789", "dbsecret")
        if part in shown
    ]
    assert settings.slack_bot_token.reveal() == "xoxb-very-secret"


def test_the_environment_wins_over_the_file_and_the_file_over_the_standins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9001\nSLACK_SIGNING_SECRET=from-file\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "standins.env").write_text(
        "PORT=9002\nSLACK_SIGNING_SECRET=standin\nGOOGLE_CLIENT_ID=standin\n"
    )

    settings = load_settings({"PORT": "9000"}, tmp_path)

    assert settings.port == 9000
    assert settings.slack_signing_secret.reveal() == "from-file"
    assert settings.google_client_id == "standin"


def test_an_empty_line_in_the_file_hides_no_standin(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_SIGNING_SECRET=\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "standins.env").write_text("SLACK_SIGNING_SECRET=standin\n")

    assert load_settings({}, tmp_path).slack_signing_secret.reveal() == "standin"


def test_keys_that_nobody_set_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    first = load_settings({}, tmp_path)
    again = load_settings({}, tmp_path)

    assert first.secret_keys == again.secret_keys
    assert first.secret_keys != first.encryption_keys
    assert stat.S_IMODE((tmp_path / "data" / "secret.key").stat().st_mode) == 0o600


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WrongSetting, match="DATA_DIR"):
        load_settings({"DATA_DIR": str(tmp_path / "file" / "below")}, tmp_path)


def test_an_empty_key_file_that_a_crash_left_is_filled(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.key").touch(0o600)

    (key,) = load_settings({}, tmp_path).secret_keys

    assert len(key.reveal()) == 44
    assert load_settings({}, tmp_path).secret_keys == (key,)


@pytest.mark.parametrize("name", ["secret.key", "encryption.key"])
def test_a_damaged_key_file_is_named_with_the_way_on(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / name).write_text("half")

    with pytest.raises(WrongSetting, match=f"{name}: .*backup"):
        load_settings({}, tmp_path)


@pytest.mark.parametrize("line", ['SLACK_BOT_TOKEN="xoxb-1', "PORT"])
def test_a_line_of_the_file_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"HOST=127.0.0.1\n{line}\n")

    with pytest.raises(WrongSetting, match=r"\.env: line 2: expected NAME=value"):
        load_settings({}, tmp_path)


def _read_by_code() -> set[str]:
    return set(re.findall(r'read\("([A-Z_]+)"', (ROOT / "tracker" / "settings.py").read_text())) | {"DATA_DIR"}


def test_the_readme_tells_every_setting_and_no_other() -> None:
    section = (ROOT / "README.md").read_text().partition("## Settings")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([A-Z_]+)`", section, re.MULTILINE)) == _read_by_code()


def test_the_example_file_names_every_setting_and_no_other() -> None:
    example = (ROOT / ".env.example").read_text()

    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == _read_by_code()


def test_a_database_of_places_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    settings = load_settings({"GEOIP_DB": "places.mmdb"}, tmp_path)

    with pytest.raises(WrongSetting, match=r"^GEOIP_DB: expected a database of places .*places\.mmdb"):
        recording_of(settings, Store(*([None] * len(fields(Store)))))  # type: ignore[list-item]


def test_documents_are_kept_no_longer_than_their_messages(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path).document_days == 30
    assert load_settings({"RETENTION_DAYS": "7"}, tmp_path).document_days == 7
    with pytest.raises(WrongSetting, match=r"^DOCUMENT_DAYS: expected a number from 1 to 7"):
        load_settings({"RETENTION_DAYS": "7", "DOCUMENT_DAYS": "8"}, tmp_path)


def _key_file(**parts: object) -> str:
    told = json.loads(ServiceAccounts().add("robot@project.iam.gserviceaccount.com", []))
    return json.dumps({name: value for name, value in {**told, **parts}.items() if value is not None})


def test_the_key_file_of_a_service_account_is_read(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text(_key_file())

    settings = load_settings({"GOOGLE_SERVICE_ACCOUNT_FILE": "key.json"}, tmp_path)

    assert settings.google_service_account
    assert settings.google_service_account.email == "robot@project.iam.gserviceaccount.com"
    assert (settings.gmail_ready, settings.google_ready) == (True, False)
    assert "PRIVATE KEY" not in repr(settings)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot be read"),
        ("no json", "is no JSON"),
        ("[]", "does not say"),
        ('{"installed": {"client_id": "x"}}', "does not say"),
        (_key_file(private_key=None), "lacks private_key"),
        (_key_file(client_id=7), "lacks client_id"),
        (_key_file(private_key="-----BEGIN PRIVATE KEY-----"), "cannot be read"),
    ],
)
def test_what_is_no_key_file_stops_the_start_with_its_settings_name(
    tmp_path: Path, content: str | None, complaint: str
) -> None:
    if content is not None:
        (tmp_path / "key.json").write_text(content)

    with pytest.raises(WrongSetting, match=f"^GOOGLE_SERVICE_ACCOUNT_FILE: .*{complaint}"):
        load_settings({"GOOGLE_SERVICE_ACCOUNT_FILE": "key.json"}, tmp_path)


def test_domains_are_read_however_they_are_written(tmp_path: Path) -> None:
    settings = load_settings({"CONNECT_DOMAINS": " Example.com, @sub.example.org,"}, tmp_path)

    assert settings.connect_domains == ("example.com", "sub.example.org")


@pytest.mark.parametrize("text", ["com", "you@example.com", "*.example.com", "example.com;example.org"])
def test_what_is_no_domain_stops_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(WrongSetting, match=r"^CONNECT_DOMAINS: expected mail domains"):
        load_settings({"CONNECT_DOMAINS": text}, tmp_path)


@pytest.mark.parametrize(
    ("said", "listens"),
    [
        ("", None),
        ("9100", ("127.0.0.1", 9100)),
        ("0.0.0.0:9100", ("0.0.0.0", 9100)),
        ("[::1]:9100", ("::1", 9100)),
    ],
)
def test_the_workers_figures_are_for_this_machine_unless_said(
    tmp_path: Path, said: str, listens: tuple[str, int] | None
) -> None:
    assert load_settings({"WORKER_METRICS_PORT": said}, tmp_path).worker_metrics_port == listens
