"""The Gmail stand-in as a post office: what sending changes, refuses and delivers."""

import pytest

from tests.standins.gmail import GmailStandin
from tests.standins.gmail_caller import READER, SENDER, Caller, Said, a_mail, as_raw, calling
from tests.standins.gmail_mime import field_of, message_id_of


async def _send(gmail: Caller, standin: GmailStandin, mail: bytes, thread_id: str | None = None) -> Said:
    draft_id = standin.save_draft(SENDER, a_mail("The saved one"), thread_id)
    message = {"raw": as_raw(mail), **({"threadId": thread_id} if thread_id else {})}
    return await gmail.post("drafts/send", {"id": draft_id, "message": message})


async def test_the_message_in_the_request_is_what_goes_out():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        said = await _send(gmail, standin, a_mail("The tagged one"))

    assert set(said.json) == {"id", "threadId", "labelIds"}
    assert b"The tagged one" in standin.mailboxes[SENDER].messages[said.json["id"]].raw


async def test_a_saved_draft_goes_out_as_it_is_when_no_message_is_given():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        draft_id = standin.save_draft(SENDER, a_mail("As saved"))
        said = await gmail.post("drafts/send", {"id": draft_id})

    assert b"As saved" in standin.mailboxes[SENDER].messages[said.json["id"]].raw


async def test_a_sent_draft_is_gone():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        draft_id = standin.save_draft(SENDER, a_mail())
        first = await gmail.post("drafts/send", {"id": draft_id})
        second = await gmail.post("drafts/send", {"id": draft_id})

    assert (first.status, second.status) == (200, 404)
    assert len(standin.mailboxes[SENDER].labelled("SENT")) == 1


async def test_every_recipient_gets_a_copy_and_nobody_sees_the_bcc():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        await _send(gmail, standin, a_mail(cc="Bob <bob@acme.example>", bcc="eve@other.example"))

    for reader in (READER, "bob@acme.example", "eve@other.example"):
        (arrived,) = standin.mailboxes[reader].labelled("INBOX")
        assert "UNREAD" in arrived.label_ids
        assert field_of(arrived.raw, "Bcc") is None
    (sent,) = standin.mailboxes[SENDER].labelled("SENT")
    assert field_of(sent.raw, "Bcc") == "eve@other.example"


async def test_a_mail_without_a_recipient_is_refused_and_stays_a_draft():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        said = await _send(gmail, standin, a_mail(to=""))

    assert (said.status, said.message) == (400, "Recipient address required")
    assert len(standin.mailboxes[SENDER].drafts) == 1


async def test_a_mail_to_something_that_is_no_address_is_refused():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        said = await _send(gmail, standin, a_mail(to="ada, bob@acme.example"))

    assert (said.status, said.message) == (400, "Invalid To header")


async def test_a_false_sender_is_replaced_by_the_mailbox():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        said = await _send(gmail, standin, a_mail(**{"from": "The Boss <boss@acme.example>"}))

    sent = standin.mailboxes[SENDER].messages[said.json["id"]]
    assert field_of(sent.raw, "From") == f"The Boss <{SENDER}>"


@pytest.mark.parametrize(("keeps", "kept"), [(True, True), (False, False)])
async def test_a_message_id_is_kept_or_replaced_as_ordered(keeps: bool, kept: bool):
    standin = GmailStandin()
    standin.keeps_message_ids = keeps
    async with calling(standin) as gmail:
        said = await _send(gmail, standin, a_mail(message_id="<mine@sender.example>"))

    sent = standin.mailboxes[SENDER].messages[said.json["id"]]
    assert (message_id_of(sent.raw) == "<mine@sender.example>") is kept


async def test_a_reply_joins_its_thread_on_both_sides():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        first = await _send(gmail, standin, a_mail(message_id="<1@sender.example>"))
        reply = a_mail(subject="Re: Q3 proposal", in_reply_to="<1@sender.example>", references="<1@sender.example>")
        second = await _send(gmail, standin, reply, first.json["threadId"])

    assert second.json["threadId"] == first.json["threadId"]
    assert len({mail.thread_id for mail in standin.mailboxes[READER].messages.values()}) == 1


@pytest.mark.parametrize(
    "flaw", [{"subject": "Something else"}, {"in_reply_to": ""}, {"references": ""}, {"references": "<9@x.example>"}]
)
async def test_a_reply_that_does_not_fit_starts_a_thread_of_its_own(flaw: dict[str, str]):
    standin = GmailStandin()
    async with calling(standin) as gmail:
        first = await _send(gmail, standin, a_mail(message_id="<1@sender.example>"))
        fields = {"subject": "Re: Q3 proposal", "in_reply_to": "<9@x.example>", "references": "<1@sender.example>"}
        second = await _send(gmail, standin, a_mail(**{**fields, **flaw}), first.json["threadId"])

    assert second.status == 200
    assert second.json["threadId"] != first.json["threadId"]


async def test_an_unknown_thread_is_not_found():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        draft_id = standin.save_draft(SENDER, a_mail())
        said = await gmail.post(
            "drafts/send", {"id": draft_id, "message": {"raw": as_raw(a_mail()), "threadId": "feed"}}
        )

    assert said.status == 404
    assert draft_id in standin.mailboxes[SENDER].drafts


async def test_a_mail_to_nowhere_we_know_is_accepted_and_reaches_nobody():
    standin = GmailStandin()
    async with calling(standin) as gmail:
        said = await _send(gmail, standin, a_mail(to="ada@unreachable.invalid"))

    assert said.status == 200
    assert set(standin.mailboxes) == {SENDER}


async def test_a_mail_to_oneself_is_one_mail_under_both_labels():
    standin = GmailStandin()
    standin.add_mailbox(SENDER)

    sent = standin.send(SENDER, a_mail(to=SENDER))

    assert set(sent.label_ids) == {"SENT", "INBOX", "UNREAD"}
    assert list(standin.mailboxes[SENDER].messages) == [sent.id]


async def test_a_reply_sent_from_the_other_side_joins_the_senders_thread():
    standin = GmailStandin()
    standin.add_mailbox(SENDER)
    first = standin.send(SENDER, a_mail(message_id="<1@sender.example>"))
    fields = {"from": READER, "to": SENDER, "subject": "Re: Q3 proposal"}

    standin.send(READER, a_mail(**fields, in_reply_to="<1@sender.example>", references="<1@sender.example>"))

    (arrived,) = standin.mailboxes[SENDER].labelled("INBOX")
    assert arrived.thread_id == first.thread_id


async def test_a_read_mail_stays_in_the_inbox():
    standin = GmailStandin()
    standin.add_mailbox(SENDER)
    standin.send(SENDER, a_mail())
    (arrived,) = standin.mailboxes[READER].labelled("INBOX")

    standin.mark_read(READER, arrived.id)

    assert standin.mailboxes[READER].messages[arrived.id].label_ids == ("INBOX",)
