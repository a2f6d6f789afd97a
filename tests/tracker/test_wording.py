"""Words: every verdict is explained to somebody who sells."""

import pytest

from tests.makers import a_hit, a_judged, a_verdict
from tracker.classify.rules import RULES
from tracker.model import Cause, HitKind, Recipient
from tracker.wording import REASONS, passed_on_words, readers_words, what_words

ADA, BOB = Recipient("ada@acme.example", "Ada Lovelace"), Recipient("bob@acme.example")


def test_every_reason_has_its_words() -> None:
    assert {rule.reason for rule in RULES} - set(REASONS) == set()


def test_no_words_are_left_for_a_reason_that_no_rule_gives() -> None:
    assert set(REASONS) - {rule.reason for rule in RULES} == set()


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
