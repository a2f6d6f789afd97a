from dataclasses import replace

import pytest

from bot.blocks import Card
from bot.cards import (
    cannot_connect_card,
    connect_card,
    corrected_card,
    disconnect_card,
    disconnected_card,
    empty_card,
    gone_card,
    list_card,
    not_connected_card,
    not_sent_card,
    open_card,
    passed_on_card,
    reconnect_card,
    reconnected_card,
    refusal_card,
    retracted_card,
    timeline_card,
    trouble_card,
    unknown_mailbox_card,
    worth_saying,
)
from bot.cards.help import help_card
from bot.cards.words import how_long, nth_time
from tests.bot.books import a_check, a_line, a_report
from tests.makers import NOON, a_sent_copy, a_summary, after, an_account
from tests.standins.slack_blocks import faults_of
from tests.standins.slack_words import words_of
from tracker.correcting import Corrected
from tracker.model import Cause, Profile, Recipient, Summary
from tracker.paging import Edge, Turn
from tracker.ports import Report
from tracker.questions import Question, QuestionKind
from tracker.reporting import Answer, Story, TimelineLine
from tracker.wishes import SendOrder

TWO_HOURS = after(hours=2)
OPENED = a_summary(
    opens=1,
    first_open_at=TWO_HOURS,
    last_open_at=TWO_HOURS,
    last_hit_at=TWO_HOURS,
    last_client="Outlook on Windows",
    last_reason="mail_client_ua",
)
THRICE = replace(OPENED, opens=3, last_open_at=after(days=1), last_hit_at=after(days=1))
CLICKED = replace(THRICE, clicks=1, first_click_at=after(days=2), last_click_at=after(days=2))
HOSTILE = "<!channel> *b* `c` _i_ ~s~ :tada: <https://evil.example|x> \u202e\x00 &amp;" + "é" * 10_000


def story(summary: Summary = OPENED, *lines: TimelineLine, **facts) -> Story:
    copy = a_sent_copy()
    return Story(a_report(copy, summaries=[summary], **facts), lines or (a_line(copy),))


def words(card: Card) -> str:
    return words_of({"text": card.text, "blocks": list(card.blocks)})


OLDER = Turn(Edge(after(), "m1"))


def latest(*reports: Report, more: bool = False, accounts=None) -> Card:
    owners = accounts or (reports[0].account,)
    return list_card(Answer(Question(QuestionKind.LATEST), owners, reports, older=OLDER if more else None))


def per_person(*summaries: Summary) -> Report:
    names = ["Ada", "Grace", "Alan"][: len(summaries)]
    copies = [a_sent_copy(recipients=(Recipient(f"{name.lower()}@x.example", name),)) for name in names]
    return a_report(*copies, summaries=summaries)


def test_the_phone_says_who_opened_what() -> None:
    assert open_card(story()).text == 'Ada Lovelace opened "Q3 proposal"'


def test_the_phone_says_how_often() -> None:
    assert open_card(story(THRICE)).text == 'Ada Lovelace opened "Q3 proposal" (3rd time)'


def test_a_click_is_the_news_when_it_came_last() -> None:
    assert open_card(story(CLICKED)).text == 'Ada Lovelace clicked a link in "Q3 proposal"'


def test_nobody_is_named_when_several_share_a_picture() -> None:
    shared = a_sent_copy(recipients=tuple(Recipient(f"{name}@x.example", name) for name in ("Ada", "Grace", "Alan")))

    card = open_card(Story(a_report(shared, summaries=[OPENED]), (a_line(shared, who="Someone of 3"),)))

    assert card.text == 'Someone of 3 opened "Q3 proposal"'


def test_the_card_says_how_soon_on_what_and_why_we_believe_it() -> None:
    shown = words(open_card(story()))

    assert "2 hours after you sent it" in shown
    assert "Outlook on Windows: a mail program on the reader's own network loaded it" in shown


def test_the_card_says_the_place_of_a_direct_fetch() -> None:
    shown = words(open_card(story(replace(OPENED, last_place="Lyon, France"))))

    assert "Outlook on Windows in Lyon, France: a mail program" in shown


