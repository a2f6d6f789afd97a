"""The Gmail stand-in as a mailbox: drafts, reading, searching, and being kept over a restart."""

import json
from datetime import timedelta

import pytest

from tests.makers import NOON, after
from tests.standins.gmail import GmailStandin
from tests.standins.gmail_caller import SENDER, a_mail, as_raw, calling


async def test_a_new_draft_is_answered_with_names_and_labels_alone():
    async with calling(GmailStandin()) as gmail:
        said = await gmail.post("drafts", {"message": {"raw": as_raw(a_mail())}})

    assert set(said.json) == {"id", "message"}
    assert set(said.json["message"]) == {"id", "threadId", "labelIds"}


async def test_an_edited_draft_keeps_its_id_and_gets_a_new_message_id():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        draft_id = standin.save_draft(SENDER, a_mail())
        before = standin.mailboxes[SENDER].drafts[draft_id].id
        said = await gmail.request("PUT", f"drafts/{draft_id}", json={"message": {"raw": as_raw(a_mail("New"))}})

    assert said.json["id"] == draft_id
    assert said.json["message"]["id"] != before


async def test_a_raw_draft_comes_back_as_it_was_saved():
    standin = GmailStandin()
    mail = a_mail(message_id="<1@sender.example>")
    async with calling(standin) as gmail:
        draft_id = standin.save_draft(SENDER, mail)
        said = await gmail.get(f"drafts/{draft_id}", format="raw")

    assert said.json["message"]["raw"] == as_raw(mail)


async def test_a_draft_without_a_message_id_gets_one():
    standin = GmailStandin()
    standin.add_mailbox(SENDER)

    draft_id = standin.save_draft(SENDER, a_mail())

    assert b"Message-ID: <CA" in standin.mailboxes[SENDER].drafts[draft_id].raw


async def test_metadata_names_only_the_headers_that_were_asked_for():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        draft_id = standin.save_draft(SENDER, a_mail(subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?="))
        message_id = standin.mailboxes[SENDER].drafts[draft_id].id
        said = await gmail.get(f"messages/{message_id}", format="metadata", metadataHeaders="SUBJECT")

    assert said.json["payload"]["headers"] == [{"name": "Subject", "value": "Grüße"}]


async def test_parsed_bodies_are_refused_rather_than_guessed():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        draft_id = standin.save_draft(SENDER, a_mail())
        said = await gmail.get(f"drafts/{draft_id}")

    assert said.status == 501


async def test_a_deleted_draft_is_not_found():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        draft_id = standin.save_draft(SENDER, a_mail())
        await gmail.request("DELETE", f"drafts/{draft_id}")
        said = await gmail.get(f"drafts/{draft_id}", format="raw")

    assert (said.status, said.reason) == (404, "notFound")


async def test_drafts_are_listed_by_pages_newest_first():
    times = iter(range(1, 100))
    standin = GmailStandin(clock=lambda: after(next(times)))
    async with calling(standin) as gmail:
        ids = [standin.save_draft(SENDER, a_mail()) for _ in range(3)]
        first = await gmail.get("drafts", maxResults="2")
        second = await gmail.get("drafts", maxResults="2", pageToken=first.json["nextPageToken"])

    listed = [draft["id"] for page in (first, second) for draft in page.json["drafts"]]
    assert listed == ids[::-1]
    assert "nextPageToken" not in second.json


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("in:drafts", True),
        ("in:sent", False),
        ("rfc822msgid:1@sender.example", True),
        ("rfc822msgid:2@sender.example", False),
        ("subject:proposal", True),
        ("subject:pro", False),
        ('subject:"q3 proposal" to:ada', True),
        ("to:bob", False),
        ("from:sam@sender.example", True),
        (f"after:{int(NOON.timestamp()) - 1}", True),
        (f"after:{int(NOON.timestamp())}", False),
        ("newer_than:1d", True),
    ],
)
async def test_searching_finds_what_the_query_says(query: str, finds: bool):
    standin = GmailStandin(clock=lambda: NOON)
    async with calling(standin) as gmail:
        standin.save_draft(SENDER, a_mail(message_id="<1@sender.example>"))
        said = await gmail.get("drafts", q=query)

    assert ("drafts" in said.json) is finds


@pytest.mark.parametrize(
    "query", ["larger:5M", "hello", "in:sent OR in:drafts", "-in:sent", "in:nowhere", "after:soon"]
)
async def test_a_search_beyond_the_stand_in_is_refused(query: str):
    async with calling(GmailStandin()) as gmail:
        said = await gmail.get("messages", q=query)

    assert said.status == 400


async def test_a_lagging_index_hides_young_mail_from_searches_only():
    standin = GmailStandin(clock=lambda: NOON)
    standin.search_lag = timedelta(seconds=5)
    async with calling(standin) as gmail:
        standin.save_draft(SENDER, a_mail())
        searched, listed = await gmail.get("drafts", q="in:drafts"), await gmail.get("drafts")

    assert "drafts" not in searched.json
    assert "drafts" in listed.json


async def test_a_snapshot_survives_json_and_brings_everything_back():
    standin = GmailStandin(clock=lambda: NOON)
    token = standin.add_mailbox(SENDER, "Sam")
    draft_id = standin.save_draft(SENDER, a_mail("\u00e4"))

    again = GmailStandin(clock=lambda: NOON)
    again.restore(json.loads(json.dumps(standin.snapshot())))

    assert again.mailboxes == standin.mailboxes
    assert again.mailboxes[SENDER].drafts[draft_id].raw.endswith("\u00e4\r\n".encode())
    assert again.grants.refresh_tokens[token].email == SENDER


async def test_every_change_is_told():
    changes: list[int] = []
    standin = GmailStandin(on_change=lambda: changes.append(1))
    async with calling(standin) as gmail:
        before = len(changes)
        await gmail.post("drafts", {"message": {"raw": as_raw(a_mail())}})
        await gmail.get("drafts")

    assert len(changes) - before == 1


async def test_the_profile_counts_and_marks_where_history_stands():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        before = await gmail.get("profile")
        standin.save_draft(SENDER, a_mail())
        after_saving = await gmail.get("profile")

    assert (before.json["messagesTotal"], after_saving.json["messagesTotal"]) == (0, 1)
    assert after_saving.json["emailAddress"] == SENDER
    assert int(after_saving.json["historyId"]) > int(before.json["historyId"])
