"""What the Mailer port promises, kept by our client as long as all goes well."""

import base64
import quopri
from datetime import timedelta

import pytest

from tests.makers import NOON, after, an_account
from tests.standins.gmail import GmailStandin
from tests.standins.gmail_caller import READER, SENDER, a_mail
from tests.tracker.gmail.desk import GET, Desk, open_desk
from tracker.ports import DraftLine, Missing, Refused

TOKEN = "k3J9-x_TokenTokenToken42"


async def test_drafts_are_listed_with_subject_and_recipient(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail(subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?=", to=f"Ada <{READER}>"))

    lines = await desk.mailer.drafts(10)

    assert lines == [DraftLine(draft_id, "Grüße", f"Ada <{READER}>")]


async def test_a_draft_deleted_while_we_list_is_left_out(desk: Desk):
    desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.faults.fail(GET, 404, "notFound")

    assert await desk.mailer.drafts(10) == []


async def test_no_more_drafts_are_listed_than_asked_for(desk: Desk):
    for _ in range(4):
        desk.gmail.save_draft(SENDER, a_mail())

    assert len(await desk.mailer.drafts(3)) == 3


async def test_a_draft_comes_whole(desk: Desk):
    mail = a_mail("Ünïcode, ~?>", message_id="<1@sender.example>")
    draft_id = desk.gmail.save_draft(SENDER, mail)

    draft = await desk.mailer.draft(draft_id)

    assert (draft.id, draft.raw) == (draft_id, mail)
    assert draft.thread_id == desk.box.drafts[draft_id].thread_id


async def test_a_created_draft_is_found_by_its_message_id(desk: Desk):
    draft_id = await desk.mailer.create_draft(a_mail(message_id="<1@sender.example>"), None)

    assert await desk.mailer.find_draft("<1@sender.example>") == draft_id
    assert await desk.mailer.find_draft("<2@sender.example>") is None


@pytest.mark.parametrize("message_id", ["", "<>", "<a b@c>", '<" in:drafts "@c>', "<a@c> OR <b@c>"])
async def test_a_message_id_that_would_change_the_search_finds_nothing(desk: Desk, message_id: str):
    desk.gmail.save_draft(SENDER, a_mail())

    assert await desk.mailer.find_draft(message_id) is None
    assert desk.asked("gmail.users.drafts.list") == 0


async def test_what_we_give_is_what_goes_out(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail("The saved one"))
    draft = await desk.mailer.draft(draft_id)

    gmail_id = await desk.mailer.send_draft(draft_id, a_mail("The tagged one"), draft.thread_id)

    assert b"The tagged one" in desk.box.messages[gmail_id].raw
    assert desk.box.messages[gmail_id].thread_id == draft.thread_id


async def test_a_draft_deleted_between_listing_and_sending_is_missing(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    (line,) = await desk.mailer.drafts(1)
    desk.gmail.delete_draft(SENDER, draft_id)

    with pytest.raises(Missing, match="sent or deleted"):
        await desk.mailer.send_draft(line.id, a_mail(), None)


async def test_a_draft_sent_already_is_missing(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    await desk.mailer.send_draft(draft_id, a_mail(), None)

    with pytest.raises(Missing):
        await desk.mailer.send_draft(draft_id, a_mail(), None)

    assert len(desk.box.labelled("SENT")) == 1


async def test_a_mail_without_a_recipient_is_refused_in_plain_words(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail(to=""))

    with pytest.raises(Refused, match="Recipient address required"):
        await desk.mailer.send_draft(draft_id, a_mail(to=""), None)


async def test_the_facts_of_a_sent_mail_are_gmails_own():
    standin = GmailStandin(clock=lambda: NOON + timedelta(milliseconds=250))
    standin.keeps_message_ids = False
    async with open_desk(standin=standin) as desk:
        draft_id = desk.gmail.save_draft(SENDER, a_mail())
        gmail_id = await desk.mailer.send_draft(draft_id, a_mail(message_id="<ours@sender.example>"), None)
        facts = await desk.mailer.sent_facts(gmail_id)

    assert facts.sent_at == NOON + timedelta(milliseconds=250)
    assert facts.rfc_message_id.endswith("@mail.gmail.com>")
    assert (facts.gmail_id, facts.thread_id) == (gmail_id, standin.mailboxes[SENDER].messages[gmail_id].thread_id)


async def test_the_facts_of_an_unknown_message_are_missing(desk: Desk):
    with pytest.raises(Missing):
        await desk.mailer.sent_facts("feed")


def _encoded(body: bytes, encoding: str, charset: str = "utf-8") -> bytes:
    head = a_mail("", content_type=f"text/html; charset={charset}", content_transfer_encoding=encoding)
    return head.rstrip(b"\r\n") + b"\r\n\r\n" + body


PIXEL = f'<p>{"Hello = " * 20}<img src="https://track.example.com/o/{TOKEN}.gif">'
ENCODINGS = {
    "as it is": _encoded(PIXEL.encode(), "8bit"),
    "quoted-printable": _encoded(quopri.encodestring(PIXEL.encode()), "quoted-printable"),
    "base64": _encoded(base64.encodebytes(PIXEL.encode()), "base64"),
    "utf-16": _encoded(base64.encodebytes(PIXEL.encode("utf-16")), "base64", "utf-16"),
    "unknown charset": _encoded(base64.encodebytes(PIXEL.encode()), "base64", "klingon"),
    "as a header": a_mail(message_id=f"<{TOKEN}@sender.example>"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_a_sent_mail_is_found_by_its_mark_however_it_is_encoded(desk: Desk, encoding: str):
    for mail in (ENCODINGS[encoding], a_mail("A later one")):
        await desk.mailer.send_draft(desk.gmail.save_draft(SENDER, a_mail()), mail, None)
    sent = next(iter(desk.box.messages.values()))

    found = await desk.mailer.find_sent(desk.gmail.clock(), ["another mark", TOKEN])

    assert found is not None
    assert found == await desk.mailer.sent_facts(sent.id)


async def test_a_mail_is_found_and_not_the_reply_that_quotes_it(desk: Desk):
    for mail in (a_mail(TOKEN), a_mail(f"You wrote: {TOKEN}")):
        await desk.mailer.send_draft(desk.gmail.save_draft(SENDER, a_mail()), mail, None)
    sent = next(iter(desk.box.messages.values()))

    found = await desk.mailer.find_sent(desk.gmail.clock(), [TOKEN])

    assert found is not None
    assert found.gmail_id == sent.id


async def test_a_mark_that_only_a_draft_carries_is_not_found_among_sent_mail(desk: Desk):
    desk.gmail.save_draft(SENDER, a_mail(TOKEN))

    assert await desk.mailer.find_sent(desk.gmail.clock(), [TOKEN]) is None


async def test_mail_sent_long_before_is_not_looked_into():
    times = [NOON]
    async with open_desk(standin=GmailStandin(clock=lambda: times[-1])) as desk:
        await desk.mailer.send_draft(desk.gmail.save_draft(SENDER, a_mail()), a_mail(TOKEN), None)
        times.append(after(hours=1))

        assert await desk.mailer.find_sent(after(minutes=30), [TOKEN]) is None


async def test_a_clock_a_little_ahead_of_gmails_still_finds_the_mail(desk: Desk):
    await desk.mailer.send_draft(desk.gmail.save_draft(SENDER, a_mail()), a_mail(TOKEN), None)

    assert await desk.mailer.find_sent(desk.gmail.clock() + timedelta(minutes=1), [TOKEN])


async def test_a_mail_of_25_megabytes_is_saved_read_sent_and_found(desk: Desk):
    line = b"%s\r\n" % (b"x" * 76)
    mail = a_mail(TOKEN) + line * ((25 * 1024 * 1024 - 1000) // len(line))
    draft_id = await desk.mailer.create_draft(mail, None)
    draft = await desk.mailer.draft(draft_id)

    gmail_id = await desk.mailer.send_draft(draft_id, draft.raw, draft.thread_id)

    assert desk.box.messages[gmail_id].raw.endswith(mail[-1_000_000:])
    found = await desk.mailer.find_sent(desk.gmail.clock(), [TOKEN])
    assert found is not None
    assert found.gmail_id == gmail_id


async def test_a_mail_beyond_gmails_limit_is_refused_and_stays_a_draft(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())

    with pytest.raises(Refused, match="too large"):
        await desk.mailer.send_draft(draft_id, a_mail("x" * (26 * 1024 * 1024)), None)

    assert draft_id in desk.box.drafts


async def test_two_accounts_see_their_own_mail_only():
    async with open_desk() as desk:
        desk.gmail.save_draft(SENDER, a_mail())
        desk.grants["other"] = desk.gmail.add_mailbox("bob@sender.example")
        other = await desk.mailers.of(an_account(id="other"))

        assert await other.drafts(10) == []
