"""Words for verdicts: every reason has its own, and none says more than the verdict does."""

import pytest

from tests.makers import a_copy, a_hit, a_judged, a_summary, a_verdict
from tracker.classify.rules import RULES
from tracker.model import Cause, HitKind, Recipient, Summary
from tracker.wording import (
    REASONS,
    count_words,
    passed_on_words,
    reader_words,
    reason_words,
    source_words,
    what_words,
    who_words,
)

ADA, BOB = Recipient("ada@acme.example", "Ada Lovelace"), Recipient("bob@acme.example")


def test_every_rule_has_words_for_its_reason_and_no_words_lack_a_rule() -> None:
    assert set(REASONS) == {rule.reason for rule in RULES}


@pytest.mark.parametrize("cause", Cause)
def test_a_reason_of_another_rule_set_is_told_by_its_cause(cause: Cause) -> None:
    assert reason_words(a_verdict(cause=cause, reason="of another version"))


@pytest.mark.parametrize("kind", HitKind)
@pytest.mark.parametrize("cause", Cause)
def test_only_what_counts_is_called_opened_or_clicked(cause: Cause, kind: HitKind) -> None:
    judged = a_judged(hit=a_hit(kind=kind), verdict=a_verdict(cause=cause, confidence=0.9))

    assert (what_words(judged) in ("Opened", "Clicked a link")) == judged.verdict.counts


@pytest.mark.parametrize(("kind", "words"), [(HitKind.OPEN, "Perhaps opened"), (HitKind.CLICK, "Link perhaps clicked")])
def test_an_unsure_person_is_only_perhaps_one(kind: HitKind, words: str) -> None:
    unsure = a_verdict(cause=Cause.LIKELY_HUMAN, confidence=0.6)

    assert what_words(a_judged(hit=a_hit(kind=kind), verdict=unsure)) == words


@pytest.mark.parametrize(
    ("recipients", "words"),
    [
        ((Recipient("ada@acme.example", "Ada Lovelace"),), "Ada Lovelace"),
        ((Recipient("ada@acme.example"),), "ada@acme.example"),
        ((Recipient("ada@acme.example"), Recipient("grace@acme.example")), "Someone of 2"),
        ((), "Someone"),
    ],
)
def test_one_recipient_is_named_and_several_are_not(recipients: tuple[Recipient, ...], words: str) -> None:
    assert who_words(a_copy(recipients=recipients)) == words


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        (a_summary(opens=3, clicks=1), "3 opens, 1 click"),
        (a_summary(opens=1, unsure=4), "1 open"),
        (a_summary(unsure=1, machines=2), "cannot tell"),
        (a_summary(machines=2), "not opened"),
    ],
)
def test_a_summary_in_words_never_counts_what_nobody_can_tell(summary: Summary, words: str) -> None:
    assert count_words(summary) == words


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_speaks_no_jargon(reason: str) -> None:
    assert not any(word in REASONS[reason] for word in ("user agent", "ASN", "IP", "HTTP", "_"))


@pytest.mark.parametrize(
    ("kind", "client", "words"),
    [
        (HitKind.OPEN, "Slack's link preview", "Shared in Slack"),
        (HitKind.CLICK, "WhatsApp's link preview", "Link was shared in WhatsApp"),
        (HitKind.CLICK, "a link preview", "Loaded for a preview"),
    ],
)
def test_a_link_preview_says_where_it_was_shared(kind: HitKind, client: str, words: str) -> None:
    verdict = a_verdict(cause=Cause.SCANNER, reason="ua_unfurler")

    assert what_words(a_judged(hit=a_hit(kind=kind), verdict=verdict, client=client)) == words


def test_a_mail_that_was_perhaps_passed_on_is_never_said_to_be() -> None:
    assert passed_on_words("Yahoo") == (
        "Also loaded from another mail system: Yahoo. The same person elsewhere, or a forward."
    )


def test_a_place_is_told_where_there_is_one() -> None:
    assert "Yahoo, in Lyon, France." in passed_on_words("Yahoo", "Lyon, France")


ADA, ZOE, ALAN, GRACE, MARY = (Recipient(f"{name}@x.example", name) for name in ("Ada", "Zoë", "Alan", "Grace", "Mary"))


OURS = a_copy(recipients=(ADA, ZOE, ALAN))


OPEN = a_judged()


def test_every_reason_has_its_words() -> None:
    assert {rule.reason for rule in RULES} - set(REASONS) == set()


def test_no_words_are_left_for_a_reason_that_no_rule_gives() -> None:
    assert set(REASONS) - {rule.reason for rule in RULES} == set()


def test_a_pixel_of_ones_own_says_who() -> None:
    assert reader_words(OPEN, (ADA,), a_copy(recipients=(ADA,))) == "Ada"


def test_a_shared_pixel_names_nobody() -> None:
    assert reader_words(OPEN, OURS.recipients, OURS) == "Someone of 3"


def test_the_possible_readers_of_a_shared_pixel_are_named_with_how_many_there_are() -> None:
    assert reader_words(OPEN, (ADA, ZOE), OURS) == "Ada or Zoë (of 3)"


def test_a_single_possible_reader_is_still_no_more_than_possible() -> None:
    assert reader_words(OPEN, (ZOE,), OURS) == "Perhaps Zoë (of 3)"


def test_three_possible_readers_are_named() -> None:
    everybody = a_copy(recipients=(ADA, ZOE, ALAN, GRACE))

    assert reader_words(OPEN, (ADA, ZOE, ALAN), everybody) == "Ada, Zoë or Alan (of 4)"


def test_more_possible_readers_than_one_can_read_are_someone() -> None:
    everybody = a_copy(recipients=(ADA, ZOE, ALAN, GRACE, MARY))

    assert reader_words(OPEN, (ADA, ZOE, ALAN, GRACE), everybody) == "Someone of 5"


def test_where_no_recipient_explains_it_nobody_is_left_out() -> None:
    assert reader_words(OPEN, (), OURS) == "Someone of 3"


def test_the_senders_own_look_is_theirs() -> None:
    assert reader_words(a_judged(verdict=a_verdict(cause=Cause.SELF)), OURS.recipients, OURS) == "You"


def test_a_place_goes_with_its_client() -> None:
    assert source_words("Outlook on Windows", "Lyon, France") == "Outlook on Windows in Lyon, France"


def test_without_a_place_the_client_stands_alone() -> None:
    assert source_words("through Gmail", "") == "through Gmail"


@pytest.mark.parametrize("confidence", [0.5, 0.9])
@pytest.mark.parametrize("cause", Cause)
def test_only_what_counts_is_said_to_have_opened_a_document(cause: Cause, confidence: float) -> None:
    hit = a_hit(kind=HitKind.CLICK, link="document:00112233445566ff/Offer.pdf")
    judged = a_judged(hit=hit, verdict=a_verdict(cause=cause, confidence=confidence))

    words = what_words(judged)

    assert words.endswith(" Offer.pdf")
    assert words.startswith("Opened the document") == (judged.verdict.counts or cause is Cause.HUMAN)
