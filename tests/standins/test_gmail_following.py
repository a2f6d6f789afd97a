"""Following a mailbox of the Gmail stand-in: history, labels, conversations."""

import json

import pytest

from tests.makers import NOON
from tests.standins.gmail import GmailStandin
from tests.standins.gmail_caller import READER, SENDER, a_mail, calling

SHOWN = {"labelListVisibility": "labelShow", "messageListVisibility": "show"}


async def test_history_needs_a_mark():
    async with calling(GmailStandin()) as gmail:
        assert (await gmail.get("history")).status == 400


async def test_history_can_be_asked_for_one_kind_under_one_label():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        mark = (await gmail.get("profile")).json["historyId"]
        standin.save_draft(SENDER, a_mail())
        sent = standin.send(SENDER, a_mail(to=SENDER))
        standin.mark_read(SENDER, sent.id)
        said = await gmail.get("history", startHistoryId=mark, historyTypes="messageAdded", labelId="SENT")

    (record,) = said.json["history"]
    assert record["messages"] == [{"id": sent.id, "threadId": sent.thread_id}]
    assert set(record) == {"id", "messages", "messagesAdded"}


async def test_an_unknown_kind_of_history_is_refused():
    async with calling(GmailStandin()) as gmail:
        mark = (await gmail.get("profile")).json["historyId"]

        assert (await gmail.get("history", startHistoryId=mark, historyTypes="messagesAdded")).status == 400


async def test_sending_a_draft_is_an_addition_and_a_deletion_in_history():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        draft_id = standin.save_draft(SENDER, a_mail())
        mark = (await gmail.get("profile")).json["historyId"]
        await gmail.post("drafts/send", {"id": draft_id})
        said = await gmail.get("history", startHistoryId=mark)

    kinds = [set(record) - {"id", "messages"} for record in said.json["history"]]
    assert kinds == [{"messagesAdded"}, {"messagesDeleted"}]


async def test_history_ids_only_grow_and_are_not_contiguous():
    standin = GmailStandin()
    standin.add_mailbox(SENDER)
    for _ in range(40):
        standin.save_draft(SENDER, a_mail())

    ids = [record.id for record in standin.mailboxes[SENDER].history.records]

    assert ids == sorted(set(ids))
    assert ids[-1] - ids[0] > len(ids)


async def test_history_before_a_mark_can_be_forgotten():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        first = (await gmail.get("profile")).json["historyId"]
        standin.save_draft(SENDER, a_mail())
        second = (await gmail.get("profile")).json["historyId"]
        standin.forget_history(SENDER, before=int(second))
        said = [await gmail.get("history", startHistoryId=mark) for mark in (first, second)]

    assert [answer.status for answer in said] == [404, 200]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "opened", **SHOWN}, 409),
        ({"name": "SENT", **SHOWN}, 400),
        ({"name": " ", **SHOWN}, 400),
        ({"name": "x" * 226, **SHOWN}, 400),
        ({"name": "New"}, 400),
        ({"name": "New", **SHOWN, "labelListVisibility": "always"}, 400),
        ({"name": "New", **SHOWN, "color": {"textColor": "#000000"}}, 400),
        ({"name": "New", **SHOWN, "color": {"textColor": "#000000", "backgroundColor": "#00ff00"}}, 400),
        ({"name": "New", **SHOWN, "type": "system"}, 400),
        ({"name": "New", **SHOWN, "color": {"textColor": "#000000", "backgroundColor": "#16a766"}}, 200),
    ],
)
async def test_a_label_is_made_only_as_gmail_lets_it(body: dict[str, object], status: int):
    async with calling(GmailStandin()) as gmail:
        await gmail.post("labels", {"name": "Opened", **SHOWN})

        assert (await gmail.post("labels", body)).status == status


@pytest.mark.parametrize(("label_id", "status"), [("SENT", 400), ("Label_1", 404)])
async def test_a_label_that_is_not_the_owners_cannot_be_changed(label_id: str, status: int):
    async with calling(GmailStandin()) as gmail:
        changed = await gmail.request("PATCH", f"labels/{label_id}", json={"name": "New"})
        deleted = await gmail.request("DELETE", f"labels/{label_id}")

    assert (changed.status, deleted.status) == (status, status)


