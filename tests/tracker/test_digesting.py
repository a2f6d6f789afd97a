"""When a digest is due, and what it adds up to."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.bot.books import a_report
from tests.makers import NOON, a_sent_copy, a_summary, after
from tracker.digesting import digest_begin, digest_due, digest_of
from tracker.model import Summary
from tracker.noise import DigestEvery, Noise
from tracker.ports import Report

BERLIN, HONOLULU = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Honolulu")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
DAILY = Noise("a", digest=DigestEvery.DAILY, digest_at=time(8), digest_set_at=LONG_AGO)
WEEKLY = replace(DAILY, digest=DigestEvery.WEEKLY)
MONDAY = date(2026, 11, 2)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("noise", "now", "day"),
    [
        (DAILY, berlin(3, 7, 59), 2),
        (DAILY, berlin(3, 8), 3),
        (DAILY, berlin(7, 12), 6),  # a Saturday: Friday's, which was put already
        (DAILY, berlin(8, 12), 6),
        (DAILY, berlin(9, 8), 9),
        (WEEKLY, berlin(9, 7, 59), 2),
        (WEEKLY, berlin(9, 8), 9),
        (WEEKLY, berlin(11, 8), 9),  # down on Monday: told when it comes back
        (replace(DAILY, digest_at=time(21, 30)), berlin(3, 21), 2),
    ],
)
def test_the_latest_that_has_come_is_due(noise: Noise, now: datetime, day: int) -> None:
    assert digest_due(noise, now, BERLIN) == date(2026, 11, day)


@pytest.mark.parametrize("noise", [replace(DAILY, digest=DigestEvery.NEVER), replace(DAILY, digest_set_at=None)])
def test_who_did_not_ask_gets_none(noise: Noise) -> None:
    assert digest_due(noise, berlin(3, 12), BERLIN) is None


def test_none_is_due_from_before_it_was_asked_for() -> None:
    asked = replace(DAILY, digest_set_at=berlin(3, 15))

    assert digest_due(asked, berlin(3, 16), BERLIN) is None
    assert digest_due(asked, berlin(4, 8), BERLIN) == date(2026, 11, 4)


def test_eight_o_clock_is_eight_o_clock_on_either_side_of_a_change_of_the_clocks() -> None:
    before, after_it = (datetime(2026, 10, day, 8, tzinfo=BERLIN).astimezone(UTC) for day in (23, 26))

    assert [digest_due(DAILY, at, BERLIN) for at in (before, after_it)] == [date(2026, 10, 23), date(2026, 10, 26)]
    assert after_it - before == timedelta(days=3, hours=1)


def test_who_travels_west_does_not_get_the_same_day_under_another_name() -> None:
    now = berlin(3, 8)

    assert digest_due(DAILY, now, HONOLULU) == MONDAY
    assert digest_due(DAILY, now + timedelta(hours=11), HONOLULU) == date(2026, 11, 3)


def test_a_digest_tells_from_the_one_before_it() -> None:
    assert digest_begin(DAILY, berlin(4, 9), BERLIN) == berlin(3, 8)
    assert digest_begin(DAILY, berlin(9, 8), BERLIN) == berlin(6, 8)
    assert digest_begin(WEEKLY, berlin(9, 8), BERLIN) == berlin(2, 8)


def a_mail(subject: str, *summaries: Summary, **facts) -> Report:
    return a_report(*(a_sent_copy() for _ in summaries), summaries=summaries, subject=subject, **facts)


def subjects(reports: tuple[Report, ...]) -> list[str]:
    return [report.message.subject for report in reports]


def test_each_mail_stands_where_it_belongs() -> None:
    lately, before = after(hours=20), after(days=-3)
    read = a_summary(opens=1, first_open_at=lately, last_open_at=lately)
    mails = [
        a_mail("opened", read),
        a_mail("opened before", replace(read, first_open_at=before, last_open_at=before)),
        a_mail("clicked", Summary(clicks=1, first_click_at=lately, last_click_at=lately)),
        a_mail("replied", replace(read, opens=0, last_open_at=None, replied_at=lately)),
        a_mail("unopened", Summary()),
        a_mail("unsure", Summary(unsure=2)),
        a_mail("bounced", Summary(bounced_at=lately)),
        a_mail("old", Summary(), sent_at=after(days=-20)),
        a_mail("untracked", Summary(), untracked="it is signed"),
        a_mail("stopped", Summary(), stopped_at=lately),
    ]

    digest = digest_of(mails, DAILY, berlin(4, 8), BERLIN)

    assert subjects(digest.opened) == ["opened"]
    assert subjects(digest.clicked) == ["clicked"]
    assert subjects(digest.replied) == ["replied"]
    assert subjects(digest.unopened) == ["unopened"]
    assert subjects(digest.unsure) == ["unsure"]
    assert not digest.empty


def test_of_two_replies_the_one_since_the_last_digest_counts() -> None:
    mail = a_mail("two", Summary(replied_at=after(days=-3)), Summary(replied_at=after(hours=21)))

    assert subjects(digest_of([mail], DAILY, berlin(4, 8), BERLIN).replied) == ["two"]


def test_without_news_there_is_nothing_to_say() -> None:
    assert digest_of([a_mail("bounced", Summary(bounced_at=NOON))], DAILY, berlin(4, 8), BERLIN).empty


def test_first_openings_stand_on_their_day_in_ones_own_time() -> None:
    late = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)  # past midnight in Berlin
    mail = a_mail("late", a_summary(opens=2, first_open_at=late, last_open_at=berlin(4, 7)))

    digest = digest_of([mail], DAILY, berlin(4, 8), BERLIN)

    assert len(digest.by_day) == 7
    assert [day for day, number in digest.by_day if number] == [date(2026, 11, 3)]