def test_possible_readers_are_named_as_no_more_than_that() -> None:
    shared = a_sent_copy(recipients=tuple(Recipient(f"{name}@x.example", name) for name in ("Ada", "Zoë", "Alan")))

    card = open_card(Story(a_report(shared, summaries=[OPENED]), (a_line(shared, who="Ada or Zoë (of 3)"),)))

    assert card.text == 'Ada or Zoë (of 3) opened "Q3 proposal"'


def test_another_mail_system_is_a_hint_and_never_a_forward_to_a_person() -> None:
    shown = words(open_card(story(replace(THRICE, passed_on="Yahoo"))))

    assert "Also loaded from another mail system: Yahoo. The same person elsewhere, or a forward." in shown


def test_the_news_of_another_mail_system_says_no_more_than_that() -> None:
    told = story(replace(THRICE, passed_on="Yahoo"))

    card = passed_on_card(told, told.report.copies[0].id)

    assert card
    assert card.text == '"Q3 proposal" was also loaded from another mail system: Yahoo'
    assert "The same person elsewhere, or a forward." in words(card)


def test_a_hint_that_was_taken_back_is_no_news() -> None:
    told = story(THRICE)

    assert passed_on_card(told, told.report.copies[0].id) is None


def test_the_card_tells_what_was_not_counted() -> None:
    shown = words(open_card(story(replace(THRICE, machines=2, unsure=1))))

    assert "Not counted: 2 looks by machines or yourself, 1 unclear look" in shown


def test_each_person_has_a_line_where_each_got_a_copy() -> None:
    shown = words(open_card(Story(per_person(THRICE, Summary()), ())))

    assert "✓✓ Ada · 3 opens" in shown
    assert "✓ Grace · not opened yet" in shown


def test_an_open_that_seems_older_than_its_mail_is_not_called_soon() -> None:
    early = replace(OPENED, first_open_at=after(-5), last_open_at=after(-5))

    assert "after you sent it" not in words(open_card(story(early)))


def test_of_a_crowd_those_who_read_most_are_shown_and_the_rest_is_counted() -> None:
    copies = [a_sent_copy(recipients=(Recipient(f"p{number}@x.example", f"P{number}"),)) for number in range(10)]
    summaries = [replace(OPENED, opens=number) for number in range(1, 11)]

    shown = words(open_card(Story(a_report(*copies, summaries=summaries), ())))

    assert "✓✓ P9 · 10 opens" in shown
    assert "P1 ·" not in shown
    assert "and 2 others" in shown


def test_an_open_that_was_taken_back_is_said_to_be_none() -> None:
    card = open_card(story(Summary(machines=1), a_check()))

    assert card.text == 'Not opened after all: "Q3 proposal"'
    assert "The latest look was not counted: it looks like a security check." in words(card)


def test_only_opens_and_clicks_are_worth_saying() -> None:
    assert not worth_saying(a_report(summaries=[Summary(machines=5, unsure=2)]))
    assert worth_saying(a_report(summaries=[OPENED]))


def test_the_buttons_lead_to_the_timeline_and_into_the_senders_own_mailbox() -> None:
    told = story()

    timeline, _, gmail, _ = open_card(told).blocks[-1]["elements"]

    assert timeline["value"] == told.report.message.id
    assert gmail["url"] == "https://mail.google.com/mail/u/?authuser=mara@studio.example#all/t1"


def test_without_a_thread_there_is_no_button_that_leads_nowhere() -> None:
    report = a_report(a_sent_copy(thread_id=None), summaries=[OPENED])

    names = [button["action_id"] for button in open_card(Story(report, ())).blocks[-1]["elements"]]

    assert names == ["timeline", "more"]


def test_a_subject_cannot_ping_the_channel() -> None:
    card = open_card(story(subject="<!channel> sale"))

    assert "<!channel>" not in str(card)


def test_a_message_without_a_subject_is_called_so() -> None:
    assert open_card(story(subject=" \r\n ")).text == 'Ada Lovelace opened "(no subject)"'


def test_the_list_shows_ticks_recipients_and_how_often() -> None:
    shown = words(latest(a_report(summaries=[THRICE]), a_report(subject="Invoice")))

    assert "✓✓ Q3 proposal\nAda Lovelace · 3 opens · last Nov 3" in shown
    assert "✓ Invoice\nAda Lovelace · not opened yet · sent Nov 2" in shown


