"""News: what a copy's hits make worth saying, given how they were judged before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tests.makers import a_hit, a_judged, a_sent_copy, a_sent_message, a_summary, a_verdict, after, an_account
from tracker.model import Alert, AlertKind, Cause, HitKind, Judged
from tracker.news import News
from tracker.ports import HISTORY_LIMIT, History

NOW = after(hours=1)
SETTLE = timedelta(seconds=20)
HISTORY = History(an_account(), a_sent_message(), a_sent_copy(), a_summary(), ())


def _alerts(*after: Judged, before: Sequence[Judged] = (), passed_on: str = "", **facts: bool) -> tuple[Alert, ...]:
    return News(replace(HISTORY, judged=tuple(before)), NOW, SETTLE, **facts).alerts(after, passed_on)


def _kinds(*after: Judged, before: Sequence[Judged] = (), **facts: bool) -> list[AlertKind]:
    return [alert.kind for alert in _alerts(*after, before=before, **facts)]


def _open(minutes: float = 5, **facts: object) -> Judged:
    return a_judged(hit=a_hit(**{"at": after(minutes=minutes), **facts}))


def _click(minutes: float = 5) -> Judged:
    return _open(minutes, kind=HitKind.CLICK)


def _as_scanner(one: Judged) -> Judged:
    return replace(one, verdict=a_verdict(cause=Cause.SCANNER))


def test_the_first_open_and_the_first_click_are_told_from_later_ones() -> None:
    assert _kinds(_open(1), _click(2), _open(9), _click(10)) == [
        AlertKind.FIRST_OPEN,
        AlertKind.FIRST_CLICK,
        AlertKind.OPEN_AGAIN,
        AlertKind.CLICK_AGAIN,
    ]


def test_what_was_opened_before_is_opened_again() -> None:
    first = _open(1)

    assert _kinds(first, _open(9), _click(10), before=[first]) == [AlertKind.OPEN_AGAIN, AlertKind.FIRST_CLICK]


def test_what_is_opened_after_the_reply_is_shown_and_rings_no_more() -> None:
    history = replace(HISTORY, summary=a_summary(replied_at=after(minutes=8)))

    alerts = News(history, NOW, SETTLE).alerts([_open(5), _open(9), _click(10)], "")

    assert [alert.kind for alert in alerts] == [
        AlertKind.FIRST_OPEN,
        AlertKind.AFTER_REPLY,
        AlertKind.AFTER_REPLY,
    ]


def test_what_was_opened_before_all_that_is_loaded_is_opened_again() -> None:
    machines = [_as_scanner(_open(number)) for number in range(HISTORY_LIMIT)]
    history = replace(HISTORY, judged=tuple(machines), summary=a_summary(opens=1))

    [alert] = News(history, NOW, SETTLE).alerts([*machines, _open(HISTORY_LIMIT)], "")

    assert alert.kind is AlertKind.OPEN_AGAIN


def test_a_later_fetch_of_the_same_reading_is_no_news() -> None:
    first = _open(1)

    assert _kinds(first, _open(2), before=[first]) == []


def test_an_earlier_fetch_of_the_same_reading_that_comes_late_is_no_news() -> None:
    first = _open(2)

    assert _kinds(_open(1), first, before=[first]) == []


def test_what_does_not_count_raises_nothing() -> None:
    unsure = a_judged(verdict=a_verdict(cause=Cause.LIKELY_HUMAN, confidence=0.6))

    assert _kinds(_as_scanner(_open()), unsure) == []


def test_what_counts_no_longer_is_redrawn() -> None:
    first, last = _open(1), _open(30)

    assert _kinds(_as_scanner(first), last, before=[first, last]) == [AlertKind.CORRECTED]


def test_when_a_readings_first_fetch_counts_no_longer_the_next_one_is_told() -> None:
    first, second = _open(1), _open(2)

    kinds = _kinds(_as_scanner(first), second, before=[first, second])

    assert kinds == [AlertKind.FIRST_OPEN, AlertKind.CORRECTED]


def test_whoever_knows_it_already_is_not_told_of_a_new_open() -> None:
    machine = _as_scanner(_open())

    assert _kinds(replace(machine, verdict=a_verdict()), before=[machine], quiet=True, moved=True) == [
        AlertKind.CORRECTED
    ]


def test_passing_on_is_told_once_for_each_copy() -> None:
    opened = _open()
    [alert] = _alerts(opened, before=[opened], passed_on="Yahoo")

    told = replace(HISTORY, judged=(opened,), summary=a_summary(passed_on="Yahoo"))

    assert (alert.kind, alert.key) == (AlertKind.PASSED_ON, f"passed_on:{HISTORY.copy.id}")
    assert News(told, NOW, SETTLE).alerts([opened], "Yahoo") == ()


def test_an_alert_waits_for_the_settle_delay_from_its_hit_on() -> None:
    [alert] = _alerts(_open(5))

    assert alert.due_at == after(minutes=5, seconds=20)


def test_a_clock_that_ran_ahead_holds_no_alert_back() -> None:
    [alert] = _alerts(_open(at=after(days=9)))

    assert alert.due_at == NOW + SETTLE


def test_an_alert_is_named_for_its_hit_and_says_whose_it_is() -> None:
    opened = _open()

    first, again = (_alerts(opened)[0] for _ in range(2))

    assert first.key == again.key
    assert (first.account_id, first.message_id) == (HISTORY.account.id, HISTORY.message.id)
    assert (first.copy_id, first.hit_id) == (HISTORY.copy.id, opened.hit.id)
