"""What the Mailbox port promises, kept by our client against the stand-in."""

from datetime import timedelta

import pytest

from tests.makers import NOON
from tests.standins.gmail import GmailStandin, Topic
from tests.standins.gmail_caller import READER, SENDER, a_mail
from tests.tracker.gmail.desk import TOKEN, Desk, open_desk
from tracker.mailbox import (
    Alias,
    Change,
    ChangeKind,
    Colour,
    DraftName,
    MarkTooOld,
    NameTaken,
    NotGranted,
    TopicClosed,
)
from tracker.ports import Missing, Refused, TryLater

GREEN = Colour("#ffffff", "#16a766")
HISTORY, CREATE_LABEL = "gmail.users.history.list", "gmail.users.labels.create"
TOPIC = "projects/twotick-test/topics/gmail"


async def test_a_profile_says_whose_mailbox_it_is_and_where_it_stands(desk: Desk):
    standing = await desk.mailer.profile()

    assert (standing.email, standing.mark) == (SENDER, str(desk.box.history_id))


async def test_nothing_happened_since_now(desk: Desk):
    mark = (await desk.mailer.profile()).mark

    changes = await desk.mailer.history(mark)

    assert (changes.changes, changes.mark, changes.complete) == ((), mark, True)


async def test_a_native_send_is_seen_as_a_mail_under_sent(desk: Desk):
    mark = (await desk.mailer.profile()).mark
    sent = desk.gmail.send(SENDER, a_mail())

    changes = await desk.mailer.history(mark)

    assert changes.changes == (Change(ChangeKind.ADDED, sent.id, sent.thread_id, frozenset({"SENT"})),)


