"""Readers: who of several it may have been, and what is one reading."""

import pytest

from tests.makers import a_hit, a_judged, a_verdict, after
from tracker.classify import one_reading, possible_readers, same_reader
from tracker.model import Cause, HitKind, Judged, Recipient

ADA = Recipient("ada@acme.example", mail_system="google")
BOB = Recipient("bob@contoso.example", mail_system="microsoft")
EVE = Recipient("eve@else.example")
GATED = Recipient("gus@bank.example", mail_system="mimecast")


def _read(reason: str, seconds: float = 0, client: str = "through Gmail", **facts: object) -> Judged:
    verdict = a_verdict(cause=Cause.LIKELY_HUMAN, confidence=0.8, reason=reason)
    return a_judged(hit=a_hit(at=after(seconds), **facts), verdict=verdict, client=client)


GMAIL = _read("gmail_proxy_open", ip="66.102.9.1")


def test_a_mail_systems_proxy_fetches_for_its_own_people() -> None:
    assert possible_readers(GMAIL, (ADA, BOB)) == (ADA,)


def test_a_recipient_whose_mail_system_nobody_knows_stays_possible() -> None:
    assert possible_readers(GMAIL, (ADA, BOB, EVE, GATED)) == (ADA, EVE, GATED)


@pytest.mark.parametrize("reason", ["mail_client_ua", "browser_image_load", "superhuman_proxy", "apple_mpp"])
def test_a_client_that_any_mailbox_allows_narrows_nothing(reason: str) -> None:
    assert possible_readers(_read(reason), (ADA, BOB)) == (ADA, BOB)


def test_a_hit_that_fits_nobody_may_be_anybodys() -> None:
    assert possible_readers(_read("yahoo_proxy_open"), (ADA, BOB)) == (ADA, BOB)


def test_one_mail_proxy_is_one_reader_whatever_its_address() -> None:
    assert same_reader(GMAIL, _read("duplicate_fetch", ip="66.249.84.8"))


def test_a_hit_that_the_sender_spoke_of_is_still_its_mail_proxys() -> None:
    assert one_reading(GMAIL, _read("corrected", 20, ip="66.249.84.8"))
    assert possible_readers(_read("corrected"), (ADA, BOB)) == (ADA,)


def test_a_mail_proxy_and_a_mail_program_are_two_readers() -> None:
    assert not same_reader(GMAIL, _read("mail_client_ua", client="Outlook on Windows"))


def test_one_address_is_one_reader() -> None:
    assert same_reader(_read("mail_client_ua", client="Outlook"), _read("browser_image_load", client="Chrome"))


def test_one_client_that_changes_its_address_is_one_reader() -> None:
    assert same_reader(_read("mail_client_ua"), _read("mail_client_ua", ip="203.0.113.9"))


def test_two_clients_at_two_addresses_are_two_readers() -> None:
    assert not same_reader(_read("mail_client_ua"), _read("mail_client_ua", client="Outlook", ip="203.0.113.9"))


@pytest.mark.parametrize(("seconds", "one"), [(180, True), (181, False)])
def test_a_reading_lasts_three_minutes(seconds: float, one: bool) -> None:
    assert one_reading(GMAIL, _read("gmail_proxy_reopen", seconds, ip="66.102.9.2")) is one


def test_a_click_is_no_part_of_an_opening() -> None:
    assert not one_reading(GMAIL, _read("gmail_proxy_reopen", 1, kind=HitKind.CLICK))