def test_the_list_says_when_nobody_can_tell() -> None:
    assert "cannot tell: loaded 2 times" in words(latest(a_report(summaries=[Summary(unsure=2)])))


def test_the_latest_reader_of_a_list_is_not_a_machine_that_came_after() -> None:
    read_first = replace(OPENED, machines=1, last_hit_at=after(days=9))

    assert "2 of 2 opened, latest: 3 opens" in words(latest(per_person(read_first, THRICE)))


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (a_report(summaries=[THRICE]), "3 opens"),
        (a_report(), "not opened yet"),
        (a_report(summaries=[Summary(unsure=2)]), "cannot tell"),
        (a_report(untracked="it is plain text"), "sent without tracking"),
    ],
)
def test_what_is_read_out_says_the_same_as_what_is_shown(report: Report, said: str) -> None:
    line = f'"Q3 proposal" to Ada Lovelace: {said}'

    assert timeline_card(Story(report, ())).text == line
    assert latest(report).text.endswith(f"\n{line}")


def test_the_list_says_why_a_message_is_not_tracked() -> None:
    shown = words(latest(a_report(untracked="it is plain text")))

    assert "– Q3 proposal\nAda Lovelace · sent without tracking: it is plain text" in shown


def test_a_message_without_tracking_has_no_timeline_to_press() -> None:
    line = latest(a_report(untracked="it is plain text")).blocks[1]

    assert "accessory" not in line


def test_the_list_counts_the_people_who_opened_their_copy() -> None:
    assert "2 of 3 opened, latest: 3 opens" in words(latest(per_person(THRICE, OPENED, Summary())))


def test_the_list_names_the_mailbox_where_there_are_several() -> None:
    report = a_report()

    assert "from mara@studio.example" in words(latest(report, accounts=(report.account, an_account())))


def test_a_long_list_says_how_to_narrow_it() -> None:
    assert "/opens acme" in words(latest(a_report(), more=True))


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        (QuestionKind.LATEST, "twotick send --account mara_k@studio.example --draft DRAFT_ID"),
        (QuestionKind.MATCHING, "/opens shows the latest ones"),
        (QuestionKind.UNOPENED, "/opens shows the latest messages"),
    ],
)
def test_an_empty_answer_says_what_to_do_next(kind: QuestionKind, advice: str) -> None:
    assert advice in words(empty_card(Question(kind, ("acme",)), "mara_k@studio.example"))


@pytest.mark.parametrize(("days", "age"), [(3.0, "60 days, except the last 3 days."), (0.0, "in the last 60 days.")])
def test_nothing_unopened_says_of_what(days: float, age: str) -> None:
    assert age in words(empty_card(Question(QuestionKind.UNOPENED, days=days), "sam@us.example"))


def test_who_is_not_connected_is_told_how() -> None:
    assert "twotick accounts add --email YOU@EXAMPLE.COM --slack-user U0X" in words(not_connected_card("U0X"))


def test_a_lost_grant_says_which_account_and_how_to_connect_it_again() -> None:
    shown = words(reconnect_card(an_account(email="mara@studio.example", slack_user="U0SENDER")))

    assert "twotick accounts add --email mara@studio.example --slack-user U0SENDER --refresh-token-file -" in shown


def test_who_can_connect_by_command_is_pointed_to_it() -> None:
    account = an_account(email="mara@studio.example")

    for card in (not_connected_card("U0X", by_command=True), reconnect_card(account, by_command=True)):
        assert "/opens connect" in words(card)
        assert "accounts add" not in words(card)


