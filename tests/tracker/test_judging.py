"""Judging: what is known of a copy reaches the rules."""

from dataclasses import replace

from tests.makers import a_hit, a_sent_copy, a_sent_message, a_summary, after, an_account
from tracker.judging import judge
from tracker.model import Cause, Copy, Hit, Judged
from tracker.ports import History


def _gmail(seconds: float) -> Hit:
    agent = "Mozilla/5.0 (via ggpht.com GoogleImageProxy)"
    return a_hit(at=after(seconds), ip="66.102.9.1", headers={"user-agent": agent})


def _history(copy: Copy, *judged: Judged) -> History:
    return History(an_account(), a_sent_message(), copy, a_summary(), judged)


def test_a_hit_on_an_unarmed_copy_is_the_senders() -> None:
    unarmed = replace(a_sent_copy(), sent_at=None)

    assert judge(_gmail(600), _history(unarmed)).verdict.cause is Cause.SELF


def test_the_recipients_mail_system_counts() -> None:
    elsewhere = a_sent_copy(recipient_mx="microsoft")

    assert judge(_gmail(600), _history(elsewhere)).verdict.cause is Cause.SELF


def test_what_came_before_counts() -> None:
    copy = a_sent_copy()
    first = judge(_gmail(600), _history(copy))

    assert first.verdict.cause is Cause.LIKELY_HUMAN
    assert judge(_gmail(610), _history(copy, first)).verdict.reason == "duplicate_fetch"


def test_the_client_is_named_as_people_call_it() -> None:
    assert judge(_gmail(600), _history(a_sent_copy())).client == "through Gmail"