async def test_an_edited_draft_is_a_deletion_and_an_addition(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    mark, old = (await desk.mailer.profile()).mark, desk.box.drafts[draft_id].id
    desk.gmail.edit_draft(SENDER, draft_id, a_mail("More"))

    seen = [(change.kind, change.gmail_id) for change in (await desk.mailer.history(mark)).changes]

    assert seen == [(ChangeKind.DELETED, old), (ChangeKind.ADDED, desk.box.drafts[draft_id].id)]


async def test_labels_that_move_are_told_apart_from_those_that_stay(desk: Desk):
    sent = desk.gmail.send(SENDER, a_mail(to=SENDER))
    mark = (await desk.mailer.profile()).mark
    desk.gmail.mark_read(SENDER, sent.id)

    (change,) = (await desk.mailer.history(mark)).changes

    assert (change.kind, change.moved) == (ChangeKind.LABELS_REMOVED, frozenset({"UNREAD"}))
    assert change.labels == {"SENT", "INBOX"}


async def test_many_changes_come_by_pages_and_in_order(desk: Desk):
    mark = (await desk.mailer.profile()).mark
    ids = [desk.gmail.send(SENDER, a_mail()).id for _ in range(1200)]

    changes = await desk.mailer.history(mark)

    assert [change.gmail_id for change in changes.changes] == ids
    assert changes.mark == str(desk.box.history_id)
    assert desk.asked(HISTORY) == 3


async def test_a_storm_is_worked_off_in_steps_without_gap_or_repetition(desk: Desk):
    sent = desk.gmail.send(SENDER, a_mail())
    mark = (await desk.mailer.profile()).mark
    for number in range(5_600):
        desk.box.relabel(sent.id, ("SENT", "STARRED")[: 2 - number % 2])

    first = await desk.mailer.history(mark)
    second = await desk.mailer.history(first.mark)

    assert (first.complete, second.complete) == (False, True)
    kinds = [change.kind for change in (*first.changes, *second.changes)]
    assert kinds == [ChangeKind.LABELS_ADDED, ChangeKind.LABELS_REMOVED] * 2_800


@pytest.mark.parametrize("mark", ["1", "99999999999999999999"])
async def test_a_mark_that_gmail_does_not_know_is_too_old(desk: Desk, mark: str):
    with pytest.raises(MarkTooOld):
        await desk.mailer.history(mark)


async def test_a_mark_that_gmail_forgot_is_too_old(desk: Desk):
    mark = (await desk.mailer.profile()).mark
    desk.gmail.forget_history(SENDER)

    with pytest.raises(MarkTooOld):
        await desk.mailer.history(mark)

    assert (await desk.mailer.history((await desk.mailer.profile()).mark)).complete


async def test_a_label_is_made_and_found_again(desk: Desk):
    made = await desk.mailer.create_label("✓ Sent", GREEN)

    own = [label for label in await desk.mailer.labels() if label.own]

    assert own == [made]
    assert (made.name, made.colour) == ("✓ Sent", GREEN)


async def test_gmails_own_labels_are_not_the_owners(desk: Desk):
    found = {label.id: label.own for label in await desk.mailer.labels()}

    assert found["SENT"] is False


async def test_a_name_that_is_there_is_taken_whatever_its_case(desk: Desk):
    await desk.mailer.create_label("Opened")

    with pytest.raises(NameTaken):
        await desk.mailer.create_label("OPENED")


async def test_a_label_whose_answer_was_lost_is_there_and_said_to_be(desk: Desk):
    desk.gmail.faults.drop_after(CREATE_LABEL)

    with pytest.raises(NameTaken):
        await desk.mailer.create_label("✓ Sent")

    assert [label.name for label in await desk.mailer.labels() if label.own] == ["✓ Sent"]


async def test_a_label_gets_another_name_and_colour(desk: Desk):
    made = await desk.mailer.create_label("Opened")

    changed = await desk.mailer.update_label(made.id, "✓✓ Opened", GREEN)

    assert (changed.id, changed.name, changed.colour) == (made.id, "✓✓ Opened", GREEN)


async def test_a_label_that_the_owner_deleted_is_missing(desk: Desk):
    with pytest.raises(Missing, match="label"):
        await desk.mailer.update_label("Label_1", "Again")


async def test_a_colour_outside_the_palette_is_refused(desk: Desk):
    with pytest.raises(Refused, match="palette"):
        await desk.mailer.create_label("Opened", Colour("#ffffff", "#123456"))


async def test_a_conversation_moves_between_labels_and_its_drafts_stay(desk: Desk):
    sent = desk.gmail.send(SENDER, a_mail(message_id="<1@sender.example>"))
    reply = a_mail(subject="Re: Q3 proposal", in_reply_to="<1@sender.example>", references="<1@sender.example>")
    draft_id = desk.gmail.save_draft(SENDER, reply, sent.thread_id)
    one, two = await desk.mailer.create_label("One"), await desk.mailer.create_label("Two")
    await desk.mailer.relabel_thread(sent.thread_id, [one.id], [])

    await desk.mailer.relabel_thread(sent.thread_id, [two.id], [one.id])

    assert set(desk.box.messages[sent.id].label_ids) == {"SENT", two.id}
    assert desk.box.drafts[draft_id].label_ids == ("DRAFT",)


async def test_moving_nothing_asks_nothing(desk: Desk):
    await desk.mailer.relabel_thread("t1", [], [])

    assert desk.asked("gmail.users.threads.modify") == 0


async def test_a_conversation_that_is_gone_is_missing(desk: Desk):
    with pytest.raises(Missing, match="conversation"):
        await desk.mailer.relabel_thread("feed", ["STARRED"], [])


async def test_a_label_that_is_gone_is_refused(desk: Desk):
    sent = desk.gmail.send(SENDER, a_mail())

    with pytest.raises(Refused, match="Invalid label"):
        await desk.mailer.relabel_thread(sent.thread_id, ["Label_1"], [])


async def test_a_mails_facts_come_with_the_headers_that_were_asked_for(desk: Desk):
    sent = desk.gmail.send(SENDER, a_mail(cc="bob@acme.example", subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?="))

    facts = await desk.mailer.message(sent.id, ["To", "Cc", "Subject"])

    assert facts.headers == {"to": READER, "cc": "bob@acme.example", "subject": "Grüße"}
    assert (facts.thread_id, facts.labels) == (sent.thread_id, {"SENT"})
    assert int(facts.at.timestamp() * 1000) == sent.internal_date


async def test_a_mails_source_comes_whole(desk: Desk):
    sent = desk.gmail.send(SENDER, a_mail("Ünïcode"))

    assert await desk.mailer.raw_message(sent.id) == sent.raw


async def test_a_mail_that_is_gone_is_missing(desk: Desk):
    sent = desk.gmail.send(SENDER, a_mail())
    desk.gmail.delete(SENDER, sent.id)

    with pytest.raises(Missing):
        await desk.mailer.raw_message(sent.id)


async def test_the_addresses_to_send_from_begin_with_its_own(desk: Desk):
    desk.gmail.add_alias(SENDER, "sales@sender.example", "Sales")

    assert list(await desk.mailer.send_as()) == [
        Alias(SENDER, "Sam", primary=True, confirmed=True),
        Alias("sales@sender.example", "Sales", primary=False, confirmed=True),
    ]


async def test_a_deleted_draft_is_gone_and_deleting_it_again_says_so(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())

    await desk.mailer.delete_draft(draft_id)

    assert not desk.box.drafts
    with pytest.raises(Missing, match="sent or deleted"):
        await desk.mailer.delete_draft(draft_id)


async def test_watching_lasts_seven_days_and_can_be_ended():
    async with open_desk(standin=GmailStandin(clock=lambda: NOON)) as desk:
        desk.gmail.add_topic(Topic(TOPIC, "http://127.0.0.1:9/push", "audience", "push@p.iam.gserviceaccount.com"))

        watched = await desk.mailer.watch(TOPIC)
        await desk.mailer.stop_watch()

    assert (watched.until, watched.mark) == (NOON + timedelta(days=7), str(desk.box.history_id))
    assert not desk.gmail.watches.by_mailbox


async def test_a_topic_that_gmail_may_not_publish_to_is_the_operators_affair(desk: Desk):
    desk.gmail.add_topic(Topic(TOPIC, "http://127.0.0.1:9/", "a", "b", open_to_gmail=False))

    with pytest.raises(TopicClosed, match="Pub/Sub Publisher"):
        await desk.mailer.watch(TOPIC)


async def test_another_topic_is_refused_until_the_first_is_given_up(desk: Desk):
    for name in (TOPIC, f"{TOPIC}2"):
        desk.gmail.add_topic(Topic(name, "http://127.0.0.1:9/", "a", "b"))
    await desk.mailer.watch(TOPIC)

    with pytest.raises(Refused, match="Only one"):
        await desk.mailer.watch(f"{TOPIC}2")


async def test_drafts_are_named_with_the_mail_that_each_is_now(desk: Desk):
    draft_id = desk.gmail.save_draft(SENDER, a_mail())
    desk.gmail.edit_draft(SENDER, draft_id, a_mail("Hello again"))

    [name] = await desk.mailer.draft_names()

    assert name == DraftName(draft_id, desk.box.drafts[draft_id].id)
    assert await desk.mailer.draft_version(draft_id) == name.gmail_id


async def test_a_topic_that_is_not_there_is_missing(desk: Desk):
    with pytest.raises(TopicClosed, match="no such Pub/Sub topic"):
        await desk.mailer.watch(TOPIC)


async def test_what_the_owner_did_not_grant_is_told_apart(desk: Desk):
    narrow = desk.gmail.add_mailbox(SENDER, scopes=["https://www.googleapis.com/auth/gmail.compose"])
    desk.grants.update(dict.fromkeys(desk.grants, narrow))

    with pytest.raises(NotGranted):
        await desk.mailer.labels()


@pytest.mark.parametrize("method", ["threads.modify", "labels.patch", "drafts.delete", "stop"])
async def test_what_can_be_repeated_is_repeated(desk: Desk, method: str):
    sent = desk.gmail.send(SENDER, a_mail())
    label, draft_id = await desk.mailer.create_label("One"), desk.gmail.save_draft(SENDER, a_mail())
    calls = {
        "threads.modify": lambda: desk.mailer.relabel_thread(sent.thread_id, [label.id], []),
        "labels.patch": lambda: desk.mailer.update_label(label.id, "Two"),
        "drafts.delete": lambda: desk.mailer.delete_draft(draft_id),
        "stop": desk.mailer.stop_watch,
    }
    desk.gmail.faults.fail(f"gmail.users.{method}", 503)

    await calls[method]()

    assert desk.asked(f"gmail.users.{method}") == 2


@pytest.mark.parametrize("status", [403, 429])
async def test_a_minute_that_is_used_up_is_waited_out(status: int):
    times = [NOON]
    async with open_desk(standin=GmailStandin(clock=lambda: times[-1])) as desk:
        await desk.mailer.labels()
        desk.gmail.quota.limit, desk.gmail.quota.status = 1, status
        await desk.mailer.labels()

        with pytest.raises(TryLater, match="slow down"):
            await desk.mailer.labels()
        times.append(NOON + timedelta(seconds=61))

        assert await desk.mailer.labels()


async def test_a_full_mailbox_is_followed_as_fast_as_an_empty_one(desk: Desk):
    desk.gmail.fill(SENDER, 100_000)
    mark = (await desk.mailer.profile()).mark
    sent = desk.gmail.send(SENDER, a_mail())
    desk.gmail.calls.clear()

    (change,) = (await desk.mailer.history(mark)).changes

    assert change.gmail_id == sent.id
    assert [called for called, _ in desk.gmail.calls if called != TOKEN] == [HISTORY]