def test_times_are_counted_as_people_do() -> None:
    assert [nth_time(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        f"{n} time" for n in ("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th")
    ]


def test_a_span_is_told_in_its_largest_unit() -> None:
    assert [how_long(after(s) - after()) for s in (5, 60, 7200, 200_000)] == [
        "seconds",
        "1 minute",
        "2 hours",
        "2 days",
    ]


HOSTILE_ACCOUNT = an_account(email=HOSTILE, slack_user=HOSTILE)
HOSTILE_COPY = a_sent_copy(recipients=(Recipient(HOSTILE, HOSTILE),), thread_id=HOSTILE[:500])
HOSTILE_REPORT = a_report(
    HOSTILE_COPY,
    account=HOSTILE_ACCOUNT,
    subject=HOSTILE,
    summaries=[replace(THRICE, last_client=HOSTILE, last_place=HOSTILE, passed_on=HOSTILE)],
)
HOSTILE_LINE = a_line(HOSTILE_COPY, who=HOSTILE, client=HOSTILE, place=HOSTILE)
HOSTILE_STORY = Story(HOSTILE_REPORT, (HOSTILE_LINE,) * 50)


@pytest.mark.parametrize(
    "card",
    [
        open_card(HOSTILE_STORY),
        retracted_card(HOSTILE_STORY),
        timeline_card(HOSTILE_STORY),
        passed_on_card(HOSTILE_STORY, HOSTILE_COPY.id),
        corrected_card(HOSTILE_REPORT, Corrected("m", "c", 3, 2), Cause.SELF),
        latest(
            *[HOSTILE_REPORT] * 10, replace(HOSTILE_REPORT, message=replace(HOSTILE_REPORT.message, untracked=HOSTILE))
        ),
        empty_card(Question(QuestionKind.MATCHING, (HOSTILE,)), HOSTILE),
        refusal_card(HOSTILE, "/opens"),
        not_connected_card(HOSTILE),
        reconnect_card(HOSTILE_ACCOUNT),
        reconnected_card(HOSTILE_ACCOUNT),
        reconnect_card(HOSTILE_ACCOUNT, by_command=True),
        connect_card("https://track.example.com/google/connect?t=" + "A" * 300, Profile.FULL),
        cannot_connect_card(),
        disconnect_card([HOSTILE_ACCOUNT] * 50, ""),
        disconnect_card([HOSTILE_ACCOUNT] * 50, HOSTILE),
        disconnected_card(HOSTILE_ACCOUNT, False),
        unknown_mailbox_card(),
        help_card(),
        gone_card(),
        trouble_card(),
    ],
)
def test_slack_takes_every_card_whatever_strangers_wrote_and_pings_nobody(card: Card) -> None:
    assert faults_of(list(card.blocks)) == []
    assert 0 < len(card.text) <= 40_000
    assert "<!channel>" not in str(card)
    assert "<https://evil" not in str(card)


def test_the_news_names_the_document_that_was_opened() -> None:
    copy = a_sent_copy()
    line = a_line(copy, what="Opened the document Offer", document="Offer")

    card = open_card(Story(a_report(copy, summaries=[CLICKED]), (line, a_line(copy))))

    assert card.text == 'Ada Lovelace opened the document Offer in "Q3 proposal"'
    assert "*Ada Lovelace* opened the document *Offer* in *Q3 proposal*" in card.blocks[0]["text"]["text"]


def test_how_often_is_said_of_this_document_alone() -> None:
    copy = a_sent_copy()
    lines = [a_line(copy, document=name) for name in ("Offer", "Terms", "Offer", "")]

    card = open_card(Story(a_report(copy, summaries=[replace(CLICKED, clicks=4)]), tuple(lines)))

    assert card.text == 'Ada Lovelace opened the document Offer in "Q3 proposal" (2nd time)'


def test_a_documents_name_cannot_ping_or_format() -> None:
    copy = a_sent_copy()
    line = a_line(copy, what=f"Opened the document {HOSTILE}", document=HOSTILE)
    story_of_it = Story(a_report(copy, summaries=[CLICKED]), (line,))

    for card in (open_card(story_of_it), timeline_card(story_of_it)):
        assert faults_of(list(card.blocks)) == []
        assert "<!channel>" not in str(card)
        assert "<https://evil" not in str(card)


@pytest.mark.parametrize(
    ("failure", "headline"),
    [
        ("Gmail refused this.", "Proposal to ada@acme.example was not sent"),
        ("Sent to 0 of 3. Not sent to: a@b.", "Proposal to ada@acme.example was not sent"),
        ("Sent to 2 of 3. Not sent to: a@b.", "Proposal to ada@acme.example was sent to 2 of 3"),
    ],
)
def test_a_mail_that_some_got_is_not_said_to_be_unsent(failure: str, headline: str) -> None:
    order = SendOrder("o1", "a1", "k", NOON, NOON, failure=failure, subject="Proposal", recipient="ada@acme.example")

    card = not_sent_card(an_account(), order)

    assert headline in words_of({"text": card.text, "blocks": list(card.blocks)})
