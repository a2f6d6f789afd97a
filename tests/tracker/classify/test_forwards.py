"""Passed on: a hint that needs two signs."""

import pytest

from tests.makers import a_hit, a_judged, a_verdict, after
from tracker.classify import passed_on
from tracker.model import Cause, HitKind, Judged


def _read(seconds: float, reason: str, **facts: object) -> Judged:
    verdict = a_verdict(cause=Cause.LIKELY_HUMAN, confidence=0.8, reason=reason)
    return a_judged(hit=a_hit(at=after(seconds), **facts), verdict=verdict)


GMAIL, YAHOO = _read(300, "gmail_proxy_open"), _read(9000, "yahoo_proxy_open")
OUTLOOK = _read(300, "mail_client_ua")


def test_a_mail_system_that_no_recipient_has_is_named() -> None:
    assert passed_on([GMAIL, YAHOO], ["google"]) == "Yahoo"


def test_the_first_reader_may_have_used_a_mail_program() -> None:
    assert passed_on([OUTLOOK, YAHOO], ["microsoft"]) == "Yahoo"


@pytest.mark.parametrize("mail_systems", [["google", "yahoo"], ["google", "unknown"], ["google", "other"], []])
def test_a_mail_system_that_a_recipient_may_have_says_nothing(mail_systems: list[str]) -> None:
    assert passed_on([GMAIL, YAHOO], mail_systems) == ""


def test_a_first_reader_who_fits_no_recipient_explains_nothing() -> None:
    assert passed_on([YAHOO, GMAIL], ["google"]) == ""


def test_the_same_mail_system_twice_is_one_reader() -> None:
    assert passed_on([GMAIL, _read(9000, "gmail_proxy_reopen")], ["google"]) == ""


def test_an_app_that_reads_any_mailbox_is_no_first_sign() -> None:
    assert passed_on([_read(300, "superhuman_proxy"), YAHOO], ["google"]) == ""


def test_two_mail_programs_may_be_one_persons_two_devices() -> None:
    assert passed_on([OUTLOOK, _read(9000, "apple_mail_direct")], ["microsoft"]) == ""


def test_a_machine_passes_nothing_on() -> None:
    scanned = a_judged(hit=a_hit(), verdict=a_verdict(cause=Cause.SCANNER, reason="yahoo_proxy_open"))

    assert passed_on([GMAIL, scanned], ["google"]) == ""


def test_a_click_opens_in_whatever_browser_there_is() -> None:
    assert passed_on([GMAIL, _read(9000, "yahoo_proxy_open", kind=HitKind.CLICK)], ["google"]) == ""


def test_nothing_read_is_nothing_passed_on() -> None:
    assert passed_on([], ["google"]) == ""
