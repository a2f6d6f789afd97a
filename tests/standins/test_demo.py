"""The demo account is connected once, by the product's own command, its token told by stdin."""

import sys
from email.utils import getaddresses
from pathlib import Path

import pytest

from tests.standins.demo import connect_demo
from tests.standins.gmail import GmailStandin
from tests.standins.seeds import DRAFTS, PEOPLE, SENDER, seed_gmail
from tracker.mail_systems import consumer_system

# Stands in the place of the console script: notes its arguments and its stdin, and lists what the test wrote.
SCRIPT = """
import pathlib, sys
here = pathlib.Path(sys.argv[1])
if sys.argv[2:] == ["accounts", "list"]:
    print((here / "list").read_text(), end="")
else:
    (here / "ran").write_text(" ".join(sys.argv[2:]) + "|" + sys.stdin.read())
    sys.exit((here / "refusal").read_text() if (here / "refusal").exists() else 0)
"""


def twotick(folder: Path, listed: str = "") -> list[str]:
    (folder / "list").write_text(listed)
    return [sys.executable, "-c", SCRIPT, str(folder)]


def ran(folder: Path) -> str:
    return (folder / "ran").read_text() if (folder / "ran").exists() else ""


async def test_a_first_start_connects_the_sender_and_keeps_the_token_off_the_command_line(tmp_path):
    said = await connect_demo(GmailStandin(), "U1", twotick(tmp_path), "1//secret")

    assert ran(tmp_path) == f"accounts add --email {SENDER} --slack-user U1 --refresh-token-file -|1//secret\n"
    assert said == f"{SENDER} is connected to Twotick."


async def test_an_account_that_is_there_is_left_alone(tmp_path):
    await connect_demo(GmailStandin(), "U1", twotick(tmp_path, f"{SENDER}\tU1\t-\tconnected\n"), None)

    assert ran(tmp_path) == ""


@pytest.mark.parametrize("listed", ["", f"{SENDER}\tU1\t-\treconnect\n", f"not-{SENDER}\tU1\t-\tconnected\n"])
async def test_an_account_that_is_not_there_or_lost_its_grant_gets_a_new_one(tmp_path, listed):
    gmail = GmailStandin()

    await connect_demo(gmail, "U1", twotick(tmp_path, listed), None)

    assert "|1//0" in ran(tmp_path)
    assert SENDER in gmail.mailboxes


async def test_a_new_mailbox_is_connected_again_even_where_its_address_is_known(tmp_path):
    await connect_demo(GmailStandin(), "U1", twotick(tmp_path, f"{SENDER}\tU1\t-\tconnected\n"), "1//new")

    assert ran(tmp_path).endswith("|1//new\n")


async def test_a_refusal_is_said_in_its_own_words_and_without_the_token(tmp_path):
    (tmp_path / "refusal").write_text("twotick: the database is not there")

    said = await connect_demo(GmailStandin(), "U1", twotick(tmp_path), "1//secret")

    assert said.endswith("said: twotick: the database is not there")
    assert "1//secret" not in said


async def test_with_a_real_slack_its_member_must_be_named_first(tmp_path):
    said = await connect_demo(GmailStandin(), "", twotick(tmp_path), "1//secret")

    assert "STANDINS_SLACK_USER" in said
    assert ran(tmp_path) == ""


def test_drafts_are_written_once():
    gmail = GmailStandin()

    first, second = seed_gmail(gmail), seed_gmail(gmail)

    assert first
    assert second is None
    assert len(gmail.mailboxes[SENDER].drafts) == len(DRAFTS)


def test_the_demo_has_people_with_and_without_gmail_so_that_the_senders_own_look_can_be_told():
    systems = {consumer_system(address.rpartition("@")[2]) for address in PEOPLE}

    assert {"google", "microsoft"} <= systems


def test_every_draft_is_written_to_people_who_are_there():
    written_to = {address for draft in DRAFTS for _, address in getaddresses([draft.to])}

    assert written_to <= set(PEOPLE)
