"""Words for verdicts: every reason has its own, and none says more than the verdict does."""

import pytest

from tests.makers import a_copy, a_hit, a_judged, a_summary, a_verdict
from tracker.classify.rules import RULES
from tracker.model import Cause, HitKind, Recipient, Summary
from tracker.wording import (
    REASONS,
    count_words,
    passed_on_words,
    readers_words,
    reason_words,
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


@pytest.mark.parametrize(
    ("readers", "of", "words"),
    [
        ((ADA,), 1, "Ada Lovelace"),
        ((ADA,), 3, "Most likely Ada Lovelace"),
        ((ADA, BOB), 3, "Someone of 2"),
        ((), 0, "Someone"),
    ],
)
def test_who_it_may_have_been_is_said_honestly(readers: tuple[Recipient, ...], of: int, words: str) -> None:
    assert readers_words(readers, of) == words
