"""The rules against hits whose cause is known."""

import pytest

from tests.tracker.classify.labelled import Labelled, labelled_hits
from tracker.classify import classify
from tracker.model import Cause

MACHINES = (Cause.SCANNER, Cause.PREFETCH, Cause.PRIVACY_PROXY, Cause.SELF)
# Told by evidence that no present rule looks at: a trap link, a sender's cookie, a sender's address.
NEED_RULES_TO_COME = ("honeypot", "self_cookie", "self_ip")


def _id(labelled: Labelled) -> str:
    return f"{labelled.hit.id}-{labelled.reason}"


@pytest.mark.parametrize("labelled", [one for one in labelled_hits() if one.cause in MACHINES], ids=_id)
def test_a_machine_is_never_called_a_person(labelled: Labelled) -> None:
    if labelled.reason in NEED_RULES_TO_COME:
        pytest.skip("needs a rule that is still to come")

    assert not classify(labelled.hit, labelled.known).counts


@pytest.mark.parametrize("labelled", [one for one in labelled_hits() if one.cause is Cause.HUMAN], ids=_id)
def test_a_person_is_seen(labelled: Labelled) -> None:
    assert classify(labelled.hit, labelled.known).counts


@pytest.mark.parametrize("labelled", [one for one in labelled_hits() if one.cause is Cause.UNKNOWN], ids=_id)
def test_what_nobody_can_tell_is_not_told(labelled: Labelled) -> None:
    assert classify(labelled.hit, labelled.known).cause is Cause.UNKNOWN
