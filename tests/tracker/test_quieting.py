"""Which news ring now, which only change a card, which wait."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.bot.books import a_report
from tests.makers import NOON, a_sent_copy, after, an_alert
from tracker.model import Alert, AlertKind, Recipient
from tracker.noise import Hours, Mute, MuteKind, Noise
from tracker.ports import Report
from tracker.quieting import Hush, Judgement, Wishes, heard, judged, quiet_until, routable

BERLIN, NEW_YORK, TOKYO = (ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo"))
NIGHT = Noise("a", quiet=Hours(time(20), time(8)))
ADA, GRACE = Recipient("Ada@Acme.example", "Ada"), Recipient("grace@eu.acme.example", "Grace")
BOB = Recipient("bob@other.example")
SAY, REDRAW = Judgement(Hush.SAY), Judgement(Hush.REDRAW)


def report_to(*copies: tuple[Recipient, ...]) -> Report:
    return a_report(*(a_sent_copy(recipients=people) for people in copies))


def alert_of(report: Report, kind: AlertKind = AlertKind.FIRST_OPEN, copy: int = 0) -> Alert:
    return an_alert(kind=kind, message_id=report.message.id, copy_id=report.copies[copy].id)


def muted(kind: MuteKind, what: str = "", until: datetime | None = None) -> Wishes:
    return Wishes(Noise("a"), [Mute("m", "a", kind, what, NOON, until)])


def what_becomes(report: Report, wishes: Wishes, *kinds: AlertKind, now: datetime = NOON) -> Judgement:
    alerts = [alert_of(report, kind) for kind in kinds or (AlertKind.FIRST_OPEN,)]
    return judged(alerts, wishes, report, now, UTC)


def local(zone: ZoneInfo, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=zone, fold=fold).astimezone(UTC)  # type: ignore[misc, arg-type]


def test_who_said_nothing_is_told_at_once() -> None:
    assert what_becomes(report_to((ADA,)), Wishes(Noise("a"))) == SAY


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (MuteKind.ALL, ""),
        (MuteKind.RECIPIENT, "ada@acme.example"),
        (MuteKind.DOMAIN, "acme.example"),
    ],
)
def test_what_is_muted_only_changes_its_card(kind: MuteKind, what: str) -> None:
    assert what_becomes(report_to((ADA,)), muted(kind, what)) == REDRAW


@pytest.mark.parametrize("what", ["cme.example", "eu.acme.example", "example.acme.example"])
def test_a_domain_is_not_muted_with_its_likeness(what: str) -> None:
    assert what_becomes(report_to((ADA,)), muted(MuteKind.DOMAIN, what)) == SAY


def test_a_domain_is_muted_with_all_below_it() -> None:
    assert what_becomes(report_to((GRACE,)), muted(MuteKind.DOMAIN, "acme.example")) == REDRAW


def test_one_message_is_muted_and_no_other() -> None:
    one, other = report_to((ADA,)), report_to((ADA,))

    assert what_becomes(one, muted(MuteKind.MESSAGE, one.message.id)) == REDRAW
    assert what_becomes(other, muted(MuteKind.MESSAGE, one.message.id)) == SAY


def test_a_shared_picture_is_muted_when_all_who_share_it_are() -> None:
    domain = muted(MuteKind.DOMAIN, "acme.example")

    assert what_becomes(report_to((ADA, GRACE)), domain) == REDRAW
    assert what_becomes(report_to((ADA, BOB)), domain) == SAY


def test_of_several_copies_only_those_to_who_is_muted_are_silent() -> None:
    report, wishes = report_to((ADA,), (BOB,)), muted(MuteKind.RECIPIENT, "ada@acme.example")
    to_ada, to_bob = alert_of(report, copy=0), alert_of(report, copy=1)

    assert heard([to_ada, to_bob], wishes, report, NOON) == (to_bob,)


@pytest.mark.parametrize("kind", [AlertKind.REPLIED, AlertKind.BOUNCED, AlertKind.NOT_OPENED, AlertKind.NOT_ANSWERED])
def test_what_its_sender_waits_for_is_told_whatever_is_muted(kind: AlertKind) -> None:
    assert what_becomes(report_to((ADA,)), muted(MuteKind.ALL), kind) == SAY


def test_a_mute_that_is_over_mutes_nothing() -> None:
    wishes = muted(MuteKind.ALL, until=after(hours=2))

    assert what_becomes(report_to((ADA,)), wishes, now=after(hours=2, seconds=-1)) == REDRAW
    assert what_becomes(report_to((ADA,)), wishes, now=after(hours=2)) == SAY


def test_without_repeats_the_first_time_rings_and_no_other() -> None:
    wishes = Wishes(Noise("a", repeats=False))

    assert what_becomes(report_to((ADA,)), wishes, AlertKind.OPEN_AGAIN, AlertKind.CLICK_AGAIN) == REDRAW
    assert what_becomes(report_to((ADA,)), wishes, AlertKind.OPEN_AGAIN, AlertKind.FIRST_CLICK) == SAY


def test_a_correction_beside_something_muted_does_not_ring() -> None:
    assert what_becomes(report_to((ADA,)), muted(MuteKind.ALL), AlertKind.CORRECTED, AlertKind.OPEN_AGAIN) == REDRAW


def test_in_quiet_hours_everything_waits_for_their_end() -> None:
    wishes, night = Wishes(NIGHT), local(BERLIN, 2026, 11, 2, 23)
    report = report_to((ADA,))

    verdicts = {
        judged([alert_of(report, kind)], wishes, report, night, BERLIN)
        for kind in (AlertKind.FIRST_OPEN, AlertKind.REPLIED, AlertKind.NOT_OPENED, AlertKind.RECONNECT)
    }

    assert verdicts == {Judgement(Hush.HOLD, local(BERLIN, 2026, 11, 3, 8))}


def test_a_digest_comes_at_its_own_time() -> None:
    digest = an_alert(kind=AlertKind.DIGEST, message_id=None)

    assert judged([digest], Wishes(NIGHT), None, local(BERLIN, 2026, 11, 2, 23), BERLIN) == SAY


def test_what_goes_to_a_channel_does_not_wait() -> None:
    report = report_to((ADA,))
    wishes = Wishes(replace(NIGHT, channel="C1"))
    night = local(BERLIN, 2026, 11, 2, 23)

    assert judged([alert_of(report)], wishes, report, night, BERLIN) == SAY
    assert judged([alert_of(report, AlertKind.NOT_OPENED)], wishes, report, night, BERLIN).hush is Hush.HOLD


@pytest.mark.parametrize(
    ("kind", "message_id", "goes"),
    [
        (AlertKind.FIRST_OPEN, "m", True),
        (AlertKind.REPLIED, "m", True),
        (AlertKind.NOT_OPENED, "m", False),
        (AlertKind.RECONNECT, None, False),
        (AlertKind.DIGEST, None, False),
    ],
)
def test_ones_own_affairs_never_go_to_a_channel(kind: AlertKind, message_id: str | None, goes: bool) -> None:
    assert routable([an_alert(kind=kind, message_id=message_id)]) == goes


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ((2026, 11, 2, 19, 59), None),
        ((2026, 11, 2, 20, 0), (2026, 11, 3, 8)),
        ((2026, 11, 3, 0, 0), (2026, 11, 3, 8)),
        ((2026, 11, 3, 7, 59), (2026, 11, 3, 8)),
        ((2026, 11, 3, 8, 0), None),
    ],
)
def test_a_night_goes_over_midnight(now: tuple[int, ...], until: tuple[int, ...] | None) -> None:
    assert quiet_until(NIGHT, local(BERLIN, *now), BERLIN) == (local(BERLIN, *until) if until else None)


def test_a_rest_within_the_day_ends_the_same_day() -> None:
    noise = Noise("a", quiet=Hours(time(12), time(13)))

    assert quiet_until(noise, local(BERLIN, 2026, 11, 2, 12, 30), BERLIN) == local(BERLIN, 2026, 11, 2, 13)


def test_a_night_before_a_quiet_weekend_lasts_until_the_end_of_the_night_after_it() -> None:
    noise = replace(NIGHT, quiet_weekends=True)

    assert quiet_until(noise, local(BERLIN, 2026, 11, 6, 23), BERLIN) == local(BERLIN, 2026, 11, 9, 8)
    assert quiet_until(noise, local(BERLIN, 2026, 11, 6, 12), BERLIN) is None


def test_a_quiet_weekend_alone_is_saturday_and_sunday() -> None:
    noise = Noise("a", quiet_weekends=True)

    assert quiet_until(noise, local(BERLIN, 2026, 11, 7), BERLIN) == local(BERLIN, 2026, 11, 9)
    assert quiet_until(noise, local(BERLIN, 2026, 11, 9), BERLIN) is None


def test_a_night_in_which_the_clocks_go_forward_ends_on_the_new_clock() -> None:
    night = local(BERLIN, 2026, 3, 28, 23)

    assert quiet_until(NIGHT, night, BERLIN) == local(BERLIN, 2026, 3, 29, 8)
    assert local(BERLIN, 2026, 3, 29, 8) - night == timedelta(hours=8)


def test_an_end_that_the_clocks_skip_is_when_they_have_skipped_it() -> None:
    noise = Noise("a", quiet=Hours(time(20), time(2, 30)))

    end = quiet_until(noise, local(BERLIN, 2026, 3, 28, 23), BERLIN)

    assert end == local(BERLIN, 2026, 3, 29, 3, 30)
    assert quiet_until(noise, end, BERLIN) is None


def test_an_hour_that_comes_twice_is_quiet_once() -> None:
    noise = Noise("a", quiet=Hours(time(20), time(2, 30)))

    first, second = (local(BERLIN, 2026, 10, 25, 2, 15, fold=fold) for fold in (0, 1))

    assert quiet_until(noise, first, BERLIN) == local(BERLIN, 2026, 10, 25, 2, 30)
    assert quiet_until(noise, second, BERLIN) is None


def test_somebody_who_travels_is_quiet_by_the_clock_where_they_are() -> None:
    now = local(BERLIN, 2026, 11, 3, 8)

    assert quiet_until(NIGHT, now, BERLIN) is None
    assert quiet_until(NIGHT, now, NEW_YORK) == local(NEW_YORK, 2026, 11, 3, 8)
    assert quiet_until(NIGHT, now, TOKYO) is None


def test_hours_that_never_end_hold_nothing_for_ever() -> None:
    always = Noise("a", quiet=Hours(time(8), time(8)))

    until = quiet_until(always, NOON, UTC)

    assert until is not None
    assert until - NOON < timedelta(days=16)
