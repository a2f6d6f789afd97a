"""`twotick accounts`: connects mailboxes, lists and removes them; a secret is never an argument."""

from pathlib import Path

from tests.tracker.cli.conftest import Twotick

ADD = ("accounts", "add", "--email", "Mara@Studio.Example", "--slack-user", "U0MARA")


def test_an_account_is_added_listed_and_removed(migrated: Twotick, tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("1//a-grant\n")

    added = migrated(*ADD, "--refresh-token-file", "token.txt")
    listed = migrated("accounts", "list")
    removed = migrated("accounts", "remove", "--email", "mara@studio.example")
    gone = migrated("accounts", "remove", "--email", "mara@studio.example")

    assert added.said == "connected mara@studio.example for Slack user U0MARA\n"
    assert listed.said == "mara@studio.example\tU0MARA\t-\tconnected\tunknown\n"
    assert removed.said == "removed mara@studio.example and everything about it\n"
    assert (gone.code, "there is no account mara@studio.example" in gone.errors) == (1, True)


def test_a_list_of_none_says_how_to_connect_one(migrated: Twotick) -> None:
    assert "twotick accounts add" in migrated("accounts", "list").errors


def test_a_grant_is_kept_sealed(migrated: Twotick, tmp_path: Path) -> None:
    migrated(*ADD, stdin=b"1//a-very-secret-grant")

    assert [file for file in tmp_path.rglob("*") if file.is_file() and b"a-very-secret" in file.read_bytes()] == []


def test_what_is_no_grant_is_refused(twotick: Twotick) -> None:
    ended = twotick(*ADD, stdin=b"two words")

    assert ended.code == 1
    assert "token" in ended.errors


def test_what_is_no_address_is_refused(twotick: Twotick) -> None:
    ended = twotick("accounts", "add", "--email", "mara", "--slack-user", "U0", stdin=b"1//a-grant")

    assert ended.code == 1
    assert "--email: expected an address" in ended.errors
