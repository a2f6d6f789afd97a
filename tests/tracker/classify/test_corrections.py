"""Corrections: the sender's word stands, and is learnt for hits like it."""

from dataclasses import replace

import pytest

from tests.makers import NOON, a_hit, after
from tracker.classify import Known, classify
from tracker.model import Cause, Correction, Hit

LEARNT = Correction("account", "another hit", Cause.SELF, "198.51.100.0/24", "Outlook on Windows", NOON)
GMAIL_PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"


def _known(*corrections: Correction) -> Known:
    return Known(NOON, corrections=corrections)


@pytest.mark.parametrize("cause", [Cause.SELF, Cause.SCANNER, Cause.HUMAN])
def test_what_the_sender_says_of_a_hit_stands_above_every_rule(cause: Cause) -> None:
    hit = a_hit(method="HEAD")

    verdict = classify(hit, _known(replace(LEARNT, hit_id=hit.id, cause=cause, network="")))

    assert (verdict.cause, verdict.reason) == (cause, "corrected")


def test_a_correction_is_learnt_for_the_same_client_on_the_same_network() -> None:
    assert classify(a_hit(ip="198.51.100.200"), _known(LEARNT)).cause is Cause.SELF


@pytest.mark.parametrize(
    "strange",
    [
        a_hit(ip="198.51.101.7"),
        a_hit(headers={"user-agent": "MacOutlook/16.88.24081116 (Intelx64 Mac OS X 14.6)"}),
        a_hit(ip=None),
    ],
)
def test_a_correction_is_not_learnt_for_another_client_or_network(strange: Hit) -> None:
    assert classify(strange, _known(LEARNT)).reason != "corrected"


@pytest.mark.parametrize("network", ["", "nonsense", "198.51.100.7/240"])
def test_a_correction_without_a_network_is_about_its_hit_alone(network: str) -> None:
    assert classify(a_hit(), _known(replace(LEARNT, network=network))).reason == "mail_client_ua"


def test_the_senders_last_word_counts() -> None:
    taken_back = replace(LEARNT, cause=Cause.HUMAN, at=after(60))

    assert classify(a_hit(), _known(taken_back, LEARNT)).counts


def test_what_came_before_the_sending_is_no_open_whatever_was_learnt() -> None:
    early = a_hit(at=after(-10))

    assert classify(early, _known(replace(LEARNT, cause=Cause.HUMAN))).reason == "before_send"


def test_a_correction_reaches_ipv6_networks() -> None:
    learnt = replace(LEARNT, network="2001:db8:1::/48")

    assert classify(a_hit(ip="2001:db8:1:9::1"), _known(learnt)).reason == "corrected"