async def test_a_deleted_label_leaves_its_mails():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        label = (await gmail.post("labels", {"name": "Opened", **SHOWN})).json["id"]
        sent = standin.send(SENDER, a_mail())
        await gmail.post(f"messages/{sent.id}/modify", {"addLabelIds": [label]})
        await gmail.request("DELETE", f"labels/{label}")

    assert standin.mailboxes[SENDER].messages[sent.id].label_ids == ("SENT",)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"addLabelIds": ["SENT"]},
        {"removeLabelIds": ["SENT"]},
        {"addLabelIds": ["DRAFT"]},
        {"addLabelIds": ["Label_1"]},
        {"addLabelIds": ["STARRED"], "removeLabelIds": ["STARRED"]},
    ],
)
async def test_labels_that_nobody_may_move_stay(body: dict[str, list[str]]):
    standin = GmailStandin()
    async with calling(standin) as gmail:
        sent = standin.send(SENDER, a_mail())
        one = await gmail.post(f"messages/{sent.id}/modify", body)
        whole = await gmail.post(f"threads/{sent.thread_id}/modify", body)

    assert (one.status, whole.status) == (400, 400)
    assert standin.mailboxes[SENDER].messages[sent.id].label_ids == ("SENT",)


async def test_a_draft_carries_no_labels():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        draft = standin.mailboxes[SENDER].drafts[standin.save_draft(SENDER, a_mail())]

        assert (await gmail.post(f"messages/{draft.id}/modify", {"addLabelIds": ["STARRED"]})).status == 400


async def test_a_mail_in_the_bin_is_listed_only_when_asked_for():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        sent = standin.send(SENDER, a_mail())
        await gmail.post(f"messages/{sent.id}/trash", None)
        without = await gmail.get("messages")
        binned = await gmail.get("messages", includeSpamTrash="true")

    assert "messages" not in without.json
    assert [mail["id"] for mail in binned.json["messages"]] == [sent.id]


async def test_deleting_for_good_needs_the_widest_scope():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        sent = standin.send(SENDER, a_mail())
        said = await gmail.request("DELETE", f"messages/{sent.id}")

    assert (said.status, said.reason) == (403, "insufficientPermissions")


async def test_a_conversation_lists_its_mails_oldest_first():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        first = standin.send(SENDER, a_mail(message_id="<1@sender.example>"))
        (arrived,) = standin.mailboxes[READER].labelled("INBOX")
        standin.reply(READER, arrived.id, "Thanks")
        said = await gmail.get(f"threads/{first.thread_id}", format="minimal")
        listed = await gmail.get("threads")

    assert [mail["labelIds"] for mail in said.json["messages"]] == [["SENT"], ["INBOX", "UNREAD"]]
    assert [thread["id"] for thread in listed.json["threads"]] == [first.thread_id]


async def test_everything_to_follow_survives_a_restart():
    standin = GmailStandin(clock=lambda: NOON)
    async with calling(standin) as gmail:
        label = (await gmail.post("labels", {"name": "Opened", **SHOWN})).json
        standin.send(SENDER, a_mail(message_id="<1@sender.example>"))
        standin.add_alias(SENDER, "sales@sender.example")
        again = GmailStandin(clock=lambda: NOON)
        again.restore(json.loads(json.dumps(standin.snapshot())))

    box = again.mailboxes[SENDER]
    assert (box.labels[label["id"]]["name"], box.history) == ("Opened", standin.mailboxes[SENDER].history)
    reply = a_mail(subject="Re: Q3 proposal", in_reply_to="<1@sender.example>", references="<1@sender.example>")
    assert box.thread_of_reply(reply) is not None
    assert again.keys == standin.keys


async def test_a_mailbox_full_of_old_mail_is_listed_by_pages():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        standin.fill(SENDER, 1_000)
        said = await gmail.get("messages", q="in:sent", maxResults="500")

    assert (len(said.json["messages"]), said.json["resultSizeEstimate"]) == (500, 1_000)
