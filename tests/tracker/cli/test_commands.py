"""The console script as a whole: it ends with one sentence, and never with a stack trace."""

import json

import pytest

from tests.tracker.cli.conftest import Twotick


def test_migrating_twice_says_what_was_done_and_that_nothing_is_left(twotick: Twotick) -> None:
    assert twotick("migrate").said.startswith("applied 0001_first\n")
    assert twotick("migrate").said == "the database is current\n"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("serve",), "twotick migrate"),
        (("send", "--account", "me@x.example", "--file", "no.eml"), "cannot read no.eml"),
    ],
)
def test_what_the_user_can_mend_is_one_sentence(twotick: Twotick, command: tuple[str, ...], words: str) -> None:
    ended = twotick(*command)

    assert (ended.code, ended.errors.count("twotick: ")) == (1, 1)
    assert words in ended.errors
    assert "Traceback" not in ended.errors


def test_a_wrong_setting_is_named(twotick: Twotick) -> None:
    assert twotick("migrate", PORT="eighty").errors.startswith("twotick: PORT: expected a port number")


def test_sending_without_a_google_client_says_which_settings_are_missing(migrated: Twotick) -> None:
    ended = migrated("send", "--account", "me@x.example", "--file", "-", stdin=b"To: a@x.example\n\nhello")

    assert ended.code == 1
    assert "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET" in ended.errors


def test_an_unknown_account_is_told_with_those_there_are(connected: Twotick) -> None:
    ended = connected("opens", "--account", "me@x.example")

    assert ended.code == 1
    assert "There is mara@studio.example" in ended.errors


def test_where_no_account_is_connected_that_is_said(migrated: Twotick) -> None:
    assert "None is connected yet" in migrated("opens", "--account", "me@x.example").errors


def test_opens_reads_a_quoted_phrase_as_one_word_and_answers_in_json(connected: Twotick) -> None:
    told = json.loads(connected("opens", "--account", "Mara@studio.example", "--json", "q3 proposal", "ada").out)

    assert (told["question"], told["words"], told["messages"]) == ("matching", ["q3 proposal", "ada"], [])


def test_an_unknown_command_names_those_there_are(twotick: Twotick) -> None:
    ended = twotick("nonsense")

    assert ended.code == 2
    for command in ("serve", "migrate", "tag", "accounts", "send", "opens"):
        assert f"'{command}'" in ended.errors
