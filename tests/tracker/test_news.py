"""News: what a hit raises, given what was known before it."""

from dataclasses import replace
from datetime import timedelta

from tests.makers import a_hit, a_judged, a_sent_copy, a_sent_message, a_summary, a_verdict, after, an_account
from tracker.model import Alert, AlertKind, Cause, HitKind, Judged, Summary
from tracker.news import News
from tracker.ports import History

NOW = after(hours=1)
SETTLE = timedelta(seconds=20)
HISTORY = History(an_account(), a_sent_message(), a_sent_copy(), a_summary(), ())


def _alerts(before: Summary, *judged: Judged) -> tuple[Alert, ...]:
    history = replace(HISTORY, summary=before, complete=not before.opens)
    return News(history, NOW, SETTLE).alerts(judged, passed_on="")


def _kinds(before: Summary, *judged: Judged) -> list[AlertKind]:
    return [alert.kind for alert in _alerts(before, *judged)]


def _open(**facts: object) -> Judged:
    return a_judged(hit=a_hit(**facts))


def _click() -> Judged:
    return _open(kind=HitKind.CLICK)


def test_the_first_open_and_the_first_click_are_told_from_later_ones() -> None:
    later = after(hours=3)

    assert _kinds(
        a_summary(), _open(), _click(), _open(at=later), _open(at=later + timedelta(hours=1), kind=HitKind.CLICK)
    ) == [
        AlertKind.FIRST_OPEN,
        AlertKind.FIRST_CLICK,
        AlertKind.OPEN_AGAIN,
        AlertKind.CLICK_AGAIN,
    ]


def test_what_was_opened_before_is_opened_again() -> None:
    assert _kinds(a_summary(opens=1), _open(), _click()) == [AlertKind.OPEN_AGAIN, AlertKind.FIRST_CLICK]


def test_what_does_not_count_raises_nothing() -> None:
    scanner = a_judged(verdict=a_verdict(cause=Cause.SCANNER))
    unsure = a_judged(verdict=a_verdict(cause=Cause.LIKELY_HUMAN, confidence=0.6))

    assert _kinds(a_summary(), scanner, unsure) == []


def test_an_alert_waits_for_the_settle_delay_from_its_hit_on() -> None:
    (alert,) = _alerts(a_summary(), _open(at=after(minutes=5)))

    assert alert.due_at == after(minutes=5, seconds=20)


def test_a_clock_that_ran_ahead_holds_no_alert_back() -> None:
    (alert,) = _alerts(a_summary(), _open(at=after(days=9)))

    assert alert.due_at == NOW + SETTLE


def test_an_alert_is_named_for_its_hit_and_says_whose_it_is() -> None:
    opened = _open()

    first, again = (_alerts(a_summary(), opened)[0] for _ in range(2))

    assert first.key == again.key
    assert (first.account_id, first.message_id) == (HISTORY.account.id, HISTORY.message.id)
    assert (first.copy_id, first.hit_id) == (HISTORY.copy.id, opened.hit.id)
